"""Tables of answers of which one follows from the other (see `survey.instrument.links`).

Whoever gave the one answer gave the other, so the published counts of the two differ by a count that no table shows:
how many took part in collective acts, but not in this one. It has to be as large as any other difference of published
numbers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from reports.disclosure.model import Categories, ProtectedTable
from reports.disclosure.rules import SMALL
from survey.instrument.links import Link
from survey.instrument.schema import Code

type Codes = frozenset[Code]
type Cells = Mapping[tuple[Codes, Codes], int | None]
"""By categories of the variable looked at and of the other one; of a one-way table the other has no codes."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a table shows, rounded, row by row; None: hidden."""

    variables: tuple[str, ...]
    categories: Sequence[Categories]
    counts: Sequence[int | None]
    outside: Sequence[int | None] = ()
    """How many gave no answer, and how many were not asked, where that is published; None: 0 to 9, or hidden."""

    @classmethod
    def of(cls, table: ProtectedTable) -> "Shown":
        return cls(table.variables, table.categories, table.counts, (table.no_answer, table.not_asked))

    def seen_from(self, name: str) -> tuple[str, Cells]:
        """The other variable ("" in a one-way table), and the cells."""
        sides = [[frozenset(codes) for codes in side] for side in self.categories]
        if len(self.variables) == 1:
            return "", {(codes, frozenset()): count for codes, count in zip(sides[0], self.counts, strict=True)}
        rows, columns = sides
        at = self.variables.index(name)
        places = ((row, column) for row in rows for column in columns)
        turned = (place if at == 0 else place[::-1] for place in places)
        return self.variables[1 - at], dict(zip(turned, self.counts, strict=True))


def tells_of_few(table: Shown, others: Iterable[Shown], links: Sequence[Link]) -> bool:
    """Whether this table and another that is shown leave a small difference between linked answers."""
    if not table.categories[0]:
        return False
    beside = [one for one in others if one.categories[0]]
    concerned = [(link.variable, link.other) for link in links if {link.variable, link.other} & {*table.variables}]
    for one, other in dict.fromkeys(concerned):
        pairs = [(table, two) for two in beside if one in table.variables and other in two.variables]
        pairs += [(two, table) for two in beside if one in two.variables and other in table.variables]
        needed = {link.code: link.codes for link in links if (link.variable, link.other) == (one, other)}
        for first, second in pairs:
            (by, inner), (other_by, outer) = first.seen_from(one), second.seen_from(other)
            if by == other_by and any(left < SMALL for left in _differences(inner, outer, needed)):
                return True
    return False


def _differences(inner: Cells, outer: Cells, needed: Mapping[Code, Codes]) -> Iterator[int]:
    """What is left of the people who gave a needed answer when those who needed it are taken away."""
    every = {codes for codes, _ in outer}
    for codes in {codes for codes, _ in inner if all(code in needed for code in codes)}:
        need = frozenset[Code]().union(*(needed[code] for code in codes))
        held = {category for category in every if category & need}
        for group in {group for _, group in outer} if held != every else ():
            whole = [outer[category, group] for category in held]
            parts = [count for (one, by), count in inner.items() if one == codes and by <= group and count is not None]
            if parts and None not in whole:
                yield sum(count for count in whole if count is not None) - sum(parts)
