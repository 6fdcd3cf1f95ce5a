"""Statistics that are not counts: rounded where they may be released, and the reason where they may not.

What is computed from protected counts needs no more than that none of them is hidden. What is computed from exact
answers (means, reliability, regressions) says more than counts do, and has gates and a coarseness of its own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.disclosure.inversion import Places, count_known, is_safe, is_spread, of_deviation
from reports.disclosure.model import ProtectedTable
from reports.disclosure.reasons import Reason
from reports.disclosure.remainder import is_open
from reports.disclosure.rules import (
    FEWEST_EVENTS,
    FEWEST_FOR_MEAN,
    FEWEST_FOR_RELIABILITY,
    FINE_COEFFICIENTS_FROM,
    FINE_MEANS_FROM,
)

type Matrix = NDArray[np.float64]

MOMENT_DECIMALS = 2

NO_MINUS = 0.0
"""Added, it makes of a rounded -0.0 a 0.0: the database's numbers know no negative zero, and readers expect none."""


@dataclass(frozen=True, slots=True)
class Scores:
    """Exact mean and standard deviation (n - 1) of the scores of `n` people."""

    n: int
    mean: float
    sd: float


@dataclass(frozen=True, slots=True)
class Released:
    """A mean and a standard deviation as they are published, with so many decimals."""

    mean: float
    sd: float
    decimals: int


def means(
    groups: Mapping[str, Scores],
    values: Sequence[float],
    counts: Mapping[str, Sequence[int | None]] | None = None,
    bands: Sequence[Places] | None = None,
    everybody: int = 0,
) -> dict[str, Released | Reason]:
    """Means of groups of a whole, of `everybody` if there are more people than in the groups, whose mean is published.

    `values`: the scores that there can be. `bands`: places of those that are joined to what is counted, else each by
    itself. `counts`: by group, how many are in each band, where that is published.
    A group of fewer than 50 is hidden. One hidden group would be the whole less the others, so the smallest others are
    hidden with it until two are, of 50 people together. Those in no group are left over too: groups are hidden until
    nothing is told of them (see `remainder`). A mean from which somebody's score could be told is hidden.
    """
    told = counts or {}
    joined = bands or [(at,) for at in range(len(values))]
    fits = {name: _mean(one, values, joined, told.get(name, ())) for name, one in groups.items()}
    sizes = {name: one.n for name, one in groups.items()}
    hidden = _complemented({name for name, one in fits.items() if isinstance(one, Reason)}, sizes)
    whole = max(everybody, sum(sizes.values()))
    while len(hidden) < len(sizes) and not _is_open(hidden, sizes, whole, max(values) - min(values)):
        hidden = _complemented(hidden | {_smallest(sizes, hidden)}, sizes)
    return {name: Reason.TOO_FEW_FOR_STATISTIC if name in hidden else one for name, one in fits.items()}


def _mean(
    scores: Scores, values: Sequence[float], bands: Sequence[Places], counts: Sequence[int | None]
) -> Released | Reason:
    if scores.n < FEWEST_FOR_MEAN:
        return Reason.TOO_FEW_FOR_STATISTIC
    decimals = decimals_of(scores.n)
    released = Released(round(scores.mean, decimals) + NO_MINUS, round(scores.sd, decimals), decimals)
    claim = of_deviation(values, scores.n, released.mean, released.sd, decimals)
    shown = counts or (None,) * len(bands)
    known = [count_known(places, count) for places, count in zip(bands, shown, strict=True) if count is not None]
    hidden = [places for places, count in zip(bands, shown, strict=True) if count is None]
    alone = [places for places, count in zip(bands, shown, strict=True) if count is not None]
    fits = is_safe(claim, hidden, known) and is_spread(claim, alone, known)
    return released if fits else Reason.AUDIT_FAILED


def _complemented(hidden: set[str], sizes: Mapping[str, int]) -> set[str]:
    """The hidden groups, and the smallest others that have to be hidden with them.

    Two groups of nobody (languages that were not offered) need no company, and are none.
    """
    found = set(hidden)
    while 0 < len(found) < len(sizes) and (len(found) < 2 or _are_told([sizes[name] for name in found])):
        found.add(_smallest(sizes, found))
    return found


def _are_told(sizes: Sequence[int]) -> bool:
    """By subtraction: one group, or few people."""
    return 0 < sum(sizes) < FEWEST_FOR_MEAN or sum(size > 0 for size in sizes) == 1


def _smallest(sizes: Mapping[str, int], hidden: set[str]) -> str:
    return min(sizes.keys() - hidden, key=lambda name: (sizes[name], name))


def _is_open(hidden: set[str], sizes: Mapping[str, int], everybody: int, span: float) -> bool:
    shown = [sizes[name] for name in sizes.keys() - hidden]
    behind = [(people, decimals_of(people)) for people in (everybody, *shown)]
    return is_open(everybody - sum(shown), behind, span)


def decimals_of(n: int) -> int:
    """Of the mean of so many people."""
    return 2 if n >= FINE_MEANS_FROM else 1


def moments(n: int, matrix: Matrix, decimals: int = MOMENT_DECIMALS) -> Matrix | Reason:
    """Item means, covariances or reliabilities of `n` people to so many decimals; nothing below 200."""
    if n < FEWEST_FOR_RELIABILITY:
        return Reason.TOO_FEW_FOR_STATISTIC
    rounded: Matrix = np.round(matrix, decimals) + NO_MINUS
    return rounded


def bivariate(table: ProtectedTable, statistic: Callable[[Matrix], float]) -> float | Reason:
    """A measure of a two-way table (odds ratio, V, trend), from its published counts alone."""
    if not table.visible:
        return table.reasons[0]
    if table.hidden:
        return Reason.SMALL_CELLS
    counts = np.array(table.counts, np.float64).reshape([len(side) for side in table.categories])
    return statistic(counts)


def unfit_for_regression(joint: ProtectedTable, tables: Sequence[ProtectedTable], event: int) -> Reason | None:
    """Why no coefficients of a logistic regression are given, though all of it is computed from published counts.

    `joint`: the predictors by each other; `tables`: each predictor (columns) by the outcome (rows); `event`: which row
    is the event. All have to be shown in full, and every category of a predictor needs 10 events and 10 non-events.
    """
    if not all(table.visible and not table.hidden for table in (joint, *tables)):
        return Reason.SMALL_CELLS
    if not all(_has_events(table, event) for table in tables):
        return Reason.TOO_FEW_FOR_STATISTIC
    return None


def coefficient_decimals(n: int) -> int:
    """Of a regression on so many people."""
    return 2 if n >= FINE_COEFFICIENTS_FROM else 1


def _has_events(table: ProtectedTable, event: int) -> bool:
    counts = np.array(table.counts, np.int64).reshape([len(side) for side in table.categories])
    others = counts.sum(axis=0) - counts[event]
    return bool(min(counts[event].min(), others.min()) >= FEWEST_EVENTS)
