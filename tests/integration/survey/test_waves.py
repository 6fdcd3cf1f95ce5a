"""Waves go forward only, by command or on their announced dates."""

from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import AuditEntry, User
from survey import actions
from survey.actions.schedule import finish_due_waves
from survey.enums import Mode, WaveState
from survey.errors import WrongState
from survey.models import Inbox, Response, Survey, Wave
from survey.queries import codebook_of, details_of, stream_codes
from survey.queries.keys import current_reading_key
from tests.cast import SHELL, open_rehearsal, send
from tests.readers import readers

UNREAD = (
    "No reviewer has made a reading key (/review/keys/): texts can be read with the receipt code alone, and are "
    "dropped at sealing.\n"
)


def run(*words: str) -> str:
    out = StringIO()
    call_command("wave", *words, stdout=out)
    return out.getvalue()


def live_wave(seal_on: date, languages: list[str] | None = None) -> Wave:
    survey = actions.create_survey(SHELL, "live", "mris", Mode.LIVE, dict.fromkeys(details_of("mris"), "said"))
    readers()
    return actions.create_wave(SHELL, survey, languages or ["en"], seal_on)


def test_the_command_takes_a_wave_through_its_states(own_database: str) -> None:
    survey = actions.create_survey(SHELL, "steps", "mris", Mode.REHEARSAL)
    actions.create_wave(SHELL, survey, ["en"], date(2027, 1, 10))

    assert [run(step, "steps") for step in ("open", "close", "seal")] == [
        f"steps wave 1: open\n{UNREAD}", "steps wave 1: closed\n", "steps wave 1: sealed\n",
    ]  # fmt: skip
    assert list(AuditEntry.objects.filter(subject__startswith="wave:").values_list("action", flat=True)) == [
        "wave.created", "wave.opened", "wave.closed", "wave.sealed", "wave.rewritten",
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["seal", "rehearsal"], "No wave of rehearsal is closed: 1 is open."),
        (["close", "nowhere"], "There is no survey 'nowhere' with a wave."),
        (["close", "rehearsal", "--wave", "7"], "rehearsal has no wave 7: 1 is open."),
        (["close", "rehearsal", "--wave", "0"], "rehearsal has no wave 0: 1 is open."),
    ],
)
def test_the_command_says_why_it_cannot(words: list[str], message: str) -> None:
    open_rehearsal()

    with pytest.raises(CommandError, match=message):
        run(*words)


@pytest.mark.django_db
def test_two_waves_of_a_survey_are_never_open_together() -> None:
    first = open_rehearsal()
    second = actions.create_wave(SHELL, first.survey, ["en"], date(2027, 5, 1))

    with pytest.raises(WrongState, match="Another wave"):
        actions.open_wave(SHELL, second)


@pytest.mark.django_db
def test_a_live_wave_does_not_open_in_a_language_of_drafts() -> None:
    wave = live_wave(date(2027, 1, 10), ["en", "zh-Hans"])

    with pytest.raises(WrongState, match="zh-Hans only when"):
        actions.open_wave(SHELL, wave)
    assert Wave.objects.get().state == WaveState.PLANNED


@pytest.mark.django_db
def test_a_live_wave_does_not_open_in_a_language_that_says_less_about_who_asks() -> None:
    wave = live_wave(date(2027, 1, 10), ["en", "zh-Hans"])
    said = dict.fromkeys(details_of("mris"), "said")
    Survey.objects.update(operator={**said, "country": {"en": "Example Country"}})
    wave.refresh_from_db()

    with pytest.raises(WrongState, match="the operator's 'country' in every language"):
        actions.open_wave(SHELL, wave)


@pytest.mark.django_db
def test_a_live_wave_opens_only_with_every_detail_of_who_asks() -> None:
    survey = actions.create_survey(SHELL, "silent", "mris", Mode.LIVE)
    silent = actions.create_wave(SHELL, survey, ["en"], date(2027, 1, 10))
    with pytest.raises(WrongState, match="the operator's 'institution'"):
        actions.open_wave(SHELL, silent)

    wave = live_wave(date(2027, 1, 10))
    actions.open_wave(SHELL, wave)
    assert wave.state == WaveState.OPEN


