"""The events that happened to models, and help lines: data beside the questionnaire, changed without a new version.

The files are the beginning: what admins have changed since lies in the database (`survey.queries.directory`).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from survey.instrument.load.reader import Table, Value, read_file

EVENT_KEYS = {"code", "kind", "models", "channel", "first_day", "last_day", "announced"} | {
    *("evidence", "source", "notice", "state")
}
KINDS = ("announced", "changed", "restricted", "removed", "restored", "ended")
CHANNELS = ("app", "api", "any")
STATES = ("past", "by date", "by answers")
LINE_KEYS = {"name", "what", "phone", "url", "hours", "countries", "checked_on", "source"}
DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")
COUNTRY = re.compile(r"[A-Z]{2}")
LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z][a-z]{3})?")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a model. Days are ISO texts, by month where the day is not known, empty if neither."""

    code: int
    kind: str
    models: tuple[int, ...]
    """Codes of `mdl` for which the event is offered; none: for all."""
    channel: str
    first_day: str
    last_day: str
    announced: str
    evidence: str
    source: str
    notice: str
    """Address of the company's own notice, if people should be sent to it."""
    state: str
    """past; "by date": fixed by the wave when it opens; "by answers": an expression of the instrument decides."""

    @property
    def by_date(self) -> bool:
        return self.state == "by date"

    def state_on(self, day: date) -> str:
        """Announced before the first day, past from then on."""
        return "announced" if self.by_date and day.isoformat() < self.first_day else "past"


@dataclass(frozen=True, slots=True)
class HelpLine:
    """Where somebody can talk to a person. `checked_on` is empty until a person has tried the line."""

    name: str
    what: str
    phone: str
    url: str
    hours: str
    countries: tuple[str, ...]
    """ISO 3166 codes; none: not bound to a country."""
    checked_on: date | None
    source: str = ""
    """Where the number stands."""


def load_events(folder: Path) -> tuple[Event, ...]:
    """The catalogue in events.yaml. Raises InstrumentError."""
    events = tuple(_event(value) for value in read_file(folder / "events.yaml").list())
    codes = [event.code for event in events]
    if len({*codes}) < len(codes):
        raise read_file(folder / "events.yaml").error("an event code stands here twice")
    return events


def _event(value: Value) -> Event:
    value = value.named_by("code")
    table = value.table(EVENT_KEYS)
    event = Event(
        code=table.need("code").whole(),
        kind=_one_of(table.need("kind"), KINDS),
        models=tuple(entry.whole() for entry in table.entries["models"].list()) if "models" in table else (),
        channel=_one_of(table.need("channel"), CHANNELS),
        first_day=_day(table.get("first_day")),
        last_day=_day(table.get("last_day")),
        announced=_day(table.get("announced")),
        evidence=table.need("evidence").text(),
        source=_text(table, "source"),
        notice=_address(table, "notice"),
        state=_one_of(table.need("state"), STATES),
    )
    _refuse_odd_days(value, event)
    return event


def _refuse_odd_days(value: Value, event: Event) -> None:
    if event.by_date and len(event.first_day) != len("2027-01-14"):
        raise value.error("a state by date needs a first day, not a month")
    days = [day for day in (event.announced, event.first_day, event.last_day) if day]
    if days != sorted(days):
        raise value.error("announced, first and last day are not in this order")


def _one_of(value: Value, words: tuple[str, ...]) -> str:
    if value.text() not in words:
        raise value.error(f"{value.text()!r} is none of: {', '.join(words)}")
    return value.text()


def _day(value: Value | None) -> str:
    if value is None:
        return ""
    text = value.text()
    try:
        date.fromisoformat(text if len(text) > len("2027-01") else f"{text}-01")
    except ValueError as error:
        raise value.error(f"{text!r} is no day (2027-01-14) and no month (2027-01)") from error
    if not DAY.fullmatch(text):
        raise value.error(f"{text!r} is no day (2027-01-14) and no month (2027-01)")
    return text


def _text(table: Table, key: str) -> str:
    value = table.get(key)
    return "" if value is None else value.text()


def _address(table: Table, key: str) -> str:
    address = _text(table, key)
    if address and not address.startswith("https://"):
        raise table.entries[key].error("an address begins with https://")
    return address


def load_help_lines(folder: Path) -> Mapping[str, tuple[HelpLine, ...]]:
    """Language (BCP 47) -> help lines in the order to be shown, from helplines.yaml. Raises InstrumentError."""
    lines: dict[str, tuple[HelpLine, ...]] = {}
    for key, value in read_file(folder / "helplines.yaml").pairs():
        if not LANGUAGE.fullmatch(key.text()):
            raise key.error(f"{key.text()!r} is no language code such as en or zh-Hans")
        lines[key.text()] = tuple(_help_line(entry) for entry in value.of(key.text()).list())
    return lines


def _help_line(value: Value) -> HelpLine:
    value = value.named_by("name")
    table = value.table(LINE_KEYS)
    phone, url = _text(table, "phone"), _address(table, "url")
    if not phone and not url:
        raise value.error("neither a phone number nor an address")
    return HelpLine(
        name=table.need("name").text(),
        what=table.need("what").text(),
        phone=phone,
        url=url,
        hours=_text(table, "hours"),
        countries=tuple(_country(entry) for entry in table.entries["countries"].list()) if "countries" in table else (),
        checked_on=_checked_on(table.need("checked_on")),
        source=_text(table, "source"),
    )


def _country(value: Value) -> str:
    if not COUNTRY.fullmatch(value.text()):
        raise value.error(f"{value.text()!r} is no two-letter country code")
    return value.text()


def _checked_on(value: Value) -> date | None:
    if value.is_empty:
        return None
    day = _day(value)
    if len(day) != len("2027-01-14"):
        raise value.error("a check has a day, not a month")
    return date.fromisoformat(day)
