"""The fixture values of the instrument's description, and the same numbers from another library."""

from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.contingency_tables import Table, Table2x2
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from reports.estimate import (
    Summary,
    alpha,
    difference,
    feldt,
    hedges_g,
    holm,
    item_rest,
    mean_interval,
    odds_ratio,
    trend,
)

RAW = ("5415", "4424", "3332", "2142", "5524", "1251", "3423", "4334")
PEOPLE = np.array([[int(digit) for digit in row] for row in RAW])
TURNED = PEOPLE.copy()
TURNED[:, 2] = 6 - TURNED[:, 2]


def summary(values):
    return Summary(len(values), float(np.mean(values)), float(np.std(values, ddof=1)))


def test_alpha_and_what_belongs_to_it_have_the_values_of_the_fixture():
    covariance = np.cov(TURNED, rowvar=False)
    assert alpha(covariance) == pytest.approx(0.95644, abs=5e-6)
    assert alpha(np.cov(PEOPLE, rowvar=False)) == pytest.approx(0.00667, abs=5e-6)
    assert item_rest(covariance) == pytest.approx([0.9455, 0.8106, 0.9220, 0.9004], abs=5e-5)
    assert feldt(alpha(covariance), 8, 4) == pytest.approx((0.8707, 0.9902), abs=5e-5)
    scores = TURNED.mean(axis=1)
    assert (scores.mean(), scores.std(ddof=1)) == pytest.approx((3.25, 1.25357), abs=5e-6)


def test_a_row_that_does_not_vary_has_no_item_rest_correlation():
    covariance = np.cov(np.column_stack([TURNED, np.full(8, 3)]), rowvar=False)
    assert item_rest(covariance)[4] is None
    assert alpha(np.array([[1.0]])) is alpha(np.array([[1.0, -1.0], [-1.0, 1.0]])) is None


def test_hedges_g_has_the_value_of_the_fixture():
    first, second = summary((3, 4, 5, 4, 2)), summary((2, 3, 2, 1, 3, 1))
    assert hedges_g(first, second)[0] == pytest.approx(1.44687, abs=5e-6)


def test_the_interval_of_g_has_its_coverage():
    """Half of the people one deviation apart: the interval holds the true value in about 95 of 100 samples."""
    random = np.random.default_rng(1)
    held = 0
    for _ in range(400):
        first, second = summary(random.normal(0.5, 1, 60)), summary(random.normal(0, 1, 80))
        _, low, high = hedges_g(first, second)
        held += low <= 0.5 <= high
    assert 0.92 <= held / 400 <= 0.98


def test_a_difference_agrees_with_an_independent_library():
    random = np.random.default_rng(2)
    a, b = random.normal(3.2, 0.9, 140), random.normal(2.9, 1.3, 75)
    ours = difference(summary(a), summary(b))
    theirs = CompareMeans(DescrStatsW(a), DescrStatsW(b))
    assert ours.p == pytest.approx(theirs.ttest_ind(usevar="unequal")[1])
    assert (ours.lower, ours.upper) == pytest.approx(theirs.tconfint_diff(usevar="unequal"))
    assert mean_interval(summary(a)) == pytest.approx(DescrStatsW(a).tconfint_mean())


def test_nobody_differs():
    assert difference(Summary(60, 3.0, 0.0), Summary(70, 3.0, 0.0)) is None
    with pytest.raises(ValueError, match="two people"):
        mean_interval(Summary(1, 3.0, 0.0))


def test_the_trend_has_the_value_of_the_fixture():
    found = trend((10, 18, 27), (50, 50, 50))
    assert (found.z, found.p) == pytest.approx((3.52774, 0.000419), abs=5e-6)


@given(st.lists(st.tuples(st.integers(1, 80), st.integers(1, 80)), min_size=2, max_size=5))
@settings(max_examples=60, deadline=None)
def test_the_trend_agrees_with_an_independent_library(pairs):
    table = np.array([[yes, no] for yes, no in pairs])
    found = trend(table[:, 0].tolist(), table.sum(axis=1).tolist())
    theirs = Table(table, shift_zeros=False).test_ordinal_association()
    n = table.sum()
    # The library's variance divides by n - 1, Armitage's by n.
    assert abs(found.z) == pytest.approx(abs(theirs.zscore) * sqrt(n / (n - 1)), rel=1e-6, abs=1e-9)


def test_no_trend_where_everybody_or_nobody_did_it():
    assert trend((0, 0), (20, 30)) is trend((20, 30), (20, 30)) is None


@given(*[st.integers(1, 500)] * 4)
@settings(max_examples=60, deadline=None)
def test_odds_ratios_agree_with_an_independent_library(a, b, c, d):
    ours, theirs = odds_ratio(a, b, c, d), Table2x2(np.array([[a, b], [c, d]]), shift_zeros=False)
    assert ours.ratio == pytest.approx(theirs.oddsratio)
    assert (ours.lower, ours.upper) == pytest.approx(theirs.oddsratio_confint(), rel=1e-6)
    assert ours.p == pytest.approx(2 * stats.norm.sf(abs(log(theirs.oddsratio)) / theirs.log_oddsratio_se), abs=1e-9)


def test_no_odds_ratio_without_people():
    assert odds_ratio(0, 1, 1, 1) is None


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
@settings(max_examples=60, deadline=None)
def test_holm_agrees_with_an_independent_library(values):
    assert holm(values) == pytest.approx(multipletests(values, method="holm")[1].tolist())
