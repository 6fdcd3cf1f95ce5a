"""Statistics that are not counts: what is released, how coarse, and what is refused."""

from dataclasses import astuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.disclosure import ProtectedTable, Reason
from reports.disclosure.inversion import count_known, is_safe, of_deviation, told
from reports.disclosure.remainder import is_open
from reports.disclosure.statistics import (
    Released,
    Scores,
    bivariate,
    coefficient_decimals,
    means,
    moments,
    unfit_for_regression,
)

FIVE = (1, 2, 3, 4, 5)
EACH = [(place,) for place in range(5)]


def scores(*counts):
    answers = np.repeat(FIVE, counts)
    return Scores(len(answers), float(answers.mean()), float(answers.std(ddof=1)))


def table(rows, hidden=(), reasons=()):
    counts = [None if (row, column) in hidden else count
              for row, line in enumerate(rows) for column, count in enumerate(line)]  # fmt: skip
    sides = tuple(tuple((code,) for code in range(size)) for size in (len(rows), len(rows[0])))
    return ProtectedTable("t", ("a", "b"), (0, 0), sides, tuple(counts), reasons=reasons)


WIDE = (30, 40, 50, 40, 40)


def test_a_mean_has_one_decimal_below_200_people_and_two_from_there():
    released = means({"small": scores(20, 20, 30, 20, 20), "large": scores(*WIDE)}, FIVE)
    assert released["small"] == Released(3.0, 1.4, 1)
    assert released["large"] == Released(3.1, 1.34, 2)


def test_a_group_below_50_is_hidden_and_the_smallest_other_one_with_it():
    groups = {"a": scores(*WIDE), "b": scores(20, 20, 20, 20, 20), "c": scores(9, 10, 10, 10, 10)}
    released = means(groups, FIVE)
    assert released["c"] is released["b"] is Reason.TOO_FEW_FOR_STATISTIC
    assert isinstance(released["a"], Released)


def test_two_hidden_groups_that_are_small_together_hide_a_third():
    tiny = scores(4, 4, 4, 4, 4)
    released = means({"a": scores(*WIDE), "b": scores(20, 20, 20, 20, 20), "c": tiny, "d": tiny}, FIVE)
    assert [name for name, one in released.items() if isinstance(one, Released)] == ["a"]


def test_languages_that_were_not_offered_hide_no_other_group():
    nobody = Scores(0, 0.0, 0.0)
    groups = {"a": scores(*WIDE), "b": scores(20, 20, 20, 20, 20), "c": nobody, "d": nobody}
    assert shown(means(groups, FIVE)) == ["a", "b"]
    flat = scores(0, 0, 0, 0, 60)  # All the same: hidden, and not by the side of nobody alone.
    assert shown(means({**groups, "e": flat}, FIVE)) == ["a"]


def shown(released):
    return [name for name, one in released.items() if isinstance(one, Released)]


@pytest.mark.parametrize(("outside", "hidden"), [(0, []), (1, ["b"]), (20, ["b"]), (49, ["b"]), (50, [])])
def test_those_in_no_group_are_not_what_the_groups_leave_of_everybody(outside, hidden):
    groups = {"a": scores(*WIDE), "b": scores(40, 40, 40, 40, 40)}
    released = means(groups, FIVE, everybody=400 + outside)
    assert sorted(groups.keys() - set(shown(released))) == (["a", "b"] if hidden else [])


def test_a_third_group_keeps_two_from_being_hidden_with_few_others():
    groups = {"a": scores(80, 80, 80, 80, 80), "b": scores(*WIDE), "c": scores(12, 12, 12, 12, 12)}
    assert shown(means(groups, FIVE, everybody=660 + 10)) == ["a"]


@pytest.mark.parametrize(("people", "told"), [(499, True), (500, False)])
def test_rounding_blunts_what_is_left_of_many(people, told):
    """Twice half a hundredth on either side: 500 and 500 people leave their sum open by 10, a range of 2 five times."""
    assert is_open(7, [(people, 2), (people, 2)], span=2) is not told


def test_a_mean_that_says_everybody_answered_the_same_is_not_released():
    assert means({"all": scores(0, 0, 0, 0, 300)}, FIVE) == {"all": Reason.TOO_FEW_FOR_STATISTIC}


def test_a_mean_that_says_how_few_answered_otherwise_is_not_released():
    """Three of 300 who did not fully agree: mean 4.99, deviation 0.1."""
    assert not isinstance(means({"all": scores(0, 0, 0, 3, 297)}, FIVE)["all"], Released)


