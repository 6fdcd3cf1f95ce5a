"""Adjusted odds ratios: those of another library from exact counts, and intervals that hold in spite of rounding."""

from math import exp, log

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit

from reports.estimate import Joined, adjusted_odds
from reports.estimate.regression import _fit


def three(cells):
    """From counts of (first, second, event or not): the joint table, and each predictor's with the outcome."""
    cells = np.asarray(cells, float)
    return cells.sum(axis=2), cells.sum(axis=1).T, cells.sum(axis=0).T


def exact(*counts):
    return [Joined(one, np.zeros_like(one)) for one in counts]


def rounded(*counts):
    return [Joined(np.floor((one + 2) / 5) * 5, np.ones_like(one)) for one in counts]


def theirs(cells):
    """The same model of single people's answers, by another library."""
    first, second, _ = np.shape(cells)
    rows, events = [], []
    for a in range(first):
        for b in range(second):
            rows.append([1.0, *(a == one for one in range(1, first)), *(b == one for one in range(1, second))])
            events.append(cells[a][b])
    return sm.GLM(np.array(events), np.array(rows, float), family=sm.families.Binomial()).fit(tol=1e-13)


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2), (3, 3, 2), (2, 5, 2)])
def test_from_exact_tables_they_are_those_of_another_library(shape):
    cells = np.random.default_rng(shape).integers(5, 200, shape)
    first, second = adjusted_odds(*exact(*three(cells)))
    model = theirs(cells)
    lower, upper = model.conf_int().T
    for at, ours in enumerate((*first, *second), 1):
        assert ours.ratio == pytest.approx(exp(model.params[at]), rel=1e-6)
        assert (ours.lower, ours.upper) == pytest.approx((exp(lower[at]), exp(upper[at])), rel=1e-6)
        assert ours.p == pytest.approx(model.pvalues[at], rel=1e-5, abs=1e-12)


def test_adjusting_takes_away_what_is_the_other_predictors():
    """The second predictor alone matters, and goes with the first: unadjusted, both seem to."""
    people = np.array([[300, 100], [100, 300]])
    share = np.array([0.2, 0.6])
    cells = np.stack([people * share, people * (1 - share)], axis=2)
    first, second = adjusted_odds(*exact(*three(cells)))
    assert first[0].ratio == pytest.approx(1)
    assert second[0].ratio == pytest.approx(6)


def test_a_table_of_other_people_only_changes_the_bases():
    """Who left one question out is missing in two of the tables; raking keeps the odds ratios of each."""
    joint, by_first, by_second = three(np.full((2, 2, 2), 50) + np.arange(8).reshape(2, 2, 2) * 10)
    whole = adjusted_odds(*exact(joint, by_first, by_second))
    fewer = adjusted_odds(*exact(joint, by_first * 0.9, by_second))
    assert [one.ratio for one in fewer[0]] == pytest.approx([one.ratio for one in whole[0]], rel=0.02)
    assert fewer[0][0].upper / fewer[0][0].lower > whole[0][0].upper / whole[0][0].lower


def test_no_finite_ratio_where_the_tables_contradict_each_other():
    """Nearly all of the second row had the event by one table, nearly nobody of the same people by the other."""
    joint = np.array([[200.0, 10.0], [10.0, 200.0]])
    by_first, by_second = np.array([[200.0, 10.0], [10.0, 200.0]]), np.array([[10.0, 200.0], [200.0, 10.0]])
    assert adjusted_odds(*exact(joint, by_first, by_second)) is None


def drawn(random, n=320):
    """Two predictors that go together and an outcome that both make likelier."""
    first = random.integers(0, 3, n)
    second = np.where(random.random(n) < 0.5, first > 0, random.random(n) < 0.5).astype(int)
    event = random.random(n) < expit(-0.6 + log(2) * (first == 2) + 0.4 * (first == 1) + 0.7 * second)
    cells = np.zeros((3, 2, 2))
    np.add.at(cells, (first, second, (~event).astype(int)), 1)
    return cells


def test_from_rounded_tables_the_interval_holds_the_true_value():
    random = np.random.default_rng(6)
    found = [adjusted_odds(*rounded(*three(drawn(random))))[0][1] for _ in range(100)]
    held = np.mean([one.lower <= 2 <= one.upper for one in found])
    assert 0.91 <= held <= 0.99
    assert exp(np.mean([log(one.ratio) for one in found])) == pytest.approx(2, rel=0.1)


def test_rounding_is_as_large_as_the_interval_takes_it_to_be():
    """The coefficients of rounded tables against those of the same people exactly."""
    random = np.random.default_rng(7)
    gaps, widths = [], []
    for _ in range(40):
        counts = three(drawn(random))
        coarse = rounded(*counts)
        gaps.append(_fit(*(one.counts for one in coarse))[0][1] - _fit(*counts)[0][1])
        with_rounding, without = (adjusted_odds(*one)[0][0] for one in (coarse, exact(*(c.counts for c in coarse))))
        spreads = [(log(one.upper / one.lower) / 2 / 1.96) ** 2 for one in (with_rounding, without)]
        widths.append(spreads[0] - spreads[1])
    assert np.mean(np.square(gaps)) == pytest.approx(np.mean(widths), rel=0.5)
