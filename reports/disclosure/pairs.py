"""What a covariance of two statements says about people who gave one answer to the first and another to the second.

Where two statements are answered nearly alike, their covariance is as large as their own tables allow, and everybody
who gave an answer to the one is known to have given the same to the other: a full cell of a table that is not in the
plan. With m, n the published means, c the covariance and h half a unit of either, every distribution that fits has

    |sum (v - m)(w - n) p - c (sum p - 1)| <= h sum p + k² sum p

beside what `inversion` knows of each statement; k is half a unit of the means.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from reports.disclosure.inversion import Claim, Known, Places, inequalities
from reports.disclosure.rules import SMALL

type Rows = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Statement:
    """What is published of one row of a scale, and which of its answers (places of `claim.values`) are told apart."""

    claim: Claim
    known: Sequence[Known]

    @property
    def shown(self) -> list[Places]:
        return [one.places for one in self.known]


def is_mixed(first: Statement, second: Statement, covariance: float, half: float) -> bool:
    """Whether in each shown category of either statement 10 people may be outside any category of the other.

    First all at once, which one program answers; where not all can be, one by one.
    """
    matrix, right = _system(first, second, covariance, half)
    aims = list(_outside(first, second))
    return not aims or _all_reach(aims, matrix, right) or all(_reaches(aim, matrix, right) for aim in aims)


def _system(first: Statement, second: Statement, covariance: float, half: float) -> tuple[Rows, NDArray[np.float64]]:
    ones = [np.ones(len(one.claim.values)) for one in (first, second)]
    rows, limits = [], []
    for at, one in enumerate((first, second)):
        for row, limit in zip(*inequalities(one.claim, one.known), strict=True):
            rows.append(np.outer(row, ones[1]) if at == 0 else np.outer(ones[0], row))
            limits.append(limit)
    away = [np.array(one.claim.values, np.float64) - one.claim.mean for one in (first, second)]
    off = np.outer(*away) - covariance
    slack = half + first.claim.half * second.claim.half
    rows, limits = [*rows, off - slack, -off - slack], [*limits, -covariance + slack, covariance + slack]
    return np.array([row.ravel() for row in rows]), np.array(limits)


def _outside(first: Statement, second: Statement) -> Iterator[NDArray[np.float64]]:
    """The people in a category of one statement and outside a category of the other."""
    shape = len(first.claim.values), len(second.claim.values)
    for one in first.shown:
        for other in second.shown:
            row, column = np.zeros(shape), np.zeros(shape)
            row[list(one), :] = 1
            column[:, list(other)] = 1
            yield (row * (1 - column)).ravel()
            yield (column * (1 - row)).ravel()


def _all_reach(aims: Sequence[NDArray[np.float64]], matrix: Rows, right: NDArray[np.float64]) -> bool:
    least = -np.array(aims)
    found = scipy.optimize.linprog(
        np.zeros(matrix.shape[1]),
        A_ub=np.vstack([matrix, least]),
        b_ub=np.concatenate([right, np.full(len(aims), -float(SMALL))]),
        method="highs",
    )
    return bool(found.status == 0)


def _reaches(aim: NDArray[np.float64], matrix: Rows, right: NDArray[np.float64]) -> bool:
    found = scipy.optimize.linprog(-aim, A_ub=matrix, b_ub=right, method="highs")
    return found.status == 0 and found.fun is not None and -float(found.fun) >= SMALL
