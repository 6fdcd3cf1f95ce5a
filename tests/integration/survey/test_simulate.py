"""`manage.py simulate`: into open rehearsals only, through the action that the form uses."""

from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from survey import actions
from survey.enums import Mode, WaveState
from survey.models import Inbox, Survey, Wave
from survey.queries import languages_of
from tests import cast

pytestmark = pytest.mark.django_db


def simulate(slug: str = "rehearsal", *arguments: str) -> str:
    out = StringIO()
    call_command("simulate", slug, "--responses", "20", *arguments, stdout=out)
    return out.getvalue()


def documents() -> list[dict[str, dict[str, object]]]:
    return list(Inbox.objects.values_list("document", flat=True))


def test_simulated_answers_arrive_in_the_inbox_of_the_open_wave() -> None:
    wave = cast.open_rehearsal()
    assert simulate().startswith("20 simulated responses sent to rehearsal: ")
    assert Inbox.objects.filter(wave=wave).count() == 20
    assert set(Inbox.objects.values_list("language", flat=True)) <= set(languages_of("mris"))
    assert all(document["answers"]["con_age"] == 1 for document in documents())


def test_the_same_seed_sends_the_same_answers_under_new_codes() -> None:
    cast.open_rehearsal()
    simulate("rehearsal", "--seed", "7")
    simulate("rehearsal", "--seed", "7")
    counted = Counter(str(document) for document in documents())
    assert Inbox.objects.count() == 40
    assert all(number % 2 == 0 for number in counted.values())


def test_another_seed_sends_other_answers() -> None:
    cast.open_rehearsal()
    simulate("rehearsal", "--seed", "7")
    simulate("rehearsal", "--seed", "8")
    assert len({str(document) for document in documents()}) == 40


def test_languages_can_be_narrowed() -> None:
    cast.open_rehearsal()
    simulate("rehearsal", "--lang", "zh-Hans")
    assert set(Inbox.objects.values_list("language", flat=True)) == {"zh-Hans"}


def live_survey() -> None:
    survey = Survey.objects.create(slug="live", instrument="mris", version="1", mode=Mode.LIVE)
    Wave.objects.create(
        survey=survey, number=1, state=WaveState.OPEN, languages=["en"], seal_on=date(2027, 1, 10), event_states={}
    )


def closed_rehearsal() -> None:
    actions.close_wave(cast.SHELL, cast.open_rehearsal("closed"))


@pytest.mark.parametrize(
    ("slug", "arguments", "message"),
    [
        ("nowhere", (), "There is no survey 'nowhere'"),
        ("live", (), "live is live: simulated answers go into rehearsals only"),
        ("closed", (), "closed has no open wave"),
        ("rehearsal", ("--lang", "ko"), "not offered in ko"),
        ("rehearsal", ("--population", "/nowhere.yaml"), "nowhere.yaml"),
    ],
)
def test_where_it_must_not_go_nothing_is_sent(slug: str, arguments: tuple[str, ...], message: str) -> None:
    live_survey()
    closed_rehearsal()
    cast.open_rehearsal()
    Wave.objects.filter(survey__slug="rehearsal").update(languages=["en", "zh-Hans"])
    with pytest.raises(CommandError, match=message):
        simulate(slug, *arguments)
    assert Inbox.objects.count() == 0


@pytest.mark.parametrize("responses", ["0", "-3", "many"])
def test_the_number_of_responses_is_a_positive_one(responses: str) -> None:
    with pytest.raises(CommandError, match="--responses"):
        call_command("simulate", "rehearsal", "--responses", responses)
