"""What admins type about events and help lines: kept as it was meant, or refused with a sentence."""

from dataclasses import replace
from datetime import date

import pytest

from survey.errors import Invalid
from survey.instrument import directory
from survey.instrument.load import Event

LINE = {"name": "Lebenslinie", "what": "hört zu", "phone": "0800 111 0 111", "url": "https://example.org/hilfe",
        "hours": "Tag und Nacht", "countries": "de, AT", "source": "the line's own page"}  # fmt: skip
EVENT = {"kind": "ended", "channel": "api", "models": "1 2", "announced": "2026-10", "first_day": "2027-01-14",
         "last_day": "2027-01-15", "evidence": "seen", "source": "a notice", "notice": ""}  # fmt: skip


def test_a_help_line_is_kept_as_it_was_meant() -> None:
    line = directory.help_line({**LINE, "name": "  Lebens\n linie "})
    assert (line.name, line.countries, line.checked_on) == ("Lebens linie", ("DE", "AT"), None)
    assert directory.stored_help_line(directory.help_line_document(line)) == line
    checked = replace(line, checked_on=date(2026, 11, 1))
    assert directory.stored_help_line(directory.help_line_document(checked)) == checked


@pytest.mark.parametrize("name", ["生きる支援", "نحن نسمعك", "다들어줄개", "Línea de la vida", "می‌شنویم", "👩‍👧 Hilfe"])
def test_every_script_may_be_written(name: str) -> None:
    assert directory.help_line({**LINE, "name": name}).name == name


def test_a_new_number_has_not_been_checked() -> None:
    before = replace(directory.help_line(LINE), checked_on=date(2026, 11, 1))
    assert directory.help_line({**LINE, "hours": "nights"}, before).checked_on == date(2026, 11, 1)
    assert directory.help_line({**LINE, "phone": "0800 1"}, before).checked_on is None
    assert directory.help_line({**LINE, "url": ""}, before).checked_on is None


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"name": ""}, "Name is missing"),
        ({"what": " \n"}, "What it is is missing"),
        ({"name": "a\u202eb"}, "cannot be seen"),
        ({"hours": "a\x1bb"}, "cannot be seen"),
        ({"source": "\ue000"}, "cannot be seen"),
        ({"what": "x" * 501}, "500 characters"),
        ({"phone": "", "url": ""}, "phone number, a web address, or both"),
        *(({"phone": number}, "Phone:") for number in ("call us", "tel:112", "1", "0800<b>", "٠٨٠٠١١", "1" * 40)),
        *(
            ({"url": url}, "Web address:")
            for url in (
                "http://example.org", "javascript:alert(1)", "https://", "https://localhost", "https://a@b.org",
                "https://example.org:x/", "https://exa mple.org", 'https://example.org/"><b>', "//example.org",
                "https://[x", "data:text/html,x", f"https://example.org/{'x' * 200}",
            )
        ),
        *(({"countries": codes}, "Countries:") for codes in ("XX", "Germany", "D", "001", "DE <b>")),
    ],
)  # fmt: skip
def test_an_odd_help_line_is_refused(changed: dict[str, str], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        directory.help_line({**LINE, **changed})


def by_date() -> Event:
    return replace(directory.event(EVENT, 6), state="by date")


def test_an_event_is_kept_as_it_was_meant() -> None:
    event = directory.event(EVENT, 12)
    assert (event.code, event.models, event.state) == (12, (1, 2), "past")
    assert directory.stored_event(directory.event_document(event)) == event


def test_a_correction_leaves_it_to_the_questionnaire_whether_the_day_decides() -> None:
    assert directory.event({**EVENT, "state": "past"}, 6, by_date()).state == "by date"
    with pytest.raises(Invalid, match="give the day, not a month"):
        directory.event({**EVENT, "first_day": "2027-01"}, 6, by_date())


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"kind": "gone"}, "Kind: one of"),
        ({"channel": ""}, "Channel: one of"),
        ({"evidence": ""}, "is missing"),
        ({"source": ""}, "Source is missing"),
        ({"first_day": "14 January"}, "First day:"),
        ({"last_day": "2027-02-30"}, "Last day:"),
        ({"announced": "20261014"}, "Announced:"),
        ({"last_day": "2027-01-13"}, "not in this order"),
        ({"notice": "http://example.org"}, "Notice:"),
        *(({"models": models}, "Models:") for models in ("GPT", "-1", "0", "1 2 x", "9999999999", "²")),
    ],
)
def test_an_odd_event_is_refused(changed: dict[str, str], says: str) -> None:
    with pytest.raises(Invalid, match=says):
        directory.event({**EVENT, **changed}, 12)
