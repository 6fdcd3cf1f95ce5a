"""Moments of scales by language: right where they are shown, and nothing small is left when they are subtracted."""

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from reports.disclosure import ProtectedCube, Reason, clashes
from reports.disclosure.group_moments import group_moments
from reports.disclosure.together import group_moments_conflict
from reports.disclosure.work import Work
from tests.unit.reports.attack.releases import BOOK, bundle, exact, findings
from tests.unit.reports.by_language import answered, complete, offered, protected, spoken


def moments(cube, scale="INS"):
    return next(one for one in cube.moments if one.scale == scale)


def shown(codes, scale="INS", **keys):
    return moments(protected(codes, **keys), scale)


def test_they_agree_with_a_recount():
    codes = spoken(complete(), en=400, ja=300)
    found = shown(codes)
    assert found.categories == (("en",), ("ja",))
    rows = codes[:, [BOOK[row].position for row, _ in BOOK.scales["INS"].rows]].astype(float)
    rows[:, 2] = 6 - rows[:, 2]
    for moment, own in zip(found.moments, (rows[:400], rows[400:]), strict=True):
        assert moment.n == len(own)
        assert moment.means == tuple(np.round(own.mean(axis=0), 2).tolist())
        assert np.allclose(moment.covariances, np.round(np.cov(own, rowvar=False), 2))


@pytest.mark.parametrize(
    ("languages", "groups"),
    [
        ({"en": 400, "ja": 300}, ["en", "ja"]),  # nobody is left
        ({"en": 350, "ja": 261, "ko": 199}, ["en"]),  # 199 would be: with the Japanese they are 460
        ({"en": 350, "ja": 260, "ko": 100, "es": 100}, ["en", "ja"]),  # 200 are
        ({"en": 400, "ja": 199}, []),  # of two languages, one is the whole less the other
        ({"en": 250, "ja": 240, "ko": 230, "es": 10}, ["en", "ja"]),
    ],
)
def test_what_is_left_of_everybody_is_nobody_or_200_people(languages, groups):
    found = shown(spoken(complete(), **languages))
    assert ["-".join(codes) for codes in found.categories] == groups
    assert found.rest == sum(n for name, n in languages.items() if name not in groups) * bool(groups)
    assert found.visible is bool(groups)


def test_without_that_rule_the_attack_finds_who_is_left(monkeypatch):
    codes = spoken(complete(), en=400, ja=60)
    monkeypatch.setattr("reports.disclosure.group_moments._Scale._rest", lambda self, _: self._people(()))
    found = findings(bundle(protected(codes), plan=offered(codes)), names=["means"])["means"]
    assert any("INS by lang: those in no group" in line for line in found.examples)


@pytest.mark.parametrize(("left_out", "decimals"), [(0, 2), (10, 1), (60, 2)])
def test_means_of_all_groups_are_coarse_where_a_few_of_one_left_a_row_out(left_out, decimals):
    codes = spoken(complete(), en=400, ja=300)
    codes[400 : 400 + left_out, BOOK["ins_1"].position] = 255
    found = shown(codes)
    assert {moment.decimals for moment in found.moments} == {decimals}


def test_a_variance_that_tells_how_few_of_a_group_gave_an_answer_hides_the_group():
    codes = spoken(complete(), en=500, ja=300)
    codes[500:, BOOK["ins_1"].position] = BOOK["ins_1"].byte(4)
    codes[500:503, BOOK["ins_1"].position] = BOOK["ins_1"].byte(1)
    assert shown(codes).reasons == (Reason.TOO_FEW_FOR_STATISTIC,)


@pytest.mark.parametrize(("by", "left"), [("lang", [("en",)]), (None, [])])
def test_a_mean_that_is_hidden_does_not_follow_from_the_means_of_rows(by, left):
    """Of two languages (one is never hidden alone), or of everybody."""
    codes = spoken(complete(), en=400, es=230, ja=210)
    cube, plan = protected(codes), offered(codes)
    assert moments(cube).categories == (("en",), ("ja",), ("es",))
    scales = [_without_means(one) if (one.scale, one.by) == ("INS", by) else one for one in cube.scales]
    work = Work(exact(codes, plan=plan), plan, BOOK, (), cube.tier)
    found = {one.scale: one for one in group_moments(work, cube.tables, scales)}
    assert list(found["INS"].categories) == left


def _without_means(one):
    if one.by is None:
        return replace(one, means=(), moments=None, reasons=(Reason.AUDIT_FAILED,))
    pairs = zip(one.categories, one.means, strict=True)
    return replace(
        one,
        means=tuple(mean if codes == ("en",) else replace(mean, reason=Reason.AUDIT_FAILED) for codes, mean in pairs),
    )


def test_scales_that_share_rows_do_not_tell_of_the_few_of_a_group_who_answered_only_one():
    codes = complete()[answered(complete(), "ATT")]
    codes = spoken(np.concatenate([codes, codes]), en=320, ja=300)
    cube = protected(codes)
    assert moments(cube, "ATT").visible
    assert moments(cube, "ATT_S").visible
    codes[300:320, BOOK["att_b1"].position] = 255  # 20 of the English speakers
    codes[320:420, BOOK["att_b1"].position] = 255  # and 100 others: no few of everybody
    cube = protected(codes)
    assert moments(cube, "ATT").visible
    assert not moments(cube, "ATT_S").visible


def test_they_are_stored_with_the_cube():
    cube = release()
    assert ProtectedCube.from_json(cube.to_json()) == cube
    older = {key: value for key, value in cube.as_document().items() if key != "moments"}
    assert ProtectedCube.from_document(older).moments == ()


BOTH = ("mris/1", "mris/2")


@cache
def release():
    return protected(spoken(complete(), en=400, ja=300))


def test_the_same_waves_have_the_same_groups():
    first = release()
    assert shown(spoken(complete(), en=400, ja=300), earlier=[first]) == moments(first)
    other = replace(first, moments=tuple(replace(one, categories=one.categories[:1], moments=one.moments[:1])
                                         for one in first.moments))  # fmt: skip
    assert shown(spoken(complete(), en=400, ja=300), earlier=[other]).reasons == (Reason.DIFFERS_FROM_EARLIER,)
    assert moments(first).id in clashes(first, [other], BOOK)


@pytest.mark.parametrize(
    ("then", "now", "conflict"),
    [
        ({"en": 300, "ja": 250}, {"en": 520, "ja": 480}, False),
        ({"en": 300, "ja": 250}, {"en": 520, "ja": 400}, True),  # 150 more of one group
        ({"en": 300, "ko": 210}, {"en": 520, "ko": 300}, True),  # 90 more in no group that is shown
        ({"en": 300, "ja": 250}, {"en": 520, "es": 480}, True),  # other groups
    ],
)
def test_releases_that_share_a_wave_tell_of_no_few_people_more(then, now, conflict):
    """As protected numbers: (people of each group; the Korean speakers are in none that is shown)."""
    earlier, later = (made(**languages) for languages in (then, now))
    first = replace(release(), moments=(earlier,))
    assert group_moments_conflict(later, BOTH, [first]) is conflict
    assert not group_moments_conflict(later, ("mris/3",), [first])


def made(ko=0, **languages):
    one = moments(release())
    sized = tuple(replace(one.moments[0], n=n) for n in languages.values())
    return replace(one, categories=tuple((name,) for name in languages), moments=sized, rest=ko)
