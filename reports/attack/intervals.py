"""What a published number says about the exact one: an interval, as wide as the rounding."""

from collections.abc import Iterable, Mapping

from reports.attack.facts import OUTSIDE, Category, Number, Table
from reports.attack.rules import SMALL, STEP

type Interval = tuple[float, float]

ANY: Interval = (0.0, float("inf"))


def is_rounded(tables: Iterable[Table]) -> bool:
    """Every count is a multiple of the step: taken as rounded, else as exact."""
    return all(count % STEP == 0 for table in tables for count in table.counts.values() if count is not None)


def interval(count: Number | None, rounded: bool) -> Interval:
    if count is None:
        return ANY
    slack = STEP // 2 if rounded else 0
    return max(0.0, count - slack), float(count + slack)


def outside(table: Table, rounded: bool) -> Interval:
    """How many the table does not count: no answer and not asked. Only small ones are not shown there."""
    if not all(name in table.around for name in OUTSIDE):
        return ANY
    return added(
        (0.0, SMALL - 1.0) if table.around[name] is None else interval(table.around[name], rounded) for name in OUTSIDE
    )


def added(intervals: Iterable[Interval]) -> Interval:
    listed = list(intervals)
    return sum(low for low, _ in listed), sum(high for _, high in listed)


def both(one: Interval, other: Interval) -> Interval:
    return max(one[0], other[0]), min(one[1], other[1])


def count_of(codes: Category, counts: Mapping[Category, Number | None], rounded: bool) -> Interval:
    """How many chose one of `codes`, by a table of that variable alone; anything if its categories do not tell."""
    inside = [category for category in counts if category <= codes]
    if not codes or frozenset[str]().union(*inside) != codes:
        return ANY
    return added(interval(counts[category], rounded) for category in inside)


def is_told(found: Interval, narrowest: int) -> bool:
    """So much is known about a hidden count that somebody is exposed."""
    return found[1] < SMALL or found[1] - found[0] < narrowest
