"""Means and covariances of scales in a protected cube: right where they are shown, hidden where they have to be."""

from dataclasses import replace

import numpy as np
import pytest

from reports.disclosure import ProtectedCube, Reason
from tests.unit.reports.attack.releases import BOOK, PLAN, exact, people, safe


@pytest.fixture(scope="module")
def cube():
    return safe(people(1, 1000)[:1000])


def scale(cube, name, by=None):
    return next(one for one in cube.scales if (one.scale, one.by) == (name, by))


def scores(codes, name="GRI"):
    """Recounted with other code: a mean per person, NaN where too few rows were answered."""
    own = BOOK.scales[name]
    raw = codes[:, [BOOK[row].position for row, _ in own.rows]].astype(float)
    raw[(raw == 0) | (raw == 255)] = np.nan
    raw += own.low - 1
    turned = np.array([reverse for _, reverse in own.rows])
    raw[:, turned] = own.low + own.high - raw[:, turned]
    raw[np.isfinite(raw).sum(axis=1) < own.minimum] = np.nan
    return np.nanmean(raw[np.isfinite(raw).any(axis=1)], axis=1)


def test_means_agree_with_a_recount(cube):
    found = scores(people(1, 1000)[:1000])
    (mean,) = scale(cube, "GRI").means
    assert (mean.mean, mean.sd) == (round(float(found.mean()), 2), round(float(found.std(ddof=1)), 2))
    assert abs(mean.n - len(found)) <= 2
    assert mean.n % 5 == 0


def test_group_means_agree_with_a_recount(cube):
    codes = people(1, 1000)[:1000]
    one = scale(cube, "ATT", "evt_main")
    variable = BOOK["evt_main"]
    for category, mean in zip(one.categories, one.means, strict=True):
        members = np.isin(codes[:, variable.position], [variable.byte(code) for code in category])
        found = scores(codes[members], "ATT")
        if mean.reason is None:
            assert mean.decimals == (2 if len(found) >= 200 else 1)
            assert mean.mean == round(float(found.mean()), mean.decimals)
        else:
            assert mean.n is mean.mean is mean.sd is None


def test_no_mean_stands_for_fewer_than_50_and_no_group_is_hidden_alone(cube):
    for one in cube.scales:
        hidden = [mean for mean in one.means if mean.reason]
        assert all(mean.n >= 50 for mean in one.means if mean.reason is None)
        if one.by and one.visible:
            assert len(hidden) != 1


def test_moments_need_200_people():
    few = safe(people(1, 1000)[:250])
    assert scale(few, "GRI").moments is None
    shown = scale(few, "INS").moments
    assert shown is None or shown.n >= 200


@pytest.mark.parametrize(("n", "left_out", "decimals"), [(300, 0, 2), (300, 10, 1), (300, 60, 2)])
def test_item_means_are_coarse_where_they_would_tell_of_few_who_left_one_out(n, left_out, decimals):
    """Trust has three rows, and a score of two: the scale's mean counts those who left one out, the items do not."""
    codes = complete(people(1, 1000), "TRU")[:n].copy()
    codes[:left_out, BOOK["tru_1"].position] = 255
    found = scale(safe(codes), "TRU").moments
    assert found.decimals == decimals
    assert (list(found.means) == [round(mean, 1) for mean in found.means]) is (decimals == 1)


def complete(codes, name):
    rows = codes[:, [BOOK[row].position for row, _ in BOOK.scales[name].rows]]
    return codes[((rows > 0) & (rows < 255)).all(axis=1)]


def test_groups_need_the_tier_of_crosstabs():
    small = safe(people(1, 1000)[:120])
    assert scale(small, "ATT").visible
    assert scale(small, "ATT", "lang").reasons == (Reason.BELOW_TIER,)
    middle = safe(people(1, 1000)[:200])
    assert scale(middle, "GRI", "lang").reasons == (Reason.BELOW_TIER,)


def test_a_cube_keeps_its_scales_when_it_is_stored(cube):
    assert ProtectedCube.from_json(cube.to_json()) == cube


def test_a_release_with_a_wave_more_shows_no_mean_that_few_people_moved(cube):
    codes = people(1, 1000)
    first = safe(codes[:700])
    second = safe(codes[:760], ("mris/1", "mris/2"), earlier=[first])
    assert second.refusal is None
    (mean,) = scale(second, "GRI").means or (None,)
    assert mean is None
    assert scale(second, "ATT").moments is None
    third = safe(codes[:1000], ("mris/1", "mris/2"), earlier=[first])
    assert scale(third, "ATT").visible


def test_the_same_people_grouped_otherwise_have_no_second_set_of_means(cube):
    other = replace(
        cube,
        scales=tuple(
            replace(one, categories=((1,), (2, 3)), means=one.means[:2]) if one.by == "evt_main" else one
            for one in cube.scales
        ),
    )
    again = safe(people(1, 1000)[:1000], earlier=[other])
    assert scale(again, "ATT", "evt_main").reasons == (Reason.DIFFERS_FROM_EARLIER,)
    assert scale(again, "ATT", "lang").means == scale(cube, "ATT", "lang").means


def test_answers_that_contradict_the_bands_are_not_published():
    """Bands that do not follow from the rows cannot be audited, and stop no report."""
    codes = people(1, 1000)[:1000].copy()
    codes[:, BOOK["att_band"].position] = np.select([np.arange(1000) % 20 == 0, np.arange(1000) % 20 == 1], [2, 3], 1)
    assert not scale(safe(codes), "ATT").visible


def test_all_scales_of_the_plan_are_counted():
    assert {names[0] for names in exact(people(1, 1000)[:60]).scores} == {spec.scale for spec in PLAN.scales}
