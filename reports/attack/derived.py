"""Tests of numbers that are made from counts: whether one of them knows more than the published counts do."""

from collections.abc import Iterator, Sequence
from math import ceil, floor, sqrt

from reports.attack.counts import told
from reports.attack.facts import Number, Place, Table
from reports.attack.finding import Finding, finding
from reports.attack.release import Release

_Z = 1.959963984540054
"""97.5 % point of the standard normal distribution."""


def inversion(releases: Sequence[Release]) -> Finding:
    checked = [one for release in releases for one in _checked(release)]
    found = [where for where, published, expected in checked if published != expected]
    about = "Percentages, intervals and bases that do not follow from the published counts, so that they say more."
    return finding("inversion", about, len(checked), found)


def _checked(release: Release) -> Iterator[tuple[str, object, object]]:
    """Where, what is published, and what follows from the published counts."""
    for file, view in release.views.items():
        for table in view.values():
            name = f"{release.name} {file}"
            visible = sum(count for count in table.counts.values() if count is not None)
            if table.around.get("base") is not None:
                yield f"{name} {table.id} base {table.around['base']}", table.around["base"], visible
            for place, cell in table.cells.items():
                if cell.get("percent") is not None:
                    published = cell["percent"], cell.get("lower"), cell.get("upper")
                    yield f"{name} {told(table, place)}: {published}", published, _expected(table, place)


def _expected(table: Table, place: Place) -> tuple[Number, int, int] | None:
    """Percentage and interval by the published method; None where a count behind them is hidden."""
    count, base = table.counts[place], _base(table, place)
    if count is None or not base:
        return None
    lower, upper = _interval(count / base, base)
    return floor(100 * count / base + 0.5), lower, upper


def _base(table: Table, place: Place) -> Number | None:
    """The sum of a table of one question, or of the column of one of two."""
    group = [count for other, count in table.counts.items() if other[1:] == place[1:]]
    return None if None in group else sum(count for count in group if count is not None)


def _interval(share: float, base: Number) -> tuple[int, int]:
    """Wilson's interval, its half width h made sqrt(h² + z²(2 + 2p²)/n²) for rounded numbers, in whole per cent."""
    scale = 1 + _Z**2 / base
    centre = (share + _Z**2 / (2 * base)) / scale
    score = _Z * sqrt(share * (1 - share) / base + _Z**2 / (4 * base**2)) / scale
    half = sqrt(score**2 + _Z**2 * (2 + 2 * share**2) / base**2)
    lower, upper = max(0.0, centre - half), min(1.0, centre + half)
    return floor(round(100 * lower, 9)), ceil(round(100 * upper, 9))
