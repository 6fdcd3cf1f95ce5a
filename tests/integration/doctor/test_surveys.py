"""The doctor on surveys and settings: what is overdue, unfinished or unsafe is named, with what to do."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from config.doctor import CANNOT_SEE, process, surveys, testimonies
from config.doctor.findings import Check, Finding
from survey import actions, queries
from survey.enums import Mode
from survey.models import Survey, Testimony, Wave
from survey.queries.instruments import details_of
from tests.cast import SHELL, open_rehearsal
from tests.readers import readers

YESTERDAY = timezone.now().date() - timedelta(days=1)
TODAY = timezone.now().date()


def said(check: Check) -> list[str]:
    return [finding.what for finding in check()]


def live_wave(seal_on: date = TODAY + timedelta(days=30), **details: str) -> Wave:
    operator = {**{name: f"the {name}" for name in details_of("mris")}, **details}
    survey = actions.create_survey(SHELL, "live", "mris", Mode.LIVE, operator)
    wave = actions.create_wave(SHELL, survey, ["en"], seal_on)
    readers()
    actions.open_wave(SHELL, wave)
    return wave


@pytest.fixture
def wave(db: None) -> Wave:
    return live_wave()


def test_a_sound_live_wave_is_left_alone(wave: Wave) -> None:
    checks = (
        surveys.waves_are_sealed_in_time,
        surveys.sealed_waves_are_rewritten,
        surveys.no_self_test_is_left_open,
        surveys.instruments_are_what_they_were,
        surveys.open_texts_are_reviewed,
        surveys.the_operator_is_named,
        process.languages_have_an_interface,
    )
    assert [words for check in checks for words in said(check)] == []


def test_a_live_wave_open_past_its_seal_date_is_named(db: None) -> None:
    live_wave(YESTERDAY)

    assert said(surveys.waves_are_sealed_in_time) == [f"live wave 1 is open past its seal date, {YESTERDAY}."]


def test_a_live_wave_that_was_not_sealed_in_time_is_named(db: None) -> None:
    wave = live_wave(YESTERDAY)
    actions.close_wave(SHELL, wave)
    assert said(surveys.waves_are_sealed_in_time) == []
    Wave.objects.update(late_until=timezone.now() - timedelta(hours=1))

    assert said(surveys.waves_are_sealed_in_time) == [f"live wave 1 is not sealed, and its seal date was {YESTERDAY}."]


def test_a_self_test_that_was_killed_is_named(db: None) -> None:
    open_rehearsal("anonymity-selftest")

    assert said(surveys.no_self_test_is_left_open) == ["anonymity-selftest is open: a self-test runs, or was killed."]


def test_a_wave_of_another_version_of_the_instrument_is_named(wave: Wave) -> None:
    Survey.objects.update(version="0.0")

    assert said(surveys.instruments_are_what_they_were)[0].startswith("live began with mris 0.0")


def test_texts_that_are_no_longer_reviewed_are_named(wave: Wave) -> None:
    Wave.objects.update(languages=["en", "ja"])

    assert said(surveys.open_texts_are_reviewed)[0].startswith("live wave 1 is open in ja with ")


@pytest.mark.parametrize(
    ("detail", "words"),
    [("", "does not say 'country' in en"), ("[country]", "is that meant?"), ("Example Country", "is that meant?")],
)
def test_a_detail_left_unfilled_is_named(wave: Wave, detail: str, words: str) -> None:
    Survey.objects.update(operator={**wave.survey.operator, "country": detail})

    assert [words in one for one in said(surveys.the_operator_is_named)] == [True]


def test_help_lines_are_counted_by_language(wave: Wave, monkeypatch: pytest.MonkeyPatch) -> None:
    known = queries.help_lines("mris", "en")
    told = said(surveys.help_lines_are_checked)

    assert told == [
        f"{len(known)} of {len(known)} help lines in en were not checked within 180 days, {len(known)} of them never."
    ]
    monkeypatch.setattr(queries, "help_lines", lambda *_: ())
    assert said(surveys.help_lines_are_checked) == ["There is no help line in en."]


@pytest.mark.parametrize(
    ("check", "values", "words"),
    [
        (process.settings_are_safe, {"DEBUG": True, "PRODUCTION": False}, "DEBUG is on"),
        (process.settings_are_safe, {"PRODUCTION": False}, "A live wave is open with the settings of a rehearsal."),
        (process.settings_are_safe, {"PRODUCTION": True, "SECRET_KEY": "short"}, "shorter than 32"),
        (process.keys_are_strong, {"PRODUCTION": True, "SECRET_KEY": "ab" * 30}, "repeats a few signs"),
        (
            process.address_is_reached_by_https,
            {"PRODUCTION": True, "PUBLIC_URL": "http://survey.test", "ALLOWED_HOSTS": ["survey.test"]},
            "Answers travel in the open",
        ),
        (
            process.address_is_reached_by_https,
            {"PRODUCTION": True, "HTTPS": True, "PUBLIC_URL": "https://other.test", "ALLOWED_HOSTS": ["survey.test"]},
            "other.test of PUBLIC_URL is not in ALLOWED_HOSTS",
        ),
        (process.languages_have_an_interface, {"LANGUAGES": [("ja", "")]}, "live wave 1 is offered in en"),
    ],
)
def test_unsafe_settings_are_named(
    wave: Wave, settings: Settings, check: Check, values: dict[str, object], words: str
) -> None:
    for name, value in values.items():
        setattr(settings, name, value)

    assert any(words in one for one in said(check)), said(check)


def test_the_command_prints_a_line_a_finding_and_fails_when_something_is_wrong(own_database: str) -> None:
    live_wave(YESTERDAY)
    out = StringIO()
    with pytest.raises(CommandError, match="things are wrong"):
        call_command("doctor", stdout=out)
    lines = out.getvalue().splitlines()

    assert f"WRONG    surveys: live wave 1 is open past its seal date, {YESTERDAY}." in "\n".join(lines)
    assert lines[-len(CANNOT_SEE) :] == [f"- {line}" for line in CANNOT_SEE]


def test_the_command_gives_a_document(own_database: str) -> None:
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("doctor", json=True, stdout=out)
    document = json.loads(out.getvalue())

    assert document["ok"] is False
    assert {"subject", "level", "what", "do"} == {*document["findings"][0]}
    assert [one for one in document["findings"] if "could not be examined" in one["what"]] == []


def test_a_finding_says_what_to_do(wave: Wave) -> None:
    found: list[Finding] = list(surveys.help_lines_are_checked())

    assert all(one.do.endswith((".", ")")) for one in found)


def test_texts_without_enough_readers_are_named(wave: Wave) -> None:
    checks = (testimonies.texts_have_readers, testimonies.holders_are_active, testimonies.no_text_is_in_plain)
    assert [words for check in checks for words in said(check)] == []

    User.objects.filter(email="reader1@example.org").update(is_active=False)
    assert said(testimonies.texts_have_readers)[0].startswith("Only one reviewer can read the texts of live wave 1")
    assert said(testimonies.holders_are_active) == [
        "reader1@example.org holds a reading key and is no active reviewer."
    ]
    User.objects.update(is_active=False)
    assert said(testimonies.texts_have_readers) == ["No active reviewer can read the texts of live wave 1."]


def test_texts_in_plain_are_named(db: None) -> None:
    old = open_rehearsal()
    Survey.objects.update(mode=Mode.LIVE)
    assert said(testimonies.texts_have_readers) == [
        "rehearsal wave 1 has no reading key: what people write lies in the database in plain."
    ]
    Testimony.objects.create(wave=old, language="en", use=1, plain={"tst": "Old words"})
    assert said(testimonies.no_text_is_in_plain) == ["Testimonies that an earlier version has sealed are in plain."]
