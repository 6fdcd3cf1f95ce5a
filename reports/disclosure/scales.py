"""Means, deviations and covariances of scales: from exact scores to what may be published of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from reports.disclosure.gates import barred
from reports.disclosure.implied import Shown
from reports.disclosure.inversion import Claim, Known, Places, is_safe, of_variance
from reports.disclosure.model import Categories, Mean, Moments, ProtectedScale, ProtectedTable
from reports.disclosure.pairs import Statement, is_mixed
from reports.disclosure.reasons import Reason
from reports.disclosure.remainder import half_unit, is_open
from reports.disclosure.rules import FEWEST_FOR_MEAN, FEWEST_FOR_RELIABILITY, ROUNDING, outside, rounded
from reports.disclosure.statistics import MOMENT_DECIMALS, Released, Scores, decimals_of, means, moments
from reports.disclosure.together import means_conflict, moments_conflict
from reports.disclosure.told import asked_by, asking_tells
from reports.disclosure.work import Work
from reports.plan import ScaleSpec
from reports.tabulate import score_column
from survey.instrument.codebook import CodedScale, Variable

type Counts = NDArray[np.int64]
type Tables = Mapping[tuple[str, ...], ProtectedTable]


def scales(work: Work, tables: Sequence[ProtectedTable]) -> tuple[ProtectedScale, ...]:
    """Every scale of the plan. `tables`: the protected tables, whose categories are the groups."""
    by_variables = {table.variables: table for table in tables}
    found = [_beside_earlier(_scale(spec, work, by_variables), work) for spec in work.plan.scales]
    shown = [*work.shown, *(Shown.of(table) for table in tables if table.visible)]
    telling = {
        one.scale
        for one in found
        for asked in asked_by([one], work.codebook)
        if asking_tells(asked, shown, rounded(work.cube.n), work.codebook)
    }
    silent = (_withheld(one) if one.scale in telling else one for one in found)
    return tuple(_beside_each_other(list(silent), work))


def _withheld(one: ProtectedScale) -> ProtectedScale:
    return replace(one, means=(), moments=None, reasons=one.reasons or (Reason.AUDIT_FAILED,))


def _scale(spec: ScaleSpec, work: Work, tables: Tables) -> ProtectedScale:
    if spec.by is None:
        return _of_all(spec, work, tables)
    groups = tables[(spec.by,)]
    reason = barred(spec, work.tier) or (None if groups.visible else Reason.QUESTION_WITHHELD)
    if reason:
        return ProtectedScale(spec.id, spec.scale, spec.by, groups.categories[0], (), reasons=(reason,))
    counts = work.cube.scores[spec.scale, spec.by]
    variable = work.codebook[spec.by]
    columns = [_joined(counts, variable, codes) for codes in groups.categories[0]]
    told = _bands_by_group(spec, groups, work, tables)
    return _protected(spec, work, groups.categories[0], columns, told, everybody=_with_score(spec, work))


def _with_score(spec: ScaleSpec, work: Work) -> int:
    return int(work.cube.scores[(spec.scale,)][1:-1].sum())


def _of_all(spec: ScaleSpec, work: Work, tables: Tables) -> ProtectedScale:
    band = work.codebook.scales[spec.scale].band
    known = tables.get((band,))
    told = {0: _finest(known)} if known else {}
    one = _protected(spec, work, ((),), [work.cube.scores[(spec.scale,)]], told)
    of_rows = _moments(spec, work, tables) if one.visible else None  # Rows add up to the score.
    return ProtectedScale(one.id, one.scale, None, (), one.means, of_rows, one.reasons)


def _joined(counts: Counts, variable: Variable, codes: Sequence[object]) -> Counts:
    """Scores of the people in one category."""
    places = [1 + variable.codes.index(code) for code in variable.codes if code in codes]
    joined: Counts = counts[:, places].sum(axis=1)
    return joined


def _protected(
    spec: ScaleSpec,
    work: Work,
    categories: Categories,
    columns: Sequence[Counts],
    told: Mapping[int, Sequence[int | None]],
    everybody: int = 0,
) -> ProtectedScale:
    scale = work.codebook.scales[spec.scale]
    values = _values(scale, work)
    groups = {str(at): _scores(counts[1:-1], values) for at, counts in enumerate(columns)}
    distinct = np.unique(values)
    bands = _bands(scale, distinct)
    released = means(groups, distinct.tolist(), {str(at): counts for at, counts in told.items()}, bands, everybody)
    entries = [_entry(released[str(at)], groups[str(at)].n, int(counts[-1])) for at, counts in enumerate(columns)]
    reasons = () if any(one.reason is None for one in entries) else (entries[0].reason or Reason.TOO_FEW_FOR_STATISTIC,)
    return ProtectedScale(spec.id, spec.scale, spec.by, categories, () if reasons else tuple(entries), reasons=reasons)


def _values(scale: CodedScale, work: Work) -> NDArray[np.float64]:
    steps = score_column(work.codebook, scale.name).steps
    return np.array([scale.low + float(step) for step in steps])


def _scores(counts: Counts, values: NDArray[np.float64]) -> Scores:
    n = int(counts.sum())
    if n < 2:
        return Scores(n, 0.0, 0.0)
    mean = float(counts @ values) / n
    return Scores(n, mean, sqrt(float(counts @ (values - mean) ** 2) / (n - 1)))


def _bands(scale: CodedScale, values: NDArray[np.float64]) -> list[list[int]]:
    """Places of the scores in the low, middle and high band (see `survey.instrument.score`)."""
    hundredths = np.floor(values * 100 + 0.5 + 1e-9).astype(int)
    low, middle = scale.cuts
    edges = [hundredths <= low, (hundredths > low) & (hundredths <= middle), hundredths > middle]
    return [np.flatnonzero(edge).tolist() for edge in edges]


def _finest(table: ProtectedTable) -> list[int | None]:
    """Counts of the bands 1, 2 and 3, where the table shows each by itself."""
    shown = {codes[0]: count for codes, count in zip(table.categories[0], table.counts, strict=True) if len(codes) == 1}
    return [shown.get(code) for code in (1, 2, 3)]


def _bands_by_group(spec: ScaleSpec, groups: ProtectedTable, work: Work, tables: Tables) -> dict[int, list[int | None]]:
    """What the crosstab of the scale's bands says about each group, where there is one with the same groups."""
    crossed = tables.get((work.codebook.scales[spec.scale].band, str(spec.by)))
    if crossed is None or not crossed.visible:
        return {}
    width = len(crossed.categories[1])
    by_group = {codes: crossed.counts[at::width] for at, codes in enumerate(crossed.categories[1])}
    rows = [codes[0] if len(codes) == 1 else None for codes in crossed.categories[0]]
    return {
        at: [by_group[codes][rows.index(band)] if band in rows else None for band in (1, 2, 3)]
        for at, codes in enumerate(groups.categories[0])
        if codes in by_group
    }


