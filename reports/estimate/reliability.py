"""Internal consistency of a scale, from the covariance matrix of its rows (reversed rows turned round)."""

from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import fdtri

type Matrix = NDArray[np.float64]


def alpha(covariance: Matrix) -> float | None:
    """Cronbach, Psychometrika 16, 1951, 297-334. None for one row, or where the sum of the rows does not vary."""
    rows, whole = len(covariance), float(covariance.sum())
    if rows < 2 or whole <= 0:
        return None
    return rows / (rows - 1) * (1 - float(np.trace(covariance)) / whole)


def feldt(value: float, n: int, rows: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of alpha (Feldt, Psychometrika 30, 1965, 357-370)."""
    between, within = n - 1, (n - 1) * (rows - 1)
    tail = (1 - level) / 2
    lower = 1 - (1 - value) * float(fdtri(between, within, 1 - tail))
    upper = 1 - (1 - value) * float(fdtri(between, within, tail))
    return lower, upper


def item_rest(covariance: Matrix) -> list[float | None]:
    """Correlation of each row with the sum of the others; None where one of the two does not vary."""
    found: list[float | None] = []
    for at in range(len(covariance)):
        own = float(covariance[at, at])
        shared = float(covariance[at].sum()) - own
        rest = float(covariance.sum()) - 2 * shared - own
        found.append(shared / sqrt(own * rest) if own > 0 and rest > 0 else None)
    return found
