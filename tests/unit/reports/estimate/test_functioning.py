"""Differential item functioning from means and covariances, against regressions on the answers themselves."""

from math import sqrt

import numpy as np
import pytest
import statsmodels.api as sm

from reports.estimate import Rows, functioning


def summed(people, decimals=9):
    return Rows(len(people), people.mean(axis=0), np.cov(people, rowvar=False), decimals)


def drawn(random, n, shift=0.0, slope=1.0):
    """Three statements of one trait; the first is answered `shift` higher and rises `slope` as steeply."""
    trait = random.normal(0, 1, n)
    rows = trait[:, None] + random.normal(0, 0.7, (n, 3))
    rows[:, 0] = shift + slope * trait + random.normal(0, 0.7, n)
    return rows


def theirs(people, at, centre):
    """Slope and the answer expected at `centre`, each with its standard error."""
    rest = np.delete(people, at, axis=1).mean(axis=1)
    model = sm.OLS(people[:, at], sm.add_constant(rest - centre)).fit()
    return model.params[::-1], model.bse[::-1]


@pytest.mark.parametrize("at", [0, 1, 2])
def test_it_is_what_regressions_on_the_answers_say(at):
    random = np.random.default_rng(1)
    first, second = drawn(random, 220), drawn(random, 260, shift=0.4, slope=0.8)
    ours = functioning(summed(first), summed(second), at)
    centre = np.delete(np.concatenate([first, second]), at, axis=1).mean()
    pooled = sqrt((219 * first[:, at].var(ddof=1) + 259 * second[:, at].var(ddof=1)) / 478)
    (one, other) = theirs(first, at, centre), theirs(second, at, centre)
    assert ours.slope == pytest.approx(other[0][0] - one[0][0])
    assert ours.shift == pytest.approx((other[0][1] - one[0][1]) / pooled)
    wide = 1.96496  # Student's t with 476 degrees of freedom
    error = sqrt(one[1][0] ** 2 + other[1][0] ** 2)
    assert (ours.slope_lower, ours.slope_upper) == pytest.approx(
        (ours.slope - wide * error, ours.slope + wide * error), abs=1e-5
    )
    error = sqrt((one[1][1] ** 2 + other[1][1] ** 2) / pooled**2 + ours.shift**2 / (2 * 478))
    assert (ours.shift_lower, ours.shift_upper) == pytest.approx(
        (ours.shift - wide * error, ours.shift + wide * error), abs=1e-5
    )


def test_a_coarser_mean_makes_the_shift_less_sure():
    random = np.random.default_rng(2)
    first, second = drawn(random, 220), drawn(random, 260)
    fine, coarse = (functioning(summed(first, places), summed(second, places), 0) for places in (2, 1))
    assert coarse.shift_upper - coarse.shift_lower > fine.shift_upper - fine.shift_lower
    assert coarse.slope_upper == fine.slope_upper


def test_where_rows_work_alike_the_intervals_hold_nothing_in_95_of_100():
    random = np.random.default_rng(3)
    found = [functioning(summed(drawn(random, 200)), summed(drawn(random, 300)), 0) for _ in range(400)]
    for low, high in (("shift_lower", "shift_upper"), ("slope_lower", "slope_upper")):
        assert 0.92 <= np.mean([getattr(one, low) <= 0 <= getattr(one, high) for one in found]) <= 0.98


def test_a_row_that_works_otherwise_is_found():
    random = np.random.default_rng(4)
    people = summed(drawn(random, 300)), summed(drawn(random, 300, shift=0.6))
    assert functioning(*people, 0).shift_lower > 0.2
    people = summed(drawn(random, 300)), summed(drawn(random, 300, slope=0.3))
    assert functioning(*people, 0).slope_upper < -0.2


def test_nothing_is_said_of_a_row_that_does_not_vary():
    random = np.random.default_rng(5)
    still = drawn(random, 200)
    still[:, 0] = 3
    assert functioning(summed(drawn(random, 200)), summed(still), 0) is None
    assert functioning(summed(drawn(random, 200)), summed(still), 1) is not None
