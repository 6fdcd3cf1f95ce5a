"""All that published tables say about a few questions together.

The unknowns are how many people gave each combination of answers. Answers that no table tells apart are one; the last
one along each question stands for everybody whom its tables leave out.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import prod

import numpy as np

from reports.attack.facts import Category, Place, Table
from reports.attack.inequalities import Inequalities, Members
from reports.attack.intervals import Interval, count_of, interval, outside


class System:
    """`tables`: of two of `variables`, or of one of them. `n`: number of responses."""

    def __init__(self, variables: Sequence[str], tables: Sequence[Table], n: Interval, rounded: bool) -> None:
        self._names, self._tables, self._rounded = list(variables), tables, rounded
        self._atoms = {name: _atoms(name, tables) for name in variables}
        shape = [len(self._atoms[name]) + 1 for name in variables]
        self._grid = np.arange(prod(shape)).reshape(shape)
        self.told = Inequalities(self._grid.size)
        self.told.learn(self._grid.ravel(), n)
        for table in tables:
            self._take(table)

    def hidden(self) -> Mapping[tuple[str, Place], Members]:
        """The cells that a table hides, and of which unknowns each is the sum."""
        return {
            (table.id, place): self._members(table.variables, place)
            for table in self._tables
            for place, count in table.counts.items()
            if count is None
        }

    def _take(self, table: Table) -> None:
        for place, count in table.counts.items():
            self.told.learn(self._members(table.variables, place), interval(count, self._rounded))
        if len(table.variables) == 1:
            self._take_unions(table)
        everything = tuple(frozenset[str]().union(*table.categories(axis)) for axis in range(len(table.variables)))
        if table.is_shown and all(map(self._is_union, table.variables, everything)):
            left = np.setdiff1d(self._grid, self._members(table.variables, everything))
            self.told.learn(left, outside(table, self._rounded))

    def _take_unions(self, table: Table) -> None:
        """A question by itself also counts what its categories add up to."""
        (name,) = table.variables
        counts = {place[0]: count for place, count in table.counts.items()}
        for number, atom in enumerate(self._atoms[name]):
            self.told.learn(self._along(name, [number]), count_of(atom, counts, self._rounded))

    def _is_union(self, name: str, codes: Category) -> bool:
        """These answers are told apart from all others here."""
        return frozenset[str]().union(*(atom for atom in self._atoms[name] if atom <= codes)) == codes

    def _members(self, variables: Sequence[str], place: Place) -> Members:
        chosen: Members = self._grid.ravel()
        for name, category in zip(variables, place, strict=True):
            numbers = [number for number, atom in enumerate(self._atoms[name]) if atom <= category]
            chosen = np.intersect1d(chosen, self._along(name, numbers))
        return chosen

    def _along(self, name: str, numbers: Sequence[int]) -> Members:
        return self._grid.take(np.array(numbers, np.int64), axis=self._names.index(name)).ravel()


def _atoms(name: str, tables: Iterable[Table]) -> list[Category]:
    """The coarsest parts that all categories are made of: those of tables of two questions, if there are any."""
    concerned = [table for table in tables if name in table.variables]
    crossed = [table for table in concerned if len(table.variables) > 1]
    sides = [table.categories(table.variables.index(name)) for table in crossed or concerned]
    atoms: dict[tuple[int | None, ...], set[str]] = {}
    for code in dict.fromkeys(code for side in sides for category in side for code in sorted(category)):
        key = tuple(next((at for at, category in enumerate(side) if code in category), None) for side in sides)
        atoms.setdefault(key, set()).add(code)
    return [frozenset(atom) for atom in atoms.values()]
