"""Events and help lines as admins write them: judged field by field, and as the documents that are stored.

The files of an instrument hold the same things (`survey.instrument.load.catalogues`); here a person has typed them, so
every refusal is a sentence for that person. Stored documents are JSON objects with the fields of the dataclasses.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from babel import Locale

from survey.errors import Invalid
from survey.instrument.load.catalogues import CHANNELS, KINDS, Event, HelpLine

LONGEST = 500
"""Characters of a line."""
LONGEST_ADDRESS = 200
PHONE = re.compile(r"\+?[0-9][0-9 ()/.-]{0,28}[0-9]")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
CODE = range(1, 1000)
TERRITORIES = frozenset(name for name in map(str, Locale("en").territories) if len(name) == 2 and name.isalpha())
_UNSEEN = frozenset({"Cc", "Cs", "Co", "Zl", "Zp"})
"""Unicode categories: control characters, halves of surrogates, private use, separators of lines and paragraphs."""
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that turn the direction of what follows: the pages isolate each text by themselves."""

type Document = dict[str, Any]
type Fields = Mapping[str, str]


def one_line(text: str, what: str) -> str:
    """Normalised (NFC), with single blanks. Raises Invalid for what nobody can see, or for too much of it."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if any(unicodedata.category(sign) in _UNSEEN or sign in _TURNING for sign in line):
        raise Invalid(f"{what}: there is a character in it that cannot be seen. Write it anew by hand.")
    if len(line) > LONGEST:
        raise Invalid(f"{what}: {LONGEST} characters are the most, these are {len(line)}.")
    return line


def help_line(fields: Fields, before: HelpLine | None = None) -> HelpLine:
    """What a person typed. Raises Invalid.

    A check stays only while number and address do: a new one nobody has tried.
    """
    line = HelpLine(
        name=_needed(fields, "name", "Name"),
        what=_needed(fields, "what", "What it is"),
        phone=_phone(fields.get("phone", "")),
        url=_address(fields.get("url", ""), "Web address"),
        hours=one_line(fields.get("hours", ""), "Hours"),
        countries=_countries(fields.get("countries", "")),
        checked_on=None,
        source=one_line(fields.get("source", ""), "Source"),
    )
    if not line.phone and not line.url:
        raise Invalid("A help line has a phone number, a web address, or both.")
    is_same = before is not None and (before.phone, before.url) == (line.phone, line.url)
    return replace(line, checked_on=before.checked_on) if before and is_same else line


def event(fields: Fields, code: int, before: Event | None = None) -> Event:
    """What a person typed. Whether its state depends on the day is said by the files of the questionnaire, which asks
    about it; an event that the questionnaire does not ask about is past. Raises Invalid."""
    made = Event(
        code=code,
        kind=_one_of(fields.get("kind", ""), KINDS, "Kind"),
        models=_models(fields.get("models", "")),
        channel=_one_of(fields.get("channel", ""), CHANNELS, "Channel"),
        first_day=_day(fields.get("first_day", ""), "First day"),
        last_day=_day(fields.get("last_day", ""), "Last day"),
        announced=_day(fields.get("announced", ""), "Announced"),
        evidence=_needed(fields, "evidence", "How well it is known"),
        source=_needed(fields, "source", "Source"),
        notice=_address(fields.get("notice", ""), "Notice"),
        state=before.state if before else "past",
    )
    if made.by_date and len(made.first_day) != len("2027-01-14"):
        raise Invalid("The questionnaire asks by the first day of this event: give the day, not a month.")
    days = [day for day in (made.announced, made.first_day, made.last_day) if day]
    if days != sorted(days):
        raise Invalid("Announced, first day and last day are not in this order.")
    return made


def help_line_document(line: HelpLine) -> Document:
    checked = line.checked_on.isoformat() if line.checked_on else None
    return {**asdict(line), "countries": list(line.countries), "checked_on": checked}


def stored_help_line(document: Document) -> HelpLine:
    checked = document["checked_on"]
    return HelpLine(
        **{**document, "countries": tuple(document["countries"])}
        | {"checked_on": date.fromisoformat(checked) if checked else None}
    )


def event_document(one: Event) -> Document:
    return {**asdict(one), "models": list(one.models)}


def stored_event(document: Document) -> Event:
    return Event(**{**document, "models": tuple(document["models"])})


def _needed(fields: Fields, name: str, what: str) -> str:
    line = one_line(fields.get(name, ""), what)
    if not line:
        raise Invalid(f"{what} is missing.")
    return line


def _phone(text: str) -> str:
    number = one_line(text, "Phone")
    if number and not PHONE.fullmatch(number):
        raise Invalid("Phone: digits with blanks, hyphens or brackets between them, and a + before them at most.")
    return number


def _address(text: str, what: str) -> str:
    """https alone: people in need must not be sent over a line that anybody can read or change."""
    address = one_line(text, what)
    if not address:
        return ""
    if len(address) > LONGEST_ADDRESS:
        raise Invalid(f"{what}: {LONGEST_ADDRESS} characters are the most.")
    if not address.startswith("https://") or not _is_host(address):
        raise Invalid(f"{what}: an address such as https://example.org, with nothing before the host's name.")
    return address


def _is_host(address: str) -> bool:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - reading it is what judges it
    except ValueError:
        return False
    host = parts.hostname or ""
    return "@" not in parts.netloc and "." in host.strip(".") and not any(sign in address for sign in " \"'<>\\`{}|^")


def _countries(text: str) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(one_line(text, "Countries").upper().replace(",", " ").split()))
    for code in codes:
        if code not in TERRITORIES:
            raise Invalid(f"Countries: {code[:10]} is no two-letter code of a country, such as KR or MX.")
    return codes


def _models(text: str) -> tuple[int, ...]:
    words = one_line(text, "Models").replace(",", " ").split()
    if not all(word.isascii() and word.isdigit() and int(word[:6]) in CODE for word in words):
        raise Invalid("Models: the numbers of the answers to the question about the model, such as 1 2 3.")
    return tuple(dict.fromkeys(int(word[:6]) for word in words))


def _one_of(text: str, words: tuple[str, ...], what: str) -> str:
    if text not in words:
        raise Invalid(f"{what}: one of {', '.join(words)}.")
    return text


def _day(text: str, what: str) -> str:
    day = one_line(text, what)
    if not day:
        return ""
    try:
        date.fromisoformat(day if len(day) > len("2027-01") else f"{day}-01")
    except ValueError:
        pass
    else:
        if DAY.fullmatch(day):
            return day
    raise Invalid(f"{what}: a day such as 2027-01-14, or a month such as 2027-01.")
