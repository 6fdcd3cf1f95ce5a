import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.disclosure.rules import rounded
from reports.estimate import percent, percent_interval, widened, wilson

COUNTS = st.integers(1, 2000).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))


@pytest.mark.parametrize(
    ("count", "base", "lower", "upper"), [(7, 20, 0.18119, 0.56715), (0, 15, 0, 0.20388), (15, 15, 0.79612, 1)]
)
def test_wilson_has_the_values_of_the_questionnaire(count, base, lower, upper):
    assert wilson(count, base) == pytest.approx((lower, upper), abs=5e-6)


@pytest.mark.parametrize(
    ("count", "base", "shown"), [(0, 100, 0), (1, 200, 1), (99, 200, 50), (65, 195, 33), (5, 5, 100)]
)
def test_percentages_are_whole_and_half_goes_up(count, base, shown):
    assert percent(count, base) == shown


@given(COUNTS)
def test_rounding_only_widens_and_whole_per_cents_only_widen_further(case):
    plain, wide, whole = wilson(*case), widened(*case), percent_interval(*case)
    assert 0 <= wide[0] <= plain[0]
    assert plain[1] <= wide[1] <= 1
    assert whole[0] / 100 <= wide[0] + 1e-9
    assert wide[1] <= whole[1] / 100 + 1e-9
    assert whole[0] <= percent(*case) <= whole[1]


@pytest.mark.parametrize("n", [30, 60, 100, 400, 2000])
def test_the_interval_keeps_its_coverage_although_count_and_base_are_rounded(n):
    """On average over true shares: rounding makes coverage jump from one share to the next."""
    random = np.random.default_rng(n)
    shares = random.uniform(0.1, 0.9, 6000)
    held = [_holds(count, n, share) for count, share in zip(random.binomial(n, shares).tolist(), shares, strict=True)]
    assert 0.94 <= np.mean(held) <= 0.98


def _holds(count, n, share):
    shown, rest = rounded(count), rounded(n - count)
    lower, upper = widened(shown, shown + rest)
    return lower <= share <= upper
