"""Which tables could be shown at all under the rules, however cleverly their categories were joined."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from reports.disclosure.rules import FEWEST_IN_GROUP, SMALL

type Counts = NDArray[np.int64]

_MOST = 11
"""Of more categories the smallest are taken together, to keep the number of ways within reason."""


def can_be_split(counts: Counts) -> bool:
    """Any two answers of at least 10 people each. Sums of the smallest counts are the smallest that joining gives."""
    sums = np.cumsum(np.sort(counts))
    return bool(((sums >= SMALL) & (sums[-1] - sums >= SMALL)).any())


def can_be_crossed(counts: Counts) -> bool:
    """Any two answers (rows) by any two groups (columns): 10 people in each cell, 30 in each group."""
    table = _fewer(_fewer(counts).T).T
    rows, columns = (_ways(size) for size in table.shape)
    cells = {
        (row, column): (rows == row).astype(int) @ table @ (columns == column).astype(int).T
        for row in (0, 1)
        for column in (0, 1)
    }
    smallest = np.minimum.reduce(list(cells.values()))
    groups = np.minimum(cells[0, 0] + cells[1, 0], cells[0, 1] + cells[1, 1])
    return bool(((smallest >= SMALL) & (groups >= FEWEST_IN_GROUP)).any())


def _fewer(counts: Counts) -> Counts:
    """The largest rows, and the sum of the others."""
    ordered = counts[np.argsort(-counts.sum(axis=1))]
    if len(ordered) <= _MOST:
        return ordered
    return np.vstack([ordered[: _MOST - 1], ordered[_MOST - 1 :].sum(axis=0)])


def _ways(size: int) -> Counts:
    """Every way to put so many categories into two groups, a line of 0 and 1 each; the first one is in group 0."""
    return np.array([(0, *rest) for rest in product((0, 1), repeat=size - 1)], np.int64)
