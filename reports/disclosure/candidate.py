"""One way to show a table: its exact counts at one level of the ladder. Checks judge candidates."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from reports.disclosure.model import Categories, ProtectedCube, ProtectedTable
from reports.disclosure.rules import rounded
from reports.disclosure.subtraction import Published
from reports.plan import TableSpec
from reports.tabulate import Cube
from survey.instrument.codebook import Grid, Variable
from survey.instrument.schema import Code


@dataclass(frozen=True, slots=True)
class Candidate:
    spec: TableSpec
    level: int
    categories: Categories
    counts: tuple[int, ...]
    possible: tuple[bool, ...]
    """False for a structural zero: a category that nobody could choose, and nobody did."""
    no_answer: int
    not_asked: int
    waves: tuple[str, ...]

    @property
    def base(self) -> int:
        return sum(self.counts)

    @property
    def published(self) -> Published:
        """What publishing it would say, apart from who stands outside."""
        return _published(self.waves, self.categories, map(rounded, self.counts))


@dataclass(frozen=True, slots=True)
class Former:
    """The same table in an earlier release, where it is visible."""

    waves: tuple[str, ...]
    table: ProtectedTable

    @property
    def published(self) -> Published:
        return _published(self.waves, self.table.categories[0], (count or 0 for count in self.table.counts))


def formers_of(variables: tuple[str, ...], earlier: Sequence[ProtectedCube]) -> Iterator[Former]:
    """The table of these variables in each earlier release that shows it."""
    for release in earlier:
        for table in release.tables:
            if table.visible and table.variables == variables:
                yield Former(release.waves, table)


def _published(waves: Iterable[str], categories: Categories, counts: Iterable[int]) -> Published:
    return Published(frozenset(waves), dict(zip(map(frozenset, categories), counts, strict=True)))


def candidates(spec: TableSpec, cube: Cube, variable: Variable, never: frozenset[Code]) -> Iterator[Candidate]:
    """The ways to show a one-way table, from the finest level to the coarsest. `never`: codes nobody could choose."""
    not_asked, *by_code, no_answer = cube.one[variable.name].tolist()
    for level, grid in enumerate(variable.levels):
        categories = categories_of(variable, grid)
        counts = tuple(sum(by_code[index] for index in category.indexes) for category in grid.categories)
        pairs = zip(categories, counts, strict=True)
        possible = tuple(count > 0 or not never.issuperset(codes) for codes, count in pairs)
        left_out = sum(by_code[index] for index in grid.out)
        yield Candidate(spec, level, categories, counts, possible, no_answer + left_out, not_asked, cube.waves)


def categories_of(variable: Variable, grid: Grid) -> Categories:
    return tuple(tuple(variable.codes[index] for index in category.indexes) for category in grid.categories)
