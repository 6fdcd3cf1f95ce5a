"""Which cells of a two-way table are hidden: the sensitive ones, and others, lest subtraction bring them back.

Whoever attacks is taken to know the exact sums of every row and column. A hidden cell is safe when it lies in a
rectangle of hidden cells along which people could be moved without changing a sum: its true count then lies somewhere
in an interval of at least NARROWEST, and may be SMALL or more (the hypercube method of Giessing and Repsilber, 2002).
"""

from collections.abc import Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from reports.disclosure.rules import NARROWEST, SMALL

type Counts = NDArray[np.int64]
"""Shape (rows, columns)."""
type Mask = NDArray[np.bool_]
type Cell = tuple[int, int]


def sensitive(counts: Counts, possible: Mask) -> Mask:
    """Small cells, and cells beside which few are left in their row or column. Structural zeros are neither."""
    beside_row = counts.sum(axis=1, keepdims=True) - counts
    beside_column = counts.sum(axis=0, keepdims=True) - counts
    found: Mask = (counts < SMALL) | (beside_row < SMALL) | (beside_column < SMALL)
    return found & possible


def complemented(counts: Counts, primary: Mask, possible: Mask) -> Mask | None:
    """`primary` and the cells that must be hidden with it; None where no choice of cells is enough."""
    hidden = primary.copy()
    while (cell := _exposed(counts, hidden)) is not None:
        corners = _cheapest(counts, hidden, possible, cell)
        if corners is None:
            return None
        for corner in corners:
            hidden[corner] = True
    return hidden


def _exposed(counts: Counts, hidden: Mask) -> Cell | None:
    """The smallest hidden cell that no rectangle of hidden cells protects."""
    cells = sorted(_cells(hidden), key=lambda cell: (counts[cell], cell))
    return next((cell for cell in cells if not _in_rectangle(counts, hidden, cell)), None)


def _cells(mask: Mask) -> list[Cell]:
    return [(int(row), int(column)) for row, column in np.argwhere(mask)]


def _in_rectangle(counts: Counts, hidden: Mask, cell: Cell) -> bool:
    return any(
        all(hidden[corner] for corner in _corners(cell, opposite)) and _protects(counts, cell, opposite)
        for opposite in _opposites(hidden, cell)
    )


def _cheapest(counts: Counts, hidden: Mask, possible: Mask, cell: Cell) -> tuple[Cell, Cell, Cell] | None:
    """The corners of the protecting rectangle that hides the fewest people more; then the first one."""
    fitting = (
        (_price(counts, hidden, _corners(cell, opposite)), opposite)
        for opposite in _opposites(possible, cell)
        if all(possible[corner] for corner in _corners(cell, opposite)) and _protects(counts, cell, opposite)
    )
    best = min(fitting, default=None)
    return _corners(cell, best[1]) if best else None


def _opposites(allowed: Mask, cell: Cell) -> list[Cell]:
    rows, columns = allowed.shape
    others = product((row for row in range(rows) if row != cell[0]), (one for one in range(columns) if one != cell[1]))
    return [opposite for opposite in others if allowed[opposite]]


def _corners(cell: Cell, opposite: Cell) -> tuple[Cell, Cell, Cell]:
    return (cell[0], opposite[1]), (opposite[0], cell[1]), opposite


def _protects(counts: Counts, cell: Cell, opposite: Cell) -> bool:
    beside, below, across = _corners(cell, opposite)
    up = int(min(counts[beside], counts[below]))
    down = int(min(counts[cell], counts[across]))
    return up + down >= NARROWEST and int(counts[cell]) + up >= SMALL


def _price(counts: Counts, hidden: Mask, corners: tuple[Cell, ...]) -> tuple[int, int]:
    """People hidden in addition, and cells."""
    new = [corner for corner in corners if not hidden[corner]]
    return sum(int(counts[corner]) for corner in new), len(new)


def hidden_like(counts: tuple[int | None, ...], sides: Sequence[Sequence[object]]) -> Mask:
    """The cells that are hidden in published counts, as an array of the table's shape."""
    return np.array([count is None for count in counts], np.bool_).reshape([len(side) for side in sides])
