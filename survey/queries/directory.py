"""Events and help lines in force: what admins have written last, else the files of the instrument.

A respondent's page must not ask the database for them every time, and must have help lines even while the database does
not answer: each process keeps what it read last, and looks again after FRESH_SECONDS.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from survey.instrument.directory import stored_event, stored_help_line
from survey.instrument.load import Event, HelpLine, load_events, load_help_lines
from survey.models import EventList, HelpLineList
from survey.queries.files import folder

FRESH_SECONDS = 10.0

type HelpLines = Mapping[str, tuple[HelpLine, ...]]
"""By language, in the order to be shown."""


@dataclass(frozen=True, slots=True)
class Directory:
    events: tuple[Event, ...]
    help_lines: HelpLines


@dataclass(frozen=True, slots=True)
class Listed[Entry]:
    """A list to be changed: `number` names its version, 0 that of the files."""

    number: int
    entries: tuple[Entry, ...]


_known: dict[str, tuple[float, Directory]] = {}


def present_directory(name: str) -> Directory:
    """At most FRESH_SECONDS old, and the same object as long as nothing has changed. Raises django.db.Error."""
    expires, known = _known.get(name, (0.0, None))
    if known is not None and time.monotonic() < expires:
        return known
    found = Directory(listed_events(name).entries, _help_lines_by_language(name))
    present = known if known == found else found
    _known[name] = time.monotonic() + FRESH_SECONDS, present
    return present


def remembered_directory(name: str) -> Directory:
    """What this process read last, else what lies in the files: asks no database."""
    return _known[name][1] if name in _known else shipped_directory(name)


def forget_directories() -> None:
    """Look at the database at the next request."""
    _known.clear()


@cache
def shipped_directory(name: str) -> Directory:
    return Directory(tuple(load_events(folder(name))), load_help_lines(folder(name)))


def listed_events(name: str) -> Listed[Event]:
    row = EventList.objects.filter(instrument=name).order_by("-number").first()
    if row is None:
        return Listed(0, shipped_directory(name).events)
    return Listed(row.number, tuple(stored_event(document) for document in row.entries))


def listed_help_lines(name: str, language: str) -> Listed[HelpLine]:
    rows = HelpLineList.objects.filter(instrument=name, language=language)
    row = rows.order_by("-number").first()
    if row is None:
        return Listed(0, shipped_directory(name).help_lines.get(language, ()))
    return Listed(row.number, _lines(row))


def _help_lines_by_language(name: str) -> HelpLines:
    latest = HelpLineList.objects.filter(instrument=name).order_by("language", "-number").distinct("language")
    return {**shipped_directory(name).help_lines, **{row.language: _lines(row) for row in latest}}


def _lines(row: HelpLineList) -> tuple[HelpLine, ...]:
    return tuple(stored_help_line(document) for document in row.entries)
