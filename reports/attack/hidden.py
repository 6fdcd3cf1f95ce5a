"""Tests that work out hidden cells from what is shown around them, in all bundles of the same waves together."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from reports.attack.finding import Finding, finding
from reports.attack.inequalities import Members
from reports.attack.intervals import Interval, is_told
from reports.attack.release import Pool, Release, pools
from reports.attack.rules import NARROWEST, SMALL
from reports.attack.system import System

_NEAR = 3 * NARROWEST

type Work = Callable[[System, Members], Interval | None]


def subtraction(releases: Sequence[Release]) -> Finding:
    about = "Hidden cells told by adding and subtracting what is shown, until nothing more follows."
    return _play("subtraction", about, _alone(releases), lambda system, cell: system.told.propagated(cell))


def linear_programs(releases: Sequence[Release]) -> Finding:
    about = "Hidden cells told by linear programs over a table and its questions by themselves."
    return _play("linear_programs", about, _alone(releases), _linear)


def integer_programs(releases: Sequence[Release]) -> Finding:
    about = f"The same with whole people, for cells that linear programs leave within {_NEAR}."
    return _play("integer_programs", about, _alone(releases), _whole)


def _linear(system: System, cell: Members) -> Interval | None:
    """No program is needed where numbers that fit are so far apart that nothing is told."""
    seen = system.told.seen(cell)
    return seen if seen and not is_told(seen, NARROWEST) else system.told.bounds(cell)


def _whole(system: System, cell: Members) -> Interval | None:
    """Integer programs are slow, and whole people move bounds by little."""
    seen = system.told.seen(cell)
    bounds = seen if seen and _is_far(seen) else system.told.bounds(cell)
    if bounds is None or _is_far(bounds):
        return bounds
    people = system.told.seen(cell, whole=True)
    return people if people and not is_told(people, NARROWEST) else system.told.bounds(cell, whole=True)


def _is_far(bounds: Interval) -> bool:
    return bounds[1] - bounds[0] > _NEAR and bounds[1] > SMALL + _NEAR


def linked_tables(releases: Sequence[Release]) -> Finding:
    about = "Hidden cells told by linear programs over three tables that share their three questions."
    systems = (_system(pool, names) for pool in pools(releases) for names in _triples(pool))
    return _play("linked_tables", about, systems, _linear)


def _play(name: str, about: str, systems: Iterator[System], work: Work) -> Finding:
    tried, found = 0, []
    for system in systems:
        for (table, place), members in system.hidden().items():
            tried += 1
            bounds = work(system, members)
            if bounds and is_told(bounds, NARROWEST):
                codes = " × ".join(" ".join(sorted(category)) for category in place)
                found.append(f"{table} [{codes}] lies in {bounds[0]:g} .. {bounds[1]:g}")
    return finding(name, about, tried, found)


def _alone(releases: Sequence[Release]) -> Iterator[System]:
    for pool in pools(releases):
        for variables, tables in pool.by_variables.items():
            if any(None in table.counts.values() for table in tables):
                yield _system(pool, sorted(variables))


def _system(pool: Pool, names: Sequence[str]) -> System:
    return System(names, pool.about(*names), pool.n, pool.rounded)


def _triples(pool: Pool) -> Iterator[tuple[str, ...]]:
    """Questions that are all crossed with each other, one of the tables with a hidden cell."""
    pairs = {pair for pair in pool.by_variables if len(pair) == 2}
    beside: dict[str, set[str]] = {}
    for pair in pairs:
        for name in pair:
            beside.setdefault(name, set()).update(pair - {name})
    for first, second in sorted(map(sorted, pairs)):
        for third in sorted(name for name in beside[first] & beside[second] if name > second):
            names = (first, second, third)
            tables = [table for pair in combinations(names, 2) for table in pool.by_variables[frozenset(pair)]]
            if any(None in table.counts.values() for table in tables) and any(table.is_shown for table in tables):
                yield names
