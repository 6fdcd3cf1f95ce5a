"""Events and help lines: data that may change without a new version of the questionnaire."""

from datetime import date
from pathlib import Path

import pytest

from survey.instrument.load import InstrumentError, load_events, load_help_lines

EVENT = """\
- code: 6
  kind: ended
  models: 1 2
  channel: api
  announced: 2026-10-14
  first_day: 2027-01-14
  last_day: 2027-01-15
  evidence: seen
  source: a notice
  state: by date
"""
LINE = """\
en:
  - name: Somebody
    what: listens
    phone: "988"
    url: https://example.org
    hours: day and night
    countries: US CA
    checked_on: 2026-11-01
"""


def events_file(folder: Path, source: str) -> Path:
    (folder / "events.yaml").write_text(source)
    return folder


def help_file(folder: Path, source: str) -> Path:
    (folder / "helplines.yaml").write_text(source)
    return folder


def test_an_event_is_announced_before_its_first_day_and_past_from_then_on(tmp_path: Path) -> None:
    (event,) = load_events(events_file(tmp_path, EVENT))
    assert event.models == (1, 2)
    assert event.state_on(date(2027, 1, 13)) == "announced"
    assert event.state_on(date(2027, 1, 14)) == "past"


def test_an_event_that_no_date_decides_is_past(tmp_path: Path) -> None:
    (event,) = load_events(events_file(tmp_path, EVENT.replace("by date", "past")))
    assert not event.by_date
    assert event.state_on(date(2020, 1, 1)) == "past"


def test_a_month_is_enough_where_no_state_hangs_on_it(tmp_path: Path) -> None:
    source = EVENT.replace("by date", "past").replace("2027-01-14", "2027-01")
    assert load_events(events_file(tmp_path, source))[0].first_day == "2027-01"


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("channel: api", "channel: mail", 4, "none of: app, api, any"),
        ("kind: ended", "kind: gone", 2, "none of: announced, changed"),
        ("state: by date", "state: soon", 10, "none of: past, by date, by answers"),
        ("2027-01-14", "14 January", 6, "is no day"),
        ("2027-01-14", "2027-02-30", 6, "is no day"),
        ("2027-01-14", "20270114", 6, "is no day"),
        ("2027-01-14", "2027-01", 1, "needs a first day"),
        ("2027-01-15", "2027-01-13", 1, "not in this order"),
        ("evidence: seen", "proof: seen", 8, "unknown key 'proof'"),
        ("code: 6", "code: six", 1, "a whole number is expected"),
        ("source: a notice", "notice: http://example.org", 9, "an address begins with https://"),
        ("  evidence: seen\n", "", 1, "'evidence' is missing"),
    ],
)
def test_an_odd_event_is_refused(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in EVENT
    with pytest.raises(InstrumentError, match=message) as caught:
        load_events(events_file(tmp_path, EVENT.replace(old, new)))
    assert (caught.value.file, caught.value.line) == ("events.yaml", line)


def test_an_event_code_stands_once(tmp_path: Path) -> None:
    with pytest.raises(InstrumentError, match="twice"):
        load_events(events_file(tmp_path, EVENT + EVENT))


def test_a_help_line_says_when_a_person_checked_it(tmp_path: Path) -> None:
    (line,) = load_help_lines(help_file(tmp_path, LINE))["en"]
    assert (line.name, line.countries, line.checked_on) == ("Somebody", ("US", "CA"), date(2026, 11, 1))


def test_a_help_line_that_nobody_checked_says_so(tmp_path: Path) -> None:
    (line,) = load_help_lines(help_file(tmp_path, LINE.replace("2026-11-01", "null")))["en"]
    assert line.checked_on is None


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("en:", "english:", 1, "no language code"),
        ("    checked_on: 2026-11-01\n", "", 2, "'checked_on' is missing"),
        ("checked_on: 2026-11-01", "checked_on: 2026-11", 8, "a day, not a month"),
        ("countries: US CA", "countries: USA", 7, "no two-letter country code"),
        ("url: https://", "url: ftp://", 5, "an address begins with https://"),
        ('    phone: "988"\n    url: https://example.org\n', "", 2, "neither a phone number nor an address"),
    ],
)
def test_an_odd_help_line_is_refused(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    assert old in LINE
    with pytest.raises(InstrumentError, match=message) as caught:
        load_help_lines(help_file(tmp_path, LINE.replace(old, new)))
    assert (caught.value.file, caught.value.line) == ("helplines.yaml", line)
