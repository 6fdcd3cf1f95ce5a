"""The audit: what linear programs can tell about hidden cells, table by table and for three linked tables at once.

Whoever attacks is taken to know more than is published: visible cells before rounding, the exact sums of every row
and column, and the exact counts of each variable alone. Tables of the same two questions never appear at two
levels (see `crossing`), and a variable alone is never coarser than in a crosstab, so what links crosstabs beyond their
margins are triples: A by B, A by C and B by C are sums of one table A by B by C.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

import numpy as np

from reports.disclosure.bounds import Interval, intervals
from reports.disclosure.crosstab import Crosstab
from reports.disclosure.linked import Pair, Space
from reports.disclosure.model import Audit, ProtectedCube, ProtectedTable
from reports.disclosure.rules import NARROWEST, ROUNDING, SMALL
from reports.disclosure.work import Work
from survey.instrument.schema import Code

_ROUNDED_BY = ROUNDING // 2


def audit(tables: Sequence[Crosstab], work: Work) -> Audit:
    """Judge every hidden cell of `tables` beside what was released from the same waves."""
    ones = _ones(work)
    now = [_exact(table) for table in tables]
    found: list[tuple[str, Interval]] = []
    for pair in now:
        found += [(pair.id, interval) for interval in _alone(pair)]
    pairs = {frozenset(pair.variables): pair for pair in (*_released(work.earlier, work.cube.waves), *now)}
    for triple in _triples(pairs):
        found += _linked(triple, Space(triple, ones, work.cube.n))
    return Audit(
        hidden_cells=sum(len(pair.hidden) for pair in now),
        programs=2 * len(found),
        narrowest=min((interval.width for _, interval in found), default=None),
        failed=tuple(dict.fromkeys(table_id for table_id, interval in found if not is_safe(interval))),
    )


def is_safe(interval: Interval) -> bool:
    return interval.width >= NARROWEST and interval.most >= SMALL


def _exact(table: Crosstab) -> Pair:
    counts = table.counts.astype(float)
    return Pair(
        variables=(table.spec.variables[0], table.spec.variables[1]),
        categories=table.categories,
        least=np.where(table.hidden, 0, counts),
        most=np.where(table.hidden, np.inf, counts),
        sums=(counts.sum(axis=1), counts.sum(axis=0)),
        id=table.spec.id,
    )


def _released(earlier: Iterable[ProtectedCube], waves: tuple[str, ...]) -> Iterator[Pair]:
    for release in earlier:
        if set(release.waves) == set(waves):
            yield from (_rounded(table) for table in release.tables if table.visible and len(table.variables) == 2)


def _rounded(table: ProtectedTable) -> Pair:
    first, second = table.categories
    shape = len(first), len(second)
    least = [0 if count is None else max(count - _ROUNDED_BY, 0) for count in table.counts]
    most = [np.inf if count is None else count + _ROUNDED_BY for count in table.counts]
    names = (table.variables[0], table.variables[1])
    return Pair(names, (first, second), np.reshape(least, shape), np.reshape(most, shape))


def _alone(pair: Pair) -> list[Interval]:
    """Bounds of the hidden cells of one table, its sums being known."""
    if not len(pair.hidden):
        return []
    places = pair.own_places()
    return intervals(places.size, list(pair.known(places)), [places[row, column] for row, column in pair.hidden])


def _triples(pairs: Mapping[frozenset[str], Pair]) -> Iterator[tuple[Pair, ...]]:
    """The three tables between any three variables, where one of the present report hides a cell."""
    beside: dict[str, set[str]] = {}
    for both in pairs:
        for name in both:
            beside.setdefault(name, set()).update(both - {name})
    for first, second in sorted(map(sorted, pairs)):
        for third in sorted(beside[first] & beside[second]):
            triple = tuple(pairs[frozenset(both)] for both in combinations((first, second, third), 2))
            if third > second and any(pair.id and len(pair.hidden) for pair in triple):
                yield triple


def _linked(triple: tuple[Pair, ...], space: Space) -> Iterator[tuple[str, Interval]]:
    """Bounds of the hidden cells of three tables, as sums over the one table of all three variables."""
    known = [*space.margins(), *(one for pair in triple for one in pair.known(space.places(pair)))]
    for pair in (pair for pair in triple if pair.id):
        places = space.places(pair)
        wanted = [places[row, column] for row, column in pair.hidden]
        yield from ((pair.id, interval) for interval in intervals(space.size, known, wanted))


def _ones(work: Work) -> dict[str, dict[Code, int]]:
    """How many gave each answer, by variable."""
    pairs = ((work.codebook[name].codes, counts[1:-1].tolist()) for name, counts in work.cube.one.items())
    return dict(zip(work.cube.one, (dict(zip(codes, counts, strict=True)) for codes, counts in pairs), strict=True))