def test_a_wide_distribution_stays_hidden_behind_its_mean():
    found = list(told(of_deviation(FIVE, 200, scores(*WIDE).mean, scores(*WIDE).sd, 2), EACH))
    assert all(low.least <= count <= low.most for low, count in zip(found, WIDE, strict=True))
    assert min(one.width for one in found) >= 5


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=5, max_size=5).filter(lambda counts: sum(counts) >= 50))
def test_bounds_hold_the_true_distribution_whatever_it_is(counts):
    true = scores(*counts)
    decimals = 2 if true.n >= 200 else 1
    claim = of_deviation(FIVE, true.n, round(true.mean, decimals), round(true.sd, decimals), decimals)
    found = list(told(claim, EACH))
    for one, count in zip(found, counts, strict=True):
        assert one.least - 1e-6 <= count <= one.most + 1e-6


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=5, max_size=5).filter(lambda counts: sum(counts) >= 50))
def test_whatever_is_released_tells_no_small_count(counts):
    released = means({"all": scores(*counts)}, FIVE)["all"]
    if isinstance(released, Released):
        for one in told(of_deviation(FIVE, sum(counts), *astuple(released)), EACH):
            assert one.most >= 10
            assert one.width >= 5


def test_published_counts_narrow_what_is_hidden():
    shown = (30, 40, 50, 80, None)
    true = scores(30, 40, 50, 80, 3)
    mean, sd = round(true.mean, 2), round(true.sd, 2)
    claim = of_deviation(FIVE, true.n, mean, sd, 2)
    assert is_safe(claim, EACH)
    known = [count_known((place,), count) for place, count in enumerate(shown) if count is not None]
    assert not is_safe(claim, EACH[4:], known)


THIRDS = [1 + place / 3 for place in range(13)]
BANDS = [range(6), range(6, 9), range(9, 13)]


def in_bands(**people):
    """The mean of three statements, published with the bands: `at3=60` are 60 people at the place 3 of THIRDS."""
    counts = [people.get(f"at{place}", 0) for place in range(13)]
    answers = np.repeat(THIRDS, counts)
    true = Scores(len(answers), float(answers.mean()), float(answers.std(ddof=1)))
    shown = [5 * round(sum(counts[place] for place in band) / 5) for band in BANDS]
    return means({"all": true}, THIRDS, {"all": shown}, BANDS)["all"]


def test_a_mean_does_not_tell_that_a_whole_band_gave_the_same_answers():
    """60 low, 85 middle, 60 high: as near to each other as the bands allow, so nobody is anywhere else."""
    assert not isinstance(in_bands(at5=60, at6=85, at9=60), Released)
    spread = {f"at{place}": 16 for place in range(13)}
    assert isinstance(in_bands(**spread), Released)


def test_numbers_that_fit_no_distribution_are_an_error():
    with pytest.raises(ValueError, match="no distribution"):
        list(told(of_deviation(FIVE, 200, 6.0, 1.0, 2), EACH))


def test_reliability_and_covariances_need_200_people():
    matrix = np.array([[1.2345, 0.5], [0.5, 2.0]])
    assert moments(199, matrix) is Reason.TOO_FEW_FOR_STATISTIC
    assert np.array_equal(moments(200, matrix), [[1.23, 0.5], [0.5, 2.0]])
    assert np.array_equal(moments(200, matrix, decimals=1), [[1.2, 0.5], [0.5, 2.0]])


def odds_ratio(counts):
    return float(counts[0, 0] * counts[1, 1] / (counts[0, 1] * counts[1, 0]))


def test_a_measure_comes_from_published_counts_and_is_hidden_with_any_of_them():
    rows = ((40, 20), (30, 60))
    assert bivariate(table(rows), odds_ratio) == 4.0
    assert bivariate(table(rows, hidden={(0, 1)}), odds_ratio) is Reason.SMALL_CELLS
    assert bivariate(table(rows, reasons=(Reason.BELOW_TIER,)), odds_ratio) is Reason.BELOW_TIER


@pytest.mark.parametrize(("n", "decimals"), [(499, 1), (500, 2)])
def test_coefficients_have_one_decimal_below_500_people_and_two_from_there(n, decimals):
    assert coefficient_decimals(n) == decimals


def test_a_regression_needs_full_tables_and_ten_events_and_others_in_each_category():
    full = table(((200, 100), (100, 100)))
    gap = table(((9, 9), (9, 9)), hidden={(0, 0)})
    assert unfit_for_regression(full, [full, full], 1) is None
    assert unfit_for_regression(full, [full, gap], 1) is Reason.SMALL_CELLS
    assert unfit_for_regression(gap, [full, full], 1) is Reason.SMALL_CELLS
    assert unfit_for_regression(table(((1, 1),), reasons=(Reason.BELOW_TIER,)), [full], 1) is Reason.SMALL_CELLS
    assert unfit_for_regression(full, [full, table(((200, 100), (100, 5)))], 1) is Reason.TOO_FEW_FOR_STATISTIC
    assert unfit_for_regression(full, [full, table(((5, 100), (100, 50)))], 1) is Reason.TOO_FEW_FOR_STATISTIC


def test_no_number_is_a_negative_zero():
    """PostgreSQL stores -0.0 as 0.0: what is computed and what is read back would be two reports."""
    assert str(moments(200, np.array([-0.001])).tolist()) == "[0.0]"
    assert str(means({"all": Scores(200, -0.001, 1.0)}, [-2, -1, 0, 1, 2])["all"].mean) == "0.0"
