"""What a published mean and standard deviation say about how many people have each score.

Mean and deviation are known to half a unit of their last decimal, and the number of people to its rounding. Every
distribution of whole scores that fits satisfies linear inequalities in the counts, so linear programs bound each
count: with m the published mean, h half a unit of it, s and t the same for the deviation,

    |sum (v - m) c| <= h sum c     and     (s - t)² (sum c - 1) <= sum (v - m)² c <= ((s + t)² + h²) sum c.

The second follows from sum (v - x)² c = sum (v - m)² c - (x - m)² sum c for the exact mean x.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog

from reports.disclosure.bounds import Interval
from reports.disclosure.rules import NARROWEST, ROUNDING, SMALL

_OFF = ROUNDING // 2
_INFEASIBLE = 2

type Row = NDArray[np.float64]
type Between = tuple[float, float | None]


def is_safe(
    values: Sequence[float], n: int, mean: float, sd: float, decimals: int, counts: Sequence[int | None] = ()
) -> bool:
    """Whether no small count of a score can be told. `counts`: those that are published, rounded, in the same order."""
    found = list(told(values, n, mean, sd, decimals, counts))
    hidden = [one for at, one in enumerate(found) if not counts or counts[at] is None]
    return all(one.most >= SMALL and one.width >= NARROWEST for one in hidden)


def told(
    values: Sequence[float], n: int, mean: float, sd: float, decimals: int, counts: Sequence[int | None] = ()
) -> Iterator[Interval]:
    """Bounds of how many people have each score. Raises ValueError if no distribution fits."""
    rows, limits = _inequalities(np.array(values, np.float64), mean, sd, 0.5 * 10.0**-decimals)
    people = np.ones(len(values))
    matrix = np.array([*rows, people, -people])
    right = np.array([*limits, n + _OFF, -(n - _OFF)])
    bounds = [_between(count) for count in counts or [None] * len(values)]
    for at in range(len(values)):
        aim = np.eye(len(values))[at]
        least, most = (_least(sign * aim, matrix, right, bounds) for sign in (1, -1))
        yield Interval(least, -most)


def _inequalities(values: Row, mean: float, sd: float, half: float) -> tuple[list[Row], list[float]]:
    """Rows of coefficients, each at most its limit when multiplied with the counts."""
    away, squares = values - mean, (values - mean) ** 2
    least = max(sd - half, 0.0) ** 2
    most = (sd + half) ** 2 + half**2
    return [away - half, -away - half, least - squares, squares - most], [0.0, 0.0, least, 0.0]


def _between(count: int | None) -> Between:
    return (0.0, None) if count is None else (float(max(count - _OFF, 0)), float(count + _OFF))


def _least(aim: Row, matrix: NDArray[np.float64], right: Row, bounds: Sequence[Between]) -> float:
    found = linprog(aim, A_ub=matrix, b_ub=right, bounds=bounds, method="highs")
    if found.status == _INFEASIBLE or found.fun is None:
        raise ValueError("no distribution has this mean and standard deviation")
    return float(found.fun)
