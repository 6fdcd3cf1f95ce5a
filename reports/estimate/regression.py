"""Adjusted odds ratios: a logistic regression on two categorical predictors, from three two-way tables.

With main effects alone the likelihood depends on the answers only through the predictors' joint table and each
predictor's table with the outcome: it is the loglinear model of all pairs (Bishop, Fienberg & Holland, Discrete
Multivariate Analysis, 1975, ch. 5), so nobody has to count three questions at once.
"""

from collections.abc import Iterator, Sequence
from math import exp, sqrt
from typing import NamedTuple

import numpy as np
import scipy
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr

from reports.estimate.counts import Odds
from reports.estimate.proportions import Z95

type Matrix = NDArray[np.float64]

STEPS, CLOSE, FARTHEST = 50, 1e-10, 10.0
"""Newton's steps at most; the share of people that a score may be off; beyond it a coefficient has no finite value."""

ROUNDING_VARIANCE = 2.0
"""Of a count rounded to 5: it is off by -2 .. 2, each as likely."""


class Joined(NamedTuple):
    """A table of rounded counts, and of how many published counts each is the sum."""

    counts: Matrix
    behind: Matrix


def adjusted_odds(joint: Joined, first: Joined, second: Joined) -> tuple[list[Odds], list[Odds]] | None:
    """Odds ratios of each category but the first of both predictors, each adjusted for the other.

    `joint`: the first predictor's categories by the second's. `first` and `second`: those who had the event (row 0)
    and the others (row 1) by that predictor's categories. 95 % intervals and p are Wald's, from the Fisher information
    of the smallest table's base, widened for rounding: the variance of each published count by the square of how a
    coefficient answers to it (delta method). None where no finite ratio fits the counts.
    """
    tables = joint, first, second
    found = _fit(*(one.counts for one in tables))
    if found is None:
        return None
    coefficients, sampled = found
    answers = [_answer(tables, *place) for place in _places(tables)]
    if any(one is None for one in answers):
        return None
    rounding = sum(
        ROUNDING_VARIANCE * tables[table].behind[at] * answer**2
        for (table, at), answer in zip(_places(tables), answers, strict=True)
        if answer is not None
    )
    odds = [_odds(*pair) for pair in zip(coefficients[1:], (sampled + rounding)[1:], strict=True)]
    return odds[: len(joint.counts) - 1], odds[len(joint.counts) - 1 :]


def _odds(coefficient: float, variance: float) -> Odds:
    error = sqrt(variance)
    ends = (exp(coefficient - Z95 * error), exp(coefficient + Z95 * error))
    return Odds(exp(coefficient), *ends, 2 * float(ndtr(-abs(coefficient) / error)))


def _places(tables: Sequence[Joined]) -> Iterator[tuple[int, tuple[int, int]]]:
    """Every count: which table, and where in it."""
    for number, table in enumerate(tables):
        for row, column in np.ndindex(*table.counts.shape):
            yield number, (row, column)


def _answer(tables: Sequence[Joined], table: int, place: tuple[int, int]) -> Matrix | None:
    """How the coefficients change with one more person in this count."""
    ends = []
    for more in (1.0, -1.0):
        counts = [one.counts.copy() for one in tables]
        counts[table][place] += more
        found = _fit(*counts)
        if found is None:
            return None
        ends.append(found[0])
    change: Matrix = (ends[0] - ends[1]) / 2
    return change


def _fit(joint: Matrix, first: Matrix, second: Matrix) -> tuple[Matrix, Matrix] | None:
    """Coefficients and their sampling variances: intercept, then each category but the first of both predictors."""
    people = joint * (min(joint.sum(), first.sum(), second.sum()) / joint.sum())
    happened = (first[0].sum() + second[0].sum()) / (first.sum() + second.sum()) * people.sum()
    events = [
        _events(table, margin, happened)
        for table, margin in ((first, people.sum(axis=1)), (second, people.sum(axis=0)))
    ]
    design = _design(*joint.shape)
    return _newton(design, people.ravel(), np.array([happened, *events[0][1:], *events[1][1:]]))


def _events(table: Matrix, people: Matrix, happened: float) -> Matrix:
    """Events in each category of so many `people`, with the odds ratios of `table` and the sum `happened`.

    The three tables leave different people out, so they agree on no sum. Raking changes margins and keeps odds ratios
    (Deming & Stephan, Ann. Math. Stat. 11, 1940, 427-444); with two rows it adds one number to all log odds.
    """
    log_odds = logit(table[0] / table.sum(axis=0))
    shift = scipy.optimize.brentq(lambda more: float((people * expit(log_odds + more)).sum()) - happened, -50, 50)
    events: Matrix = people * expit(log_odds + shift)
    return events


def _design(first: int, second: int) -> Matrix:
    """A row per combination of categories: intercept, and a column for each category but the first."""
    rows, columns = np.divmod(np.arange(first * second), second)
    of_first = rows[:, None] == np.arange(1, first)
    of_second = columns[:, None] == np.arange(1, second)
    return np.column_stack([np.ones(len(rows)), of_first, of_second]).astype(np.float64)


def _newton(design: Matrix, people: Matrix, sums: Matrix) -> tuple[Matrix, Matrix] | None:
    """Maximum likelihood by iteratively reweighted least squares. `sums`: events that go with each column."""
    coefficients = np.zeros(design.shape[1])
    coefficients[0] = logit(sums[0] / people.sum())
    for _ in range(STEPS):
        shares = expit(design @ coefficients)
        information = design.T @ (design * (people * shares * (1 - shares))[:, None])
        gap = sums - design.T @ (people * shares)
        if np.abs(gap).max() <= CLOSE * people.sum():
            return coefficients, np.diag(np.linalg.inv(information))
        coefficients = coefficients + np.linalg.solve(information, gap)
        if not np.abs(coefficients).max() < FARTHEST:
            return None
    return None
