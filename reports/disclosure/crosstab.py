"""Two-way tables: the pair of levels that shows the most, with cells hidden where that shows more than joining them.

A crosstab never shows a variable finer than its own one-way table does, so that all that is published about a margin
is a sum of what stands there.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import numpy as np

from reports.disclosure.candidate import categories_of
from reports.disclosure.former import published
from reports.disclosure.implied import Shown
from reports.disclosure.model import Categories, ProtectedTable
from reports.disclosure.reasons import Reason
from reports.disclosure.rules import FEWEST_IN_GROUP, MOST_HIDDEN, SMALL, rounded
from reports.disclosure.subtraction import Published
from reports.disclosure.suppress import Counts, Mask, complemented, sensitive
from reports.plan import TableSpec
from reports.tabulate import Cube
from survey.instrument.codebook import Codebook, Grid, Variable
from survey.instrument.schema import Code

FEWEST_SHOWN = 2
"""Rows, columns, and columns without a hidden cell: with fewer there is nothing to compare."""

type StructuralZeros = Mapping[str, frozenset[Code]]


@dataclass(frozen=True, slots=True, eq=False)
class Crosstab:
    """Exact counts of a two-way table at a pair of levels, and which of its cells are hidden."""

    spec: TableSpec
    levels: tuple[int, int]
    categories: tuple[Categories, Categories]
    counts: Counts
    possible: Mask
    hidden: Mask
    no_answer: int
    not_asked: int

    @property
    def shown(self) -> int:
        """Cells that can be read."""
        return int((~self.hidden).sum())

    @property
    def is_complete(self) -> bool:
        return not self.hidden.any()

    @property
    def as_shown(self) -> Shown:
        return Shown(self.spec.variables, self.categories, self._shown_counts())

    def published(self, waves: tuple[str, ...]) -> Published:
        """What showing it would say, apart from who stands outside."""
        return published(waves, self.spec.variables, self.categories, self._shown_counts())

    def _shown_counts(self) -> tuple[int | None, ...]:
        pairs = zip(self.counts.ravel().tolist(), self.hidden.ravel().tolist(), strict=True)
        return tuple(None if hidden else rounded(count) for count, hidden in pairs)

    def protected(self, no_answer: int | None, not_asked: int | None) -> ProtectedTable:
        return ProtectedTable(
            id=self.spec.id,
            variables=self.spec.variables,
            levels=self.levels,
            categories=self.categories,
            counts=self._shown_counts(),
            no_answer=no_answer,
            not_asked=not_asked,
        )


def best(
    spec: TableSpec,
    cube: Cube,
    codebook: Codebook,
    finest: tuple[int | None, int | None],
    zeros: StructuralZeros,
    accept: Callable[[Crosstab], bool],
) -> Crosstab | Reason:
    """The crosstab that shows the most cells of all that `accept`; the reason of the coarsest one if there is none.

    `finest`: the level of each variable alone, whose categories are joined; None where it has no table of its own.
    """
    found: Crosstab | None = None
    reason = Reason.SMALL_CELLS
    for plain in sorted(_grids(spec, cube, codebook, finest, zeros), key=lambda one: -one.counts.size):
        if found and plain.counts.size <= found.shown:
            break
        judged = _judged(plain)
        if isinstance(judged, Reason):
            reason = judged
        elif (not found or judged.shown > found.shown) and accept(judged):
            found = judged
    return found or reason


def at_levels(
    spec: TableSpec, cube: Cube, codebook: Codebook, levels: tuple[int, int], zeros: StructuralZeros
) -> Crosstab:
    """The counts of a two-way table at these levels, with nothing hidden."""
    first, second = spec.variables
    grids = codebook[first].levels[levels[0]], codebook[second].levels[levels[1]]
    exact = cube.two[first, second]
    inner = exact[1:-1, 1:-1]
    counts = _joins(grids[0], inner.shape[0]) @ inner @ _joins(grids[1], inner.shape[1]).T
    not_asked = int(exact[0].sum() + exact[:, 0].sum() - exact[0, 0])
    categories = categories_of(codebook[first], grids[0]), categories_of(codebook[second], grids[1])
    return Crosstab(
        spec=spec,
        levels=levels,
        categories=categories,
        counts=counts,
        possible=_possible(counts, categories, spec, zeros),
        hidden=np.zeros(counts.shape, np.bool_),
        no_answer=cube.n - not_asked - int(counts.sum()),
        not_asked=not_asked,
    )


def _grids(
    spec: TableSpec, cube: Cube, codebook: Codebook, finest: tuple[int | None, int | None], zeros: StructuralZeros
) -> Iterator[Crosstab]:
    allowed = [_coarser(codebook[name], level) for name, level in zip(spec.variables, finest, strict=True)]
    for first, second in product(*allowed):
        yield at_levels(spec, cube, codebook, (first, second), zeros)


def _coarser(variable: Variable, finest: int | None) -> list[int]:
    """That level, and all that join whole categories of it. Without a table of its own that shows 10 people in every
    category, two tables that split a variable differently could tell how few stand between: then nested levels only."""
    if finest is None:
        return list(range(variable.coarsest + 1))
    return [place for place, grid in enumerate(variable.levels) if grid.joins(variable.levels[finest])]


def _joins(grid: Grid, codes: int) -> Counts:
    """Shape (categories, codes): 1 where a category holds a code."""
    joins = np.zeros((len(grid.categories), codes), np.int64)
    for row, category in enumerate(grid.categories):
        joins[row, list(category.indexes)] = 1
    return joins


def _possible(
    counts: Counts, categories: tuple[Categories, Categories], spec: TableSpec, zeros: StructuralZeros
) -> Mask:
    rows, columns = (
        np.array([not zeros.get(name, frozenset()).issuperset(codes) for codes in side], np.bool_)
        for name, side in zip(spec.variables, categories, strict=True)
    )
    possible: Mask = (counts > 0) | (rows[:, None] & columns[None, :])
    return possible


def _judged(plain: Crosstab) -> Crosstab | Reason:
    """With the cells hidden that have to be, or why the table cannot be shown at these levels."""
    rows, columns = plain.possible.any(axis=1), plain.possible.any(axis=0)
    if min(rows.sum(), columns.sum()) < FEWEST_SHOWN:
        return Reason.SMALL_CELLS
    if plain.counts.sum(axis=0)[columns].min() < FEWEST_IN_GROUP:
        return Reason.SMALL_GROUP
    if plain.counts.sum(axis=1)[rows].min() < SMALL:
        return Reason.SMALL_CELLS
    hidden = complemented(plain.counts, sensitive(plain.counts, plain.possible), plain.possible)
    if hidden is None or not _is_readable(hidden):
        return Reason.SMALL_CELLS
    return with_hidden(plain, hidden)


def with_hidden(plain: Crosstab, hidden: Mask) -> Crosstab:
    return Crosstab(
        plain.spec, plain.levels, plain.categories, plain.counts, plain.possible, hidden, plain.no_answer,
        plain.not_asked,
    )  # fmt: skip


def _is_readable(hidden: Mask) -> bool:
    complete = ~hidden.any(axis=0)
    return bool(complete.sum() >= FEWEST_SHOWN and hidden.mean() <= MOST_HIDDEN)
