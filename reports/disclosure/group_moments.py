"""Means and covariances of a scale's rows by group (by language): which groups may be shown, and how coarse.

The moments of everybody less those of the groups that are shown are the moments of the rest. So the rest is judged as
if it were shown, too: it is nobody, or as many people as moments need, and tells no hidden count; until that holds, the
smallest group is not shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from reports.disclosure.gates import barred
from reports.disclosure.inversion import Known, Places, is_safe
from reports.disclosure.model import Categories, ProtectedMoments, ProtectedScale, ProtectedTable
from reports.disclosure.pairs import Statement
from reports.disclosure.reasons import Reason
from reports.disclosure.remainder import is_open
from reports.disclosure.rules import FEWEST_FOR_MEAN, ROUNDING, rounded
from reports.disclosure.scales import are_mixed, claim_of_row, rounded_moments
from reports.disclosure.statistics import MOMENT_DECIMALS, decimals_of
from reports.disclosure.together import group_moments_conflict
from reports.disclosure.work import Work
from reports.plan import ScaleSpec
from survey.instrument.codebook import CodedScale
from survey.instrument.schema import Code

type Codes = tuple[Code, ...]
type Counts = NDArray[np.int64]
type Tables = Mapping[tuple[str, ...], ProtectedTable]


@dataclass(frozen=True, slots=True)
class People:
    """Some groups together. `sums`: as in `Cube.products`; `scored`: how many of them have a score."""

    codes: Codes
    sums: Counts
    scored: int

    @property
    def n(self) -> int:
        """Who answered every row."""
        return int(self.sums[0, 0])

    @property
    def left_out(self) -> int:
        """Who has a score, and left a row out."""
        return self.scored - self.n


def group_moments(
    work: Work, tables: Sequence[ProtectedTable], scales: Sequence[ProtectedScale]
) -> tuple[ProtectedMoments, ...]:
    """All that the plan asks for. `tables`: the protected tables, whose categories are the groups. `scales`: groups may
    add up to everybody, so a scale whose moments are not shown for everybody has none by group; and rows add up to the
    score, so a group whose mean is hidden has none."""
    by_variables = {table.variables: table for table in tables}
    told = {(one.scale, one.by): one for one in scales if one.visible}
    made = []
    for spec in work.plan.moments:
        whole, by_group = told.get((spec.scale, None)), told.get((spec.scale, spec.by))
        if whole and whole.moments and by_group:
            made.append(_Scale(spec, work, by_variables, _with_mean(by_group)).protected())
        else:
            made.append(_withheld(_nothing(spec), Reason.TOO_FEW_FOR_STATISTIC))
    apart = list(_beside_each_other(made, work))
    return tuple(
        _withheld(one, Reason.DIFFERS_FROM_EARLIER)
        if one.visible and group_moments_conflict(one, work.cube.waves, work.earlier)
        else one
        for one in apart
    )


def _with_mean(one: ProtectedScale) -> Categories:
    return tuple(codes for codes, mean in zip(one.categories, one.means, strict=True) if mean.reason is None)


def _nothing(spec: ScaleSpec) -> ProtectedMoments:
    return ProtectedMoments(spec.id, spec.scale, str(spec.by), (), ())


def _withheld(one: ProtectedMoments, reason: Reason) -> ProtectedMoments:
    return replace(one, categories=(), moments=(), rest=0, reasons=(reason,))


@dataclass(frozen=True, slots=True)
class _Scale:
    spec: ScaleSpec
    work: Work
    tables: Tables
    groups: Categories
    """Those whose mean is shown."""

    def protected(self) -> ProtectedMoments:
        table, nothing = self.tables[(self.by,)], _nothing(self.spec)
        reason = barred(self.spec, self.work.tier) or (None if table.visible else Reason.QUESTION_WITHHELD)
        if reason:
            return _withheld(nothing, reason)
        shown = self._shown()
        decimals = self._decimals(shown)
        if not shown or decimals is None:
            return _withheld(nothing, Reason.TOO_FEW_FOR_STATISTIC)
        found = [made for group in shown if (made := rounded_moments(group.sums, self.scale, decimals))]
        categories: Categories = tuple(group.codes for group in shown)
        return replace(nothing, categories=categories, moments=tuple(found), rest=rounded(self._rest(shown).n))

    @property
    def by(self) -> str:
        return str(self.spec.by)

    @property
    def scale(self) -> CodedScale:
        return self.work.codebook.scales[self.spec.scale]

    def _shown(self) -> list[People]:
        groups = [self._people(codes) for codes in self.groups]
        shown = [group for group in groups if self._may_be_told(group)]
        while shown and (rest := self._rest(shown)).n and not self._may_be_told(rest):
            shown.remove(min(shown, key=lambda group: (group.n, tuple(map(str, group.codes)))))
        return shown

    def _people(self, codes: Codes) -> People:
        return self._at(codes, self._places(codes))

    def _places(self, codes: Codes) -> list[int]:
        variable = self.work.codebook[self.by]
        return [1 + variable.codes.index(code) for code in codes]

    def _at(self, codes: Codes, places: Sequence[int]) -> People:
        names = self.spec.scale, self.by
        scores = self.work.cube.scores[names][1:-1, places]
        return People(codes, self.work.cube.group_products[names][places].sum(axis=0), int(scores.sum()))

    def _rest(self, shown: Sequence[People]) -> People:
        """Everybody in no group that is shown, those without an answer to the grouping question among them."""
        taken = {code for group in shown for code in group.codes}
        variable = self.work.codebook[self.by]
        codes = tuple(code for code in variable.codes if code not in taken)
        return self._at(codes, [0, *self._places(codes), len(variable.codes) + 1])

    def _may_be_told(self, people: People) -> bool:
        """Whether there are enough of them, no row's mean and variance tell a count that is hidden, and no covariance
        tells what all who gave one answer gave to another row."""
        made = rounded_moments(people.sums, self.scale, MOMENT_DECIMALS)
        if made is None:
            return False
        statements = []
        for at, (row, _) in enumerate(self.scale.rows):
            known, alone = self._known(row, people)
            statements.append(Statement(claim_of_row(at, made, people.n, self.scale), known))
            if not is_safe(statements[at].claim, self._hidden(alone), known):
                return False
        return are_mixed(statements, made)

    def _hidden(self, alone: set[Code]) -> list[Places]:
        codes = range(self.scale.low, self.scale.high + 1)
        return [(place,) for place, code in enumerate(codes) if code not in alone]

    def _known(self, row: str, people: People) -> tuple[list[Known], set[Code]]:
        """Bounds of these people's answers to a row from published counts, and the codes shown by themselves.

        By the row's own table they are at most as many. Its crosstab with the groups says more: those in the columns
        that these people stand in. If nobody else stands there, they are at least as many, too, less those who left a
        row of the scale out; whoever attacks is taken to know how many these are.
        """
        everybody = _cells(self.tables.get((row,)), (row,))
        known = [self._between(codes, 0, count + ROUNDING) for codes, _, count in everybody if count is not None]
        crossed = list(_cells(self._crosstab(row), (row, self.by)))
        if people.n > self._people(people.codes).n:  # Some of them are in no column.
            return known, set()
        beside = {code for _, codes, _ in crossed if set(codes) & set(people.codes) for code in codes}
        out = self._out(row, people) if beside == set(people.codes) else None
        alone = set[Code]()
        for line in dict.fromkeys(codes for codes, _, _ in crossed):
            counts = [count for codes, group, count in crossed if codes == line and set(group) & set(people.codes)]
            if None not in counts:
                total, slack = sum(count or 0 for count in counts), ROUNDING * len(counts)
                known.append(self._between(line, 0 if out is None else total - slack - out, total + slack))
                alone |= set(line) if out is not None and len(line) == 1 else set()
        return known, alone

    def _between(self, codes: Sequence[Code], least: int, most: int) -> Known:
        return Known([int(code) - self.scale.low for code in codes], least, most)

    def _crosstab(self, row: str) -> ProtectedTable | None:
        return self.tables.get((row, self.by)) or self.tables.get((self.by, row))

    def _out(self, row: str, people: People) -> int:
        """Who of these people answered this row, and not every row."""
        two = self.work.cube.two
        counts = two[row, self.by] if (row, self.by) in two else two[self.by, row].T
        return int(counts[1:-1, self._places(people.codes)].sum()) - people.n

    def _decimals(self, shown: Sequence[People]) -> int | None:
        """Of the means of rows, the same for all groups: none where even the coarser ones would tell of the few who
        left a row out, in a group or in the rest."""
        return next((places for places in (MOMENT_DECIMALS, MOMENT_DECIMALS - 1) if self._blurs(shown, places)), None)

    def _blurs(self, shown: Sequence[People], decimals: int) -> bool:
        span = self.scale.high - self.scale.low
        rest = self._rest(shown)
        everybody = sum(group.n for group in (*shown, rest))
        for people in (*shown, *([rest] if rest.n else [])):
            others = [(group.n, decimals) for group in shown if group is not people]
            ways = [[(everybody, MOMENT_DECIMALS), *others]]  # by subtraction, and directly
            ways += [[(people.n, decimals)]] if people is not rest else []
            score = people.scored, decimals_of(people.scored)
            if not all(is_open(people.left_out, [score, *way], span) for way in ways):
                return False
        return True


def _cells(table: ProtectedTable | None, names: tuple[str, ...]) -> Iterator[tuple[Codes, Codes, int | None]]:
    """Categories of the first and of the second variable (of a one-way table: none), and what the table shows."""
    if table and table.visible:
        for place, count in zip(product(*table.categories), table.counts, strict=True):
            by_name = dict(zip(table.variables, place, strict=True))
            yield by_name[names[0]], by_name[names[1]] if len(names) > 1 else (), count


def _beside_each_other(found: Sequence[ProtectedMoments], work: Work) -> Iterator[ProtectedMoments]:
    """Scales that share rows: moments of those who answered all of the one and not all of the other follow from both,
    for all groups that both tell of. The scale with fewer rows gives its up, unless these are nobody, or many."""
    rows = {one.scale: {row for row, _ in work.codebook.scales[one.scale].rows} for one in found}
    for one in found:
        larger = [other for other in found if other.by == one.by and rows[one.scale] < rows[other.scale]]
        gaps = [gap for other in larger if one.visible and other.visible for gap in _gaps(one, other, work)]
        few = any(0 < gap < FEWEST_FOR_MEAN for gap in gaps)
        yield _withheld(one, Reason.TOO_FEW_FOR_STATISTIC) if few else one


def _gaps(one: ProtectedMoments, other: ProtectedMoments, work: Work) -> Iterator[int]:
    """How many more answered all of `one` than of `other`, in the smallest groups that both tell of."""
    fewer, more = (work.cube.group_products[scale, one.by][:, 0, 0] for scale in (one.scale, other.scale))
    parts: list[set[int]] = []
    for part in (*_parts(one, work), *_parts(other, work)):
        touching = [known for known in parts if known & part]
        parts = [known for known in parts if known not in touching] + [part.union(*touching)]
    yield from (int((fewer - more)[list(part)].sum()) for part in parts)


def _parts(one: ProtectedMoments, work: Work) -> list[set[int]]:
    """Places of each group that is shown, and of the rest, on the axis of the grouping variable."""
    codes = work.codebook[one.by].codes
    shown = [{1 + codes.index(code) for code in category} for category in one.categories]
    rest = set(range(len(codes) + 2)).difference(*shown)
    return [*shown, rest]
