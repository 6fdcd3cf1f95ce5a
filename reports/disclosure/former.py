"""What earlier releases say about a table."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from reports.disclosure.model import Categories, ProtectedCube, ProtectedTable
from reports.disclosure.subtraction import Cells, Published


@dataclass(frozen=True, slots=True)
class Former:
    """The same table in an earlier release, where it is visible."""

    waves: tuple[str, ...]
    table: ProtectedTable

    @property
    def published(self) -> Published:
        return published(self.waves, self.table.variables, self.table.categories, self.table.counts)

    @property
    def hides(self) -> bool:
        """Some of its cells are hidden."""
        return None in self.table.counts


def formers_of(variables: tuple[str, ...], earlier: Sequence[ProtectedCube]) -> Iterator[Former]:
    """The table of these variables, in either order, in each earlier release that shows it."""
    for release in earlier:
        for table in release.tables:
            if table.visible and sorted(table.variables) == sorted(variables):
                yield Former(release.waves, table)


def published(
    waves: Iterable[str],
    variables: tuple[str, ...],
    categories: Sequence[Categories],
    counts: Iterable[int | None],
) -> Published:
    """What showing these counts, row by row, says; hidden cells say nothing."""
    cells: Cells = {}
    for parts, count in zip(product(*categories), counts, strict=True):
        if count is not None:
            cells[_answers(variables, parts)] = count
    return Published(frozenset(waves), cells)


def _answers(variables: tuple[str, ...], parts: Categories) -> frozenset[object]:
    """The combinations of codes that a cell joins: the same whichever variable stands in the rows."""
    in_order = [codes for _, codes in sorted(zip(variables, parts, strict=True))]
    return frozenset(product(*in_order))


def reveals_hidden(hides: bool, waves: tuple[str, ...], formers: Sequence[Former]) -> bool:
    """Could a hidden cell be told by subtracting tables of other waves?

    Where releases lie inside each other, a cell that one of them hides may be the difference of two that others show.
    Such a table is shown only while none of them hides anything.
    """
    overlapping = any(set(former.waves) & set(waves) and set(former.waves) != set(waves) for former in formers)
    return overlapping and (hides or any(former.hides for former in formers))
