"""Tests of several releases: the same waves twice, waves that lie inside each other, the same report built twice."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, product

import numpy as np

from reports.attack.counts import told
from reports.attack.facts import Number, Place, Table
from reports.attack.finding import Finding, finding
from reports.attack.inequalities import Inequalities, Members
from reports.attack.intervals import ANY, Interval, added, interval, is_told
from reports.attack.release import Pool, Release, pools
from reports.attack.rules import FEWEST_RESPONSES, NARROWEST, SMALL

type Combinations = frozenset[tuple[str, ...]]


def same_waves(releases: Sequence[Release]) -> Finding:
    compared = [one for pool in pools(releases) for one in _again(pool)]
    found = [where for where, one, other in compared if one != other]
    about = "Cells that two releases of the same waves show differently, or that only one of them hides."
    return finding("same_waves", about, len(compared), found)


def _again(pool: Pool) -> Iterator[tuple[str, object, object]]:
    for one, other in combinations(pool.releases, 2):
        yield f"{one.name} and {other.name}: numbers of responses", one.bundle.n, other.bundle.n
        for first, second in _pairs(one, other):
            counts = _in_order(first), _in_order(second)
            for place in counts[0].keys() & counts[1].keys():
                where = f"{one.name} and {other.name}: {sorted(place)}"
                yield where, counts[0][place], counts[1][place]


def _pairs(one: Release, other: Release) -> Iterator[tuple[Table, Table]]:
    """Tables of the same questions."""
    by_variables = {frozenset(table.variables): table for table in other.tables}
    for table in one.tables:
        if frozenset(table.variables) in by_variables:
            yield table, by_variables[frozenset(table.variables)]


def _in_order(table: Table) -> dict[Combinations, Number | None]:
    return {_combinations(table, place): count for place, count in table.counts.items()}


def _combinations(table: Table, place: Place) -> Combinations:
    """The combinations of codes that a cell joins: the same whichever question stands in the rows."""
    ordered = [category for _, category in sorted(zip(table.variables, place, strict=True))]
    return frozenset(product(*map(sorted, ordered)))


def overlapping_waves(releases: Sequence[Release]) -> Finding:
    pairs = [pair for pair in combinations(releases, 2) if _overlap(*pair)]
    cells = list(_cells(releases)) if pairs else []
    about = "Answers of few people told by taking releases of some waves from releases of more."
    found = [*_near(pairs), *(line for cell in cells for line in _told(*cell))]
    return finding("overlapping_waves", about, len(pairs) + len(cells), found)


def _overlap(one: Release, other: Release) -> bool:
    return bool(one.bundle.waves & other.bundle.waves) and one.bundle.waves != other.bundle.waves


def _near(pairs: Sequence[tuple[Release, Release]]) -> Iterator[str]:
    """Releases so close to each other that their difference is a report on a few people."""
    for one, other in pairs:
        if one.bundle.n is not None and other.bundle.n is not None:
            apart = abs(one.bundle.n - other.bundle.n)
            if apart < FEWEST_RESPONSES:
                yield f"{one.name} and {other.name}: {apart} responses apart"


@dataclass(frozen=True)
class Shown:
    """A table's cells, whichever question stands in its rows."""

    release: Release
    counts: Mapping[Combinations, Number | None]

    def count(self, cell: Combinations) -> Interval:
        inside = [part for part in self.counts if part <= cell]
        if frozenset[tuple[str, ...]]().union(*inside) != cell:
            return ANY
        return added(interval(self.counts[part], self.release.rounded) for part in inside)

    def hides(self, cell: Combinations) -> bool:
        return cell in self.counts and self.counts[cell] is None


def _cells(releases: Sequence[Release]) -> Iterator[tuple[str, Combinations, list[Shown]]]:
    """Every cell of the tables that releases of different waves have of the same questions."""
    by_variables: dict[frozenset[str], list[tuple[Release, Table]]] = {}
    for release in releases:
        for table in release.tables:
            by_variables.setdefault(frozenset(table.variables), []).append((release, table))
    for shared in by_variables.values():
        if len({release.bundle.waves for release, _ in shared}) > 1:
            named = {_combinations(t, place): told(t, place) for r, t in shared for place in _possible(r, t)}
            shown = [Shown(release, _in_order(table)) for release, table in shared]
            yield from ((name, cell, shown) for cell, name in named.items())


def _possible(release: Release, table: Table) -> list[Place]:
    return [place for place in table.cells if not release.is_impossible(table, place)]


def _told(name: str, cell: Combinations, shared: Sequence[Shown]) -> Iterator[str]:
    """What is known of the people of this cell, by parts of the waves that releases tell apart."""
    parts = _parts([one.release for one in shared])
    known = tuple((tuple(_of(one.release, parts).tolist()), one.count(cell)) for one in shared)
    for number, part in enumerate(parts):
        bounds = _bounds(len(parts), known, (number,))
        if bounds and bounds[1] < SMALL:
            yield f"{name} in {', '.join(part)} alone lies in {bounds[0]:g} .. {bounds[1]:g}"
    for one in shared:
        bounds = _bounds(len(parts), known, tuple(_of(one.release, parts).tolist())) if one.hides(cell) else None
        if bounds and is_told(bounds, NARROWEST):
            yield f"{one.release.name} {name}, hidden there, lies in {bounds[0]:g} .. {bounds[1]:g}"


@lru_cache(maxsize=65_536)
def _bounds(parts: int, known: tuple[tuple[tuple[int, ...], Interval], ...], asked: tuple[int, ...]) -> Interval | None:
    """How many people are in the parts asked about. Rounded counts are few: the same come again with other cells."""
    told = Inequalities(parts)
    for members, count in known:
        told.learn(np.array(members, np.int64), count)
    return told.bounds(np.array(asked, np.int64))


def _parts(releases: Sequence[Release]) -> list[list[str]]:
    """Waves, those together that are in the same releases."""
    parts: dict[tuple[bool, ...], list[str]] = {}
    for wave in sorted(frozenset[str]().union(*(release.bundle.waves for release in releases))):
        parts.setdefault(tuple(wave in release.bundle.waves for release in releases), []).append(wave)
    return list(parts.values())


def _of(release: Release, parts: Sequence[Sequence[str]]) -> Members:
    return np.array([number for number, part in enumerate(parts) if part[0] in release.bundle.waves], np.int64)


def rebuilds(releases: Sequence[Release]) -> Finding:
    compared = [
        (one, other, path)
        for one, other in combinations(releases, 2)
        if one.bundle.document.get("report") == other.bundle.document.get("report") is not None
        for path in sorted(one.bundle.files.keys() | other.bundle.files.keys())
    ]
    found = [
        f"{path} of {one.name} and {other.name}"
        for one, other, path in compared
        if one.bundle.files.get(path) != other.bundle.files.get(path)
    ]
    return finding("rebuilds", "Files of one report that differ between two downloads.", len(compared), found)
