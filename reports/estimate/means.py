"""Means of scale scores: intervals, and differences between groups. All arguments are published, rounded numbers."""

from math import sqrt
from typing import NamedTuple

from scipy.special import nctdtrinc, stdtr, stdtrit

LEVEL = 0.95


class Summary(NamedTuple):
    """Number of people, mean and standard deviation (n - 1)."""

    n: int
    mean: float
    sd: float


class Difference(NamedTuple):
    """First less second: difference of means, Hedges g with its interval, and p of Welch's test."""

    difference: float
    lower: float
    upper: float
    g: float
    g_lower: float
    g_upper: float
    p: float


def mean_interval(one: Summary) -> tuple[float, float]:
    """95 % interval of a mean by Student's t with n - 1 degrees of freedom. ValueError for n < 2."""
    if one.n < 2:
        raise ValueError("an interval needs two people")
    half = float(stdtrit(one.n - 1, (1 + LEVEL) / 2)) * one.sd / sqrt(one.n)
    return one.mean - half, one.mean + half


def difference(first: Summary, second: Summary) -> Difference | None:
    """None where nobody differs from anybody, so that no difference can be scaled.

    Welch, Biometrika 34, 1947, 28-35; g with the correction 1 - 3 / (4 df - 1) of Hedges, J. Educ. Stat. 6, 1981,
    107-128, and the interval of its noncentral t distribution (equal variances assumed): Cumming & Finch, 2001.
    """
    squares = [one.sd**2 / one.n for one in (first, second)]
    if not sum(squares):
        return None
    gap, error = first.mean - second.mean, sqrt(sum(squares))
    freedom = sum(squares) ** 2 / sum(
        square**2 / (one.n - 1) for square, one in zip(squares, (first, second), strict=True)
    )
    half = float(stdtrit(freedom, (1 + LEVEL) / 2)) * error
    p = 2 * float(stdtr(freedom, -abs(gap) / error))
    return Difference(gap, gap - half, gap + half, *hedges_g(first, second), p)


def hedges_g(first: Summary, second: Summary) -> tuple[float, float, float]:
    """g and its 95 % interval."""
    freedom = first.n + second.n - 2
    pooled = sqrt(((first.n - 1) * first.sd**2 + (second.n - 1) * second.sd**2) / freedom)
    size = sqrt(first.n * second.n / (first.n + second.n))
    observed = (first.mean - second.mean) / pooled * size
    correction = 1 - 3 / (4 * freedom - 1)
    scaled = [value * correction / size for value in (observed, *_noncentralities(observed, freedom))]
    return scaled[0], scaled[1], scaled[2]


def _noncentralities(observed: float, freedom: int) -> tuple[float, float]:
    """The noncentralities for which `observed` lies at the upper and at the lower 2.5 %."""
    lower, upper = (float(nctdtrinc(freedom, tail, observed)) for tail in ((1 + LEVEL) / 2, (1 - LEVEL) / 2))
    return lower, upper
