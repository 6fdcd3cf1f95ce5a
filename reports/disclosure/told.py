"""What one-way tables tell together of who was asked (see `survey.instrument.routes`) and of who ticked two options.

The people whom a question was asked are people who gave certain answers to an earlier one. Their number is published
twice: as what the question's table adds up to, and as what is left of everybody beside those whom it was not asked.
Where the earlier table joins such answers with others, the difference is a count of its own. The same holds for people
who ticked two options: options that nobody combines add up to those who did not choose "none of these".

A published count stands for five possible ones, one that is left out for 0 to 9. Sums of many counts are therefore
known badly, and a table goes only where fewer than 10 people can be left, whatever the rounding hides.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import inf

from reports.disclosure.implied import Shown
from reports.disclosure.model import ProtectedCube, ProtectedScale
from reports.disclosure.rules import ROUNDING, SMALL
from survey.instrument.codebook import Codebook
from survey.instrument.links import TICKED, Cover
from survey.instrument.routes import Route
from survey.instrument.schema import Code

_OFF = ROUNDING // 2

type Codes = frozenset[Code]
type Counts = tuple[int | None, ...]
type Alone = Mapping[str, Shown]
"""One-way tables by variable."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How many people there are at least and at most."""

    least: float
    most: float


def asking_tells(table: Shown, others: Iterable[Shown], n: int, codebook: Codebook) -> bool:
    """Whether this one-way table tells of few people beside others, of `n` responses (rounded)."""
    tables = [one for one in (*others, table) if len(one.variables) == 1]
    alone = {one.variables[0]: one for one in tables if one.categories[0]}
    (name,) = table.variables
    concerned = {route.other for route in codebook.routes if name in (route.variable, route.other)}
    return any(
        left < SMALL
        for other in concerned
        for left in _left(alone.get(other), _asked([one for one in codebook.routes if one.other == other], tables, n))
    ) or any(left < SMALL for cover in codebook.covers for left in _twice(cover, name, alone))


def told_by(release: ProtectedCube, codebook: Codebook) -> list[Shown]:
    """Everything in a release that says how many people gave an answer or were asked."""
    tables = (Shown.of(table) for table in release.tables if table.visible)
    return [*tables, *asked_by(release.scales, codebook)]


def asked_by(scales: Iterable[ProtectedScale], codebook: Codebook) -> Iterator[Shown]:
    """A mean of everybody says how many people were asked, and more exactly than a table of bands. In the form of a
    table without categories."""
    for one in scales:
        if one.by is None and one.visible:
            (mean,) = one.means
            yield Shown((codebook.scales[one.scale].band,), ((),), (mean.n,), (mean.no_answer,))


def _asked(routes: Iterable[Route], tables: Iterable[Shown], n: int) -> dict[Codes, Bounds]:
    """By answers to one question: how many people gave one of them, as the tables tell that were asked of these."""
    by_name = {route.variable: route for route in routes}
    found: dict[Codes, Bounds] = {}
    for table in tables:
        if route := by_name.get(table.variables[0]):
            known, former = _whole(tuple(table.counts), tuple(table.outside), n), found.get(route.codes, Bounds(0, inf))
            most = min(known.most, former.most) if route.all_asked else former.most
            found[route.codes] = Bounds(max(known.least, former.least), most)
    return found


@lru_cache(maxsize=4_096)
def _whole(inside: Counts, outside: Counts, n: int) -> Bounds:
    """Everybody who was asked, where the table says who stands outside it. Asked for again with every other table."""
    no_answer, *rest = map(_count, outside) if outside else (Bounds(0, inf),)
    counts = [*map(_count, inside), no_answer]
    not_asked = rest[0] if rest else Bounds(0, inf)
    least, most = sum(one.least for one in counts), sum(one.most for one in counts)
    return Bounds(max(least, n - _OFF - not_asked.most), min(most, n + _OFF - not_asked.least))


def _count(count: int | None) -> Bounds:
    if count is None:
        return Bounds(0, SMALL - 1)
    return Bounds(count - _OFF, count + _OFF) if count else Bounds(0, 0)


def _left(earlier: Shown | None, asked: Mapping[Codes, Bounds]) -> Iterator[float]:
    """How many people can be left at most of each whole that is known, without the parts of it that are.

    Wholes are the people whom a question was asked, and the categories that hold them, unless those are all: who was
    not asked, of everybody, is no category of a table.
    """
    cells = _cells(earlier)
    wholes = [(codes, bounds.most) for codes, bounds in asked.items()]
    for codes in asked:
        held = [category for category in cells if category & codes]
        if held and len(held) < len(cells):
            wholes.append((frozenset[Code]().union(*held), sum(cells[category].most for category in held)))
    for whole, most in wholes:
        for taken, least in _parts(whole, asked):
            inside = [category for category in cells if category <= whole and category.isdisjoint(taken)]
            if whole - taken.union(*inside):
                yield most - least - sum(cells[category].least for category in inside)


def _cells(table: Shown | None) -> dict[Codes, Bounds]:
    if table is None:
        return {}
    pairs = zip(table.categories[0], table.counts, strict=True)
    return {frozenset(codes): _count(count) for codes, count in pairs if count is not None}


def _parts(whole: Codes, asked: Mapping[Codes, Bounds]) -> Iterator[tuple[Codes, float]]:
    """None, one or two disjoint groups of people inside `whole` who were asked something, and how many at least."""
    inside = [codes for codes in asked if codes <= whole]
    for size in (0, 1, 2):
        for some in combinations(inside, size):
            joined = frozenset[Code]().union(*some)
            if len(joined) == sum(map(len, some)):
                yield joined, sum(asked[codes].least for codes in some)


def _twice(cover: Cover, name: str, alone: Alone) -> Iterator[float]:
    """How many people can have ticked more than one of the options that cover an answer, at most."""
    names = (cover.variable, *cover.options)
    if name in names and all(one in alone for one in names):
        whole = _cells(alone[cover.variable]).get(frozenset({cover.code}), Bounds(0, 0))
        ticked = (_cells(alone[one]).get(frozenset[Code]({TICKED}), Bounds(0, inf)) for one in cover.options)
        yield sum(one.most for one in ticked) - whole.least