def _entry(released: Released | Reason, n: int, no_answer: int) -> Mean:
    if isinstance(released, Reason):
        return Mean(None, None, None, 0, None, released)
    return Mean(rounded(n), released.mean, released.sd, released.decimals, outside(no_answer))


def _moments(spec: ScaleSpec, work: Work, tables: Tables) -> Moments | None:
    """Of those who answered every row; None where they are few, or a row's mean and variance tell a hidden count."""
    sums = work.cube.products[spec.scale]
    n, scale = int(sums[0, 0]), work.codebook.scales[spec.scale]
    made = rounded_moments(sums, scale, _item_decimals(n, _with_score(spec, work), scale.high - scale.low))
    if made is None:
        return None
    statements = [_statement(at, made, n, scale, tables) for at in range(len(made.means))]
    safe = all(is_safe(one.claim, _hidden(one), one.known) for one in statements)
    return made if safe and are_mixed(statements, made) else None


def rounded_moments(sums: Counts, scale: CodedScale, decimals: int) -> Moments | None:
    """From the sums of products of 1 and each row (see `Cube.products`). None where they are of few people."""
    n = int(sums[0, 0])
    if n < FEWEST_FOR_RELIABILITY:
        return None
    averages = sums[0, 1:] / n
    covariances = moments(n, (sums[1:, 1:] - n * np.outer(averages, averages)) / (n - 1))
    rows = moments(n, averages + scale.low, decimals)
    if isinstance(covariances, Reason) or isinstance(rows, Reason):
        return None
    return Moments(rounded(n), tuple(rows.tolist()), tuple(map(tuple, covariances.tolist())), decimals)


