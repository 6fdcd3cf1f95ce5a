"""Tests of single numbers: small ones, exact ones, small groups, and answers that everybody gave."""

from collections.abc import Iterable, Iterator, Sequence

from reports.attack.facts import OUTSIDE, Category, Number, Place, Table
from reports.attack.finding import Finding, finding
from reports.attack.intervals import added, interval
from reports.attack.release import Release
from reports.attack.rules import FEWEST_FOR_PERCENT, FEWEST_IN_COLUMN, FEWEST_RESPONSES, SMALL, STEP

type Line = list[tuple[Place, Number | None]]


def small_counts(releases: Sequence[Release]) -> Finding:
    numbers = [one for release in releases for one in _numbers(release)]
    small = [where for release, where, count in numbers if interval(count, release.rounded)[1] < SMALL]
    return finding("small_counts", f"Counts that can only stand for fewer than {SMALL} people.", len(numbers), small)


def exact_counts(releases: Sequence[Release]) -> Finding:
    numbers = [one for release in releases for one in _numbers(release)]
    exact = [where for _, where, count in numbers if count % STEP]
    about = f"Counts that are no multiple of {STEP}, so that nothing was rounded away."
    return finding("exact_counts", about, len(numbers), exact)


def _numbers(release: Release) -> Iterator[tuple[Release, str, Number]]:
    for file, view in release.views.items():
        for table in view.values():
            for place, count in table.counts.items():
                if count is not None and not release.is_impossible(table, place):
                    yield release, f"{_where(release, file, table, place)}: {count}", count
            for name in OUTSIDE:
                count = table.around.get(name)
                if count is not None:
                    yield release, f"{release.name} {file} {table.id} {name}: {count}", count


def _where(release: Release, file: str, table: Table, place: Place) -> str:
    return f"{release.name} {file} {told(table, place)}"


def told(table: Table, place: Place) -> str:
    codes = " × ".join(" ".join(sorted(category)) for category in place)
    return f"{table.id} [{codes}]"


def small_groups(releases: Sequence[Release]) -> Finding:
    found: list[str] = []
    tried = 0
    for release in releases:
        groups = [*_groups(release)]
        tried += len(groups) + 1
        found += [where for where, most, fewest in groups if most < fewest]
        if release.n[1] < FEWEST_RESPONSES:
            found.append(f"{release.name}: a report on {release.bundle.n} responses")
    about = f"Columns of fewer than {FEWEST_IN_COLUMN}, percentages of fewer than {FEWEST_FOR_PERCENT}, tiny reports."
    return finding("small_groups", about, tried, found)


def _groups(release: Release) -> Iterator[tuple[str, float, int]]:
    """Where, how many there can be at most, and how many there have to be."""
    for table in release.tables:
        for line in _columns(table):
            counts = [count for _, count in line if count is not None]
            most = added(interval(count, release.rounded) for count in counts)[1]
            if len(table.variables) == 2 and len(counts) == len(line):
                yield f"{release.name} {table.id}: a column of {sum(counts)}", most, FEWEST_IN_COLUMN
            if any(table.cells[place].get("percent") is not None for place, _ in line):
                yield f"{release.name} {table.id}: a percentage of {sum(counts)}", most, FEWEST_FOR_PERCENT


def full_cells(releases: Sequence[Release]) -> Finding:
    lines = [(release, table, line) for release in releases for table in release.tables for line in _lines(table)]
    found = [
        f"{release.name} {told(table, place)} holds its whole group"
        for release, table, line in lines
        for place, count in line
        if count and _few(release, table, [one for one in line if one[0] != place])
    ]
    about = f"Groups in which fewer than {SMALL} gave any other answer."
    return finding("full_cells", about, len(lines), found)


def _few(release: Release, table: Table, others: Line) -> bool:
    possible = [count for place, count in others if not release.is_impossible(table, place)]
    known = [count for count in possible if count is not None]
    return bool(possible) and len(known) == len(possible) and _most(known, release) < SMALL


def _most(counts: Iterable[Number], release: Release) -> float:
    return added(interval(count, release.rounded) for count in counts)[1]


def _lines(table: Table) -> list[Line]:
    """The whole of a table of one question; of two, its columns and its rows."""
    rows = [_along(table, 0, category) for category in table.categories(0)] if len(table.variables) == 2 else []
    return [*_columns(table), *rows]


def _columns(table: Table) -> list[Line]:
    """What percentages are of."""
    if len(table.variables) == 1:
        return [list(table.counts.items())]
    return [_along(table, 1, category) for category in table.categories(1)]


def _along(table: Table, axis: int, category: Category) -> Line:
    return [(place, count) for place, count in table.counts.items() if place[axis] == category]
