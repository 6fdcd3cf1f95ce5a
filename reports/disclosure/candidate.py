"""One way to show a table: its exact counts at one level of the ladder. Checks judge candidates."""

from collections.abc import Iterator
from dataclasses import dataclass

from reports.disclosure.former import published
from reports.disclosure.implied import Shown
from reports.disclosure.model import Categories
from reports.disclosure.rules import outside, rounded
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
    def shown(self) -> Shown:
        around = (outside(self.no_answer), outside(self.not_asked))
        return Shown(self.spec.variables, (self.categories,), tuple(map(rounded, self.counts)), around)

    @property
    def published(self) -> Published:
        """What publishing it would say, apart from who stands outside."""
        return published(self.waves, self.spec.variables, (self.categories,), map(rounded, self.counts))


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