def _item_decimals(n: int, scored: int, span: int) -> int:
    """Two, or one where the scale's mean less those of its rows would tell of the few who left one out."""
    fine = is_open(scored - n, [(scored, decimals_of(scored)), (n, MOMENT_DECIMALS)], span)
    return MOMENT_DECIMALS if fine else MOMENT_DECIMALS - 1


def _statement(at: int, made: Moments, n: int, scale: CodedScale, tables: Tables) -> Statement:
    """What its own table, its mean and its variance say of a row of a scale."""
    codes = list(range(scale.low, scale.high + 1))
    table = tables.get((scale.rows[at][0],))
    shown = list(zip(table.categories[0], table.counts, strict=True)) if table and table.visible else []
    # Those who left a row of the scale out are in the table, and not among the `n`.
    out = sum(count or 0 for _, count in shown) + ROUNDING * len(shown) - n
    known = [
        Known([codes.index(int(code)) for code in category], count - ROUNDING - max(out, 0), count + ROUNDING)
        for category, count in shown
        if count is not None
    ]
    return Statement(claim_of_row(at, made, n, scale), known)


def claim_of_row(at: int, made: Moments, n: int, scale: CodedScale) -> Claim:
    """What the mean and the variance of one row of `n` people say of its codes, in their order."""
    codes = range(scale.low, scale.high + 1)
    values = [float(scale.low + scale.high - code if scale.rows[at][1] else code) for code in codes]
    claim = of_variance(values, n, made.means[at], made.covariances[at][at], MOMENT_DECIMALS)
    return replace(claim, half=half_unit(made.decimals))


def _hidden(one: Statement) -> list[Places]:
    """Codes that the row's own table joins or withholds: its mean and variance must not tell them apart."""
    alone = {places[0] for places in one.shown if len(places) == 1}
    return [(place,) for place in range(len(one.claim.values)) if place not in alone]


def are_mixed(statements: Sequence[Statement], made: Moments) -> bool:
    """Whether no covariance tells what all who gave one answer gave to another row."""
    return all(
        is_mixed(statements[first], statements[second], made.covariances[first][second], half_unit(MOMENT_DECIMALS))
        for first, second in combinations(range(len(statements)), 2)
    )


def _beside_earlier(one: ProtectedScale, work: Work) -> ProtectedScale:
    reason = means_conflict(one, work.cube.waves, work.earlier) if one.visible else None
    if reason:
        return replace(one, means=(), moments=None, reasons=(reason,))
    return replace(one, moments=None) if moments_conflict(one, work.cube.waves, work.earlier) else one


def _beside_each_other(found: Sequence[ProtectedScale], work: Work) -> Iterator[ProtectedScale]:
    """Scales that share rows: moments of those who answered all of the one and not all of the other follow from both.

    The scale with fewer rows gives its moments up, unless the same people, or many more, answered it.
    """
    people = {one.scale: int(work.cube.products[one.scale][0, 0]) for one in found if one.moments}
    rows = {name: {row for row, _ in work.codebook.scales[name].rows} for name in people}
    for one in found:
        larger = (name for name in people if one.moments and rows[one.scale] < rows[name])
        gaps = [people[one.scale] - people[name] for name in larger]
        yield replace(one, moments=None) if any(0 < gap < FEWEST_FOR_MEAN for gap in gaps) else one
