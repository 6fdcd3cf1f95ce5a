"""Surveys with their waves; how many answered, never exactly."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from survey.actions import create_survey, create_wave
from survey.enums import Mode, WaveState
from survey.models import Survey, Wave
from tests.cast import SHELL, open_rehearsal, send
from tests.integration.reports.api.callers import researcher
from tests.integration.reports.cast import add_sealed_wave, sealed_survey

pytestmark = pytest.mark.django_db


def waves(slug: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = researcher().get(f"surveys/{slug}/").json()["waves"]
    return found


def test_a_survey_says_what_it_asks_in_which_languages() -> None:
    create_survey(SHELL, "live", "mris", Mode.LIVE)
    survey = researcher().get("surveys/live/").json()
    assert survey == {
        "slug": "live",
        "url": "http://testserver/api/v1/surveys/live/",
        "title": survey["title"],
        "mode": "live",
        "instrument": "mris",
        "version": "1",
        "codebook": "http://testserver/api/v1/codebooks/mris/",
        "languages": survey["languages"],
        "waves": [],
    }
    assert {"en", "zh-Hans"} <= set(survey["languages"])


@pytest.mark.parametrize(("responses", "said"), [(0, 0), (2, 0), (3, 5), (57, 55), (58, 60), (60, 60)])
def test_of_a_sealed_wave_the_count_is_rounded_to_five(responses: int, said: int) -> None:
    sealed_survey(responses=responses)
    (wave,) = waves("mris")
    assert (wave["state"], wave["responses"], wave["attendance"]) == ("sealed", said, None)


@pytest.mark.parametrize("state", [WaveState.OPEN, WaveState.CLOSED])
def test_of_a_wave_that_is_not_sealed_only_the_band_is_known(state: WaveState) -> None:
    wave = open_rehearsal()
    for _ in range(3):
        send(wave)
    Wave.objects.update(state=state)
    (shown,) = waves("rehearsal")
    assert (shown["state"], shown["responses"], shown["attendance"]) == (state, None, "under 50")


def test_of_a_planned_wave_nothing_is_said() -> None:
    create_wave(SHELL, create_survey(SHELL, "soon", "mris", Mode.REHEARSAL), ["en"], seal_on=date(2027, 1, 10))
    (wave,) = waves("soon")
    assert wave == {"number": 1, "state": "planned", "languages": ["en"], "seal_on": "2027-01-10", "responses": None,
                    "attendance": None}  # fmt: skip


def test_the_list_holds_each_survey_with_its_own_waves() -> None:
    add_sealed_wave(sealed_survey(responses=10), 20)
    open_rehearsal()
    listed = researcher().get("surveys/").json()
    assert listed["count"] == 2
    found = {one["slug"]: [(wave["number"], wave["responses"]) for wave in one["waves"]] for one in listed["results"]}
    assert found == {"mris": [(1, 10), (2, 20)], "rehearsal": [(1, None)]}


def test_more_surveys_need_no_more_queries() -> None:
    sealed_survey(responses=1)
    who = researcher()
    with CaptureQueriesContext(connection) as few:
        who.get("surveys/")
    for number in range(5):
        add_sealed_wave(Survey.objects.create(slug=f"s{number}", instrument="mris", version="1", mode="rehearsal"), 1)
    with CaptureQueriesContext(connection) as many:
        assert who.get("surveys/").json()["count"] == 6
    assert len(many) == len(few) <= 5
