"""What linear programs say at most and at least about hidden cells (HiGHS).

The unknowns are how many people there are in each combination of categories; they are not negative. What is known is
a list of sums of them, exact or between two numbers. Bounds over real numbers contain the bounds over whole ones, and
for one table with fixed sums they are the same (transportation polytopes have whole corners).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

type Indexes = NDArray[np.int64]
"""Places of unknowns whose sum is meant."""

_SLACK = 1e-6


@dataclass(frozen=True, slots=True)
class Known:
    """The sum of these unknowns lies between two numbers."""

    unknowns: Indexes
    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Interval:
    least: float
    most: float

    @property
    def width(self) -> float:
        return self.most - self.least


def intervals(size: int, known: Sequence[Known], wanted: Sequence[Indexes]) -> list[Interval]:
    """Bounds of each wanted sum of unknowns, of which there are `size`. Raises ValueError if nothing fits `known`."""
    matrix = _matrix(size, [one.unknowns for one in known])
    constraint = scipy.optimize.LinearConstraint(matrix, [one.least for one in known], [one.most for one in known])
    return [_interval(size, constraint, unknowns) for unknowns in wanted]


def _matrix(size: int, sums: Sequence[Indexes]) -> "scipy.sparse.csr_array":
    columns = np.concatenate(sums)
    rows = np.repeat(np.arange(len(sums)), [len(one) for one in sums])
    return scipy.sparse.csr_array((np.ones(len(columns)), (rows, columns)), shape=(len(sums), size))


def _interval(size: int, known: "scipy.optimize.LinearConstraint", unknowns: Indexes) -> Interval:
    aim = np.zeros(size)
    aim[unknowns] = 1
    return Interval(_least(aim, known), -_least(-aim, known))


def _least(aim: NDArray[np.float64], known: "scipy.optimize.LinearConstraint") -> float:
    found = scipy.optimize.milp(aim, constraints=known, bounds=scipy.optimize.Bounds(0, np.inf))
    if found.status != 0:
        raise ValueError(f"the linear program was not solved: {found.message}")
    return float(np.round(found.fun / _SLACK) * _SLACK)
