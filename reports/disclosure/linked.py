"""Tables of two variables each, seen as sums over the one table of all their variables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from reports.disclosure.bounds import Indexes, Known
from reports.disclosure.model import Categories
from survey.instrument.schema import Code

type Places = NDArray[np.object_]
"""Shape (rows, columns): of each cell the unknowns that it is the sum of."""
type Atom = tuple[int | None, ...]
"""Answers that no table tells apart: for each table of the variable, the place of its category; None outside it."""


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """What is known of a two-way table. Shape of `least` and `most`: (rows, columns); infinite where hidden."""

    variables: tuple[str, str]
    categories: tuple[Categories, Categories]
    least: NDArray[np.float64]
    most: NDArray[np.float64]
    sums: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
    """Exact sums of rows and of columns, where they are taken as known."""
    id: str = ""
    """Empty for a table of an earlier release: what is hidden there was audited then."""

    @property
    def hidden(self) -> NDArray[np.int64]:
        """Row and column of every hidden cell."""
        return np.argwhere(np.isinf(self.most))

    def sides(self, name: str) -> list[Categories]:
        """The categories of that variable, if it is one of the two."""
        return [side for one, side in zip(self.variables, self.categories, strict=True) if one == name]

    def own_places(self) -> Places:
        """Each cell an unknown of its own."""
        places = np.empty(self.least.shape, object)
        for number, place in enumerate(np.ndindex(places.shape)):
            places[place] = np.array([number])
        return places

    def known(self, places: Places) -> Iterator[Known]:
        for place in map(tuple, np.argwhere(~np.isinf(self.most))):
            yield Known(places[place], self.least[place], self.most[place])
        if self.sums is not None:
            for cells, total in zip((*places, *places.T), np.concatenate(self.sums), strict=True):
                yield Known(np.concatenate(cells), total, total)


class Space:
    """The unknown table of all variables of some pairs: an axis per variable, along it its atoms.

    `ones`: exact counts of each variable alone, by code; a variable may be missing.
    """

    def __init__(self, pairs: Sequence[Pair], ones: Mapping[str, Mapping[Code, int]], n: int) -> None:
        self._pairs, self._ones, self._n = pairs, ones, n
        self._names = sorted({name for pair in pairs for name in pair.variables})
        self._codes = {name: self._by_atom(name) for name in self._names}
        shape = [len(self._codes[name]) for name in self._names]
        self._unknowns = np.arange(prod(shape)).reshape(shape)

    @property
    def size(self) -> int:
        return self._unknowns.size

    def places(self, pair: Pair) -> Places:
        """The unknowns that each cell of a pair is the sum of."""
        rows, columns = (self._of_categories(name, pair) for name in pair.variables)
        places = np.empty((len(rows), len(columns)), object)
        for row, column in np.ndindex(places.shape):
            places[row, column] = np.intersect1d(rows[row], columns[column], assume_unique=True)
        return places

    def margins(self) -> Iterator[Known]:
        """How many gave the answers of each atom, and how many people there are."""
        yield Known(self._unknowns.ravel(), self._n, self._n)
        for name in self._names:
            for atom, codes in self._codes[name].items():
                if codes and name in self._ones:
                    total = sum(self._ones[name][code] for code in codes)
                    yield Known(self._along(name, [atom]), total, total)

    def _by_atom(self, name: str) -> dict[Atom, list[Code]]:
        """Atoms with their codes. The last one holds everybody whom no table counts, and no code."""
        sides = [side for pair in self._pairs for side in pair.sides(name)]
        atoms: dict[Atom, list[Code]] = {}
        for code in dict.fromkeys(code for side in sides for codes in side for code in codes):
            atom = tuple(next((place for place, codes in enumerate(side) if code in codes), None) for side in sides)
            atoms.setdefault(atom, []).append(code)
        return {**atoms, (None,) * len(sides): []}

    def _of_categories(self, name: str, pair: Pair) -> list[Indexes]:
        tables = [one for one in self._pairs if name in one.variables]
        table = tables.index(pair)
        atoms = self._codes[name]
        (side,) = pair.sides(name)
        return [self._along(name, [atom for atom in atoms if atom[table] == place]) for place in range(len(side))]

    def _along(self, name: str, atoms: Sequence[Atom]) -> Indexes:
        wanted = [list(self._codes[name]).index(atom) for atom in atoms]
        return self._unknowns.take(wanted, axis=self._names.index(name)).ravel()
