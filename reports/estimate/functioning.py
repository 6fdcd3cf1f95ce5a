"""Differential item functioning: does a row of a scale work alike in two groups that answer the rest of it alike?

From means and covariances of the rows alone, by linear regression of a row on the mean of the others within each group:
the analysis of covariance that ordinal logistic regression generalises (Zumbo, A Handbook on the Theory and Methods of
Differential Item Functioning, Ottawa 1999). Uniform: another answer at the same rest score; non-uniform: another slope
(Swaminathan & Rogers, J. Educ. Meas. 27, 1990, 361-370).
"""

from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

LEVEL = 0.95

type Matrix = NDArray[np.float64]


class Rows(NamedTuple):
    """Of `n` people who answered every row, reversed rows turned round: means, to so many decimals, and covariances."""

    n: int
    means: Matrix
    covariances: Matrix
    decimals: int


class Functioning(NamedTuple):
    """Second group less first. `shift`: of the answer expected at the pooled mean rest score, in pooled standard
    deviations; `slope`: steps of the row per step of the rest. Each with a 95 % interval."""

    shift: float
    shift_lower: float
    shift_upper: float
    slope: float
    slope_lower: float
    slope_upper: float


class _Line(NamedTuple):
    slope: float
    mean: float
    rest: float
    error: float
    """Residual variance."""
    spread: float
    """Sum of squares of the rest score."""


def functioning(first: Rows, second: Rows, at: int) -> Functioning | None:
    """Of row `at`, for scales of three rows and more. None where the row or the rest does not vary in a group.

    Sampling variances of linear regression; that of the shift with what its standardisation adds, as for Cohen's d,
    and with the rounding of means (of covariances it is less than a hundredth at 200 people). Student's t with n - 4
    degrees of freedom. The rest score measures with error: where groups differ in what the scale measures, this shows
    as a shift, too.
    """
    lines = [_line(one, at) for one in (first, second)]
    if None in lines:
        return None
    one, other = (line for line in lines if line is not None)
    freedom = first.n + second.n - 4
    wide = float(stdtrit(freedom, (1 + LEVEL) / 2))
    centre = (first.n * one.rest + second.n * other.rest) / (first.n + second.n)
    pooled = sqrt(sum((group.n - 1) * group.covariances[at, at] for group in (first, second)) / (freedom + 2))
    shift = (_expected(other, centre) - _expected(one, centre)) / pooled
    variance = sum(_variance(line, group, centre) for line, group in ((one, first), (other, second)))
    of_shift = sqrt(variance / pooled**2 + shift**2 / (2 * (freedom + 2)))
    slope, of_slope = other.slope - one.slope, sqrt(one.error / one.spread + other.error / other.spread)
    return Functioning(
        *(shift, shift - wide * of_shift, shift + wide * of_shift),
        *(slope, slope - wide * of_slope, slope + wide * of_slope),
    )


def _line(group: Rows, at: int) -> _Line | None:
    """The regression of a row on the mean of the others."""
    others = np.delete(np.arange(len(group.means)), at)
    rest = float(group.covariances[np.ix_(others, others)].mean())
    shared, own = float(group.covariances[at, others].mean()), float(group.covariances[at, at])
    if rest <= 0 or own * rest <= shared**2:
        return None
    slope = shared / rest
    error = (own - slope * shared) * (group.n - 1) / (group.n - 2)
    mean, of_rest = float(group.means[at]), float(group.means[others].mean())
    return _Line(slope, mean, of_rest, error, (group.n - 1) * rest)


def _expected(line: _Line, rest: float) -> float:
    return line.mean + line.slope * (rest - line.rest)


def _variance(line: _Line, group: Rows, rest: float) -> float:
    """Of the expected answer at `rest`; a rounded mean is off by up to half a unit, each value as likely."""
    sampled = line.error * (1 / group.n + (rest - line.rest) ** 2 / line.spread)
    unit = 10.0**-group.decimals
    return sampled + unit**2 / 12 * (1 + line.slope**2 / (len(group.means) - 1))
