"""What is left of some waves when published counts of other waves are taken away from theirs.

Reports of one survey cover waves that lie inside each other or apart (`reports.actions.requesting` sees to it), so
whatever several of them say together about fewer waves is a large one less the ones inside it. Counts only grow with
waves: of all that can be taken away, the whole of it leaves the least, and that is what is looked at.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

type Waves = frozenset[str]
type Answers = frozenset[object]
"""The combinations of codes that a cell joins."""
type Cells = dict[Answers, int]


@dataclass(frozen=True, slots=True)
class Published:
    """The cells of one table over some waves, rounded."""

    waves: Waves
    cells: Cells

    def count(self, codes: Answers) -> int | None:
        """How many chose one of `codes`; None when the cells do not tell."""
        parts = [part for part in self.cells if part <= codes]
        if frozenset[object]().union(*parts) != codes:
            return None
        return sum(self.cells[part] for part in parts)

    def known(self, codes: Answers) -> "Known":
        inside = sum(count for part, count in self.cells.items() if part <= codes)
        return Known(self.waves, self.count(codes), inside)


@dataclass(frozen=True, slots=True)
class Known:
    """A rounded count over some waves; None where only that there are `inside` and more of them is known."""

    waves: Waves
    count: int | None
    inside: int


def exactly(waves: Iterable[str], count: int) -> Known:
    return Known(frozenset(waves), count, count)


def table_leftovers(now: Published, earlier: Sequence[Published]) -> Iterator[int]:
    """What can be told, cell by cell, about waves that no release shows by themselves, and about answers that none
    does: tables that join answers in different ways say something of what only one of them joins."""
    for codes in {codes for table in (now, *earlier) for codes in table.cells}:
        known = now.known(codes)
        if known.inside:  # A published zero is a structural one: no wave has anybody there.
            yield from leftovers(known, [table.known(codes) for table in earlier])


def leftovers(now: Known, earlier: Sequence[Known]) -> Iterator[int]:
    """What the count `now` adds to the earlier ones: differences that it is part of, rounding included."""
    others = [one for one in earlier if one.waves != now.waves]
    yield from _left_of(now, [], others)
    for other in others:
        if now.waves < other.waves:
            yield from _left_of(other, [now], others)
        elif now.waves & other.waves and not other.waves < now.waves and None not in (now.count, other.count):
            yield abs(other.inside - now.inside)


def _left_of(whole: Known, parts: list[Known], others: Sequence[Known]) -> Iterator[int]:
    """`whole` less `parts` and the largest others that fit beside them."""
    taken = list(parts)
    for other in sorted(others, key=lambda one: -len(one.waves)):
        if other.waves < whole.waves and all(other.waves.isdisjoint(part.waves) for part in taken):
            taken.append(other)
    all_waves = frozenset().union(*(part.waves for part in taken)) == whole.waves
    if taken and whole.count is not None and not (all_waves and all(part.count is not None for part in taken)):
        yield whole.count - sum(part.inside for part in taken)