@pytest.mark.django_db
def test_a_live_wave_opens_only_when_two_active_reviewers_can_read_its_texts() -> None:
    wave = live_wave(date(2027, 1, 10))
    User.objects.filter(email="reader1@example.org").update(is_active=False)
    with pytest.raises(WrongState, match="2 active ones must hold the reading key"):
        actions.open_wave(SHELL, wave)

    User.objects.filter(email="reader1@example.org").update(is_active=True)
    actions.open_wave(SHELL, wave)
    assert wave.reading_key == current_reading_key()


@pytest.mark.django_db
def test_an_operator_makes_a_survey_and_its_next_wave_without_a_page(tmp_path: Path) -> None:
    details = tmp_path / "operator.yaml"
    details.write_text("country: {en: Example Country, zh-Hans: 示例国}\nreaders: 2\n", encoding="utf-8")
    out = StringIO()
    call_command("survey", "create", "mine", "--operator", str(details), stdout=out)
    assert "institution, investigator" in out.getvalue()
    assert Survey.objects.get(slug="mine").operator == {
        "country": {"en": "Example Country", "zh-Hans": "示例国"}, "readers": "2",
    }  # fmt: skip
    assert run("create", "mine", "--seal-on", "2027-01-10", "--languages", "en", "--form", "short") == (
        "mine wave 1: planned\n"
    )
    assert Wave.objects.get().form == "short"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["create", "mine", "--operator", "/nowhere"], "cannot be read"),
        (["create", "mine", "--instrument", "none"], "There is no instrument 'none'"),
        (["create", "rehearsal"], "There is a survey 'rehearsal' already"),
    ],
)
def test_the_survey_command_says_why_it_cannot(words: list[str], message: str) -> None:
    open_rehearsal()
    with pytest.raises(CommandError, match=message):
        call_command("survey", *words)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["create", "rehearsal"], "--seal-on"),
        (["create", "nowhere", "--seal-on", "2027-01-10"], "There is no survey 'nowhere'"),
        (["create", "rehearsal", "--seal-on", "2027-01-10", "--languages", "xx"], "no language 'xx'"),
        (["create", "rehearsal", "--seal-on", "2027-01-10", "--form", "tiny"], "no form 'tiny'"),
    ],
)
def test_a_wave_that_cannot_be_is_not_planned(words: list[str], message: str) -> None:
    open_rehearsal()
    with pytest.raises(CommandError, match=message):
        run(*words)
    assert Wave.objects.count() == 1


@pytest.mark.django_db
def test_opening_fixes_the_states_of_announced_events() -> None:
    wave = open_rehearsal()

    expected = "announced" if timezone.now().date() < date(2027, 1, 14) else "past"
    assert wave.event_states == {"6": expected}


def test_a_live_wave_is_closed_on_its_date_and_sealed_when_late_answers_had_their_time(own_database: str) -> None:
    wave = live_wave(timezone.now().date())
    actions.open_wave(SHELL, wave)
    send(wave, mdl="1")

    finish_due_waves()
    assert Wave.objects.get().state == WaveState.CLOSED
    finish_due_waves()
    assert Wave.objects.get().state == WaveState.CLOSED
    Wave.objects.update(late_until=timezone.now() - timedelta(hours=1))
    finish_due_waves()

    assert (Wave.objects.get().state, Response.objects.count(), Inbox.objects.count()) == ("sealed", 1, 0)


@pytest.mark.django_db
def test_nothing_happens_to_a_live_wave_before_its_date() -> None:
    wave = live_wave(timezone.now().date() + timedelta(days=1))
    actions.open_wave(SHELL, wave)
    finish_due_waves()

    assert Wave.objects.get().state == WaveState.OPEN


def test_parts_of_a_sealed_wave_join_to_the_whole(own_database: str) -> None:
    wave = open_rehearsal()
    for model in ("1", "2", "3", "4", "5"):
        send(wave, mdl=model)
    actions.close_wave(SHELL, wave)
    actions.seal_wave(SHELL, wave)
    width = codebook_of(Survey.objects.get()).width

    def rows(**part: int) -> list[bytes]:
        return [bytes(row) for block in stream_codes([wave.pk], width, **part) for row in block]

    parts = rows(offset=0, limit=2) + rows(offset=2, limit=2) + rows(offset=4, limit=2)
    assert len(parts) == len(set(parts)) == 5
    assert sorted(parts) == sorted(rows()) == sorted(rows(chunk=1))
