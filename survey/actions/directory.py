"""Events and help lines: every change appends the whole list anew.

`number` is the version that the writer looked at: of two who change the same list, the second is told to look again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.actions import record
from accounts.actors import Actor
from survey.errors import Invalid, NotFound, WrongState
from survey.instrument import directory
from survey.instrument.load import Event, HelpLine
from survey.models import EventList, HelpLineList
from survey.queries.directory import (
    Listed,
    forget_directories,
    listed_events,
    listed_help_lines,
    shipped_directory,
)
from survey.queries.instruments import languages_of

MOST = 60
"""Entries of a list: more would make the form heavy, and nobody reads them."""


@transaction.atomic
def save_help_line(
    actor: Actor, instrument: str, language: str, number: int, index: int | None, fields: Mapping[str, str]
) -> None:
    """`index`: the line to change, from 0; None for a new one. `place` among the fields: where it is to stand, from 1.

    Raises Invalid, NotFound, or WrongState for a list that has changed meanwhile.
    """
    listed = _help_lines(instrument, language, number)
    before = None if index is None else _entry(listed.entries, index)
    line = directory.help_line(fields, before)
    others = [one for at, one in enumerate(listed.entries) if at != index]
    _keep_help_lines(instrument, language, listed, _placed(others, line, fields.get("place", "")))
    _record(actor, f"help_line.{'added' if before is None else 'changed'}", instrument, language, line)


@transaction.atomic
def remove_help_line(actor: Actor, instrument: str, language: str, number: int, index: int) -> None:
    listed = _help_lines(instrument, language, number)
    line = _entry(listed.entries, index)
    _keep_help_lines(instrument, language, listed, [one for at, one in enumerate(listed.entries) if at != index])
    _record(actor, "help_line.removed", instrument, language, line)


@transaction.atomic
def check_help_line(actor: Actor, instrument: str, language: str, number: int, index: int) -> None:
    """Somebody has called the line or written to it today, and was answered."""
    listed = _help_lines(instrument, language, number)
    line = replace(_entry(listed.entries, index), checked_on=timezone.now().date())
    entries = [line if at == index else one for at, one in enumerate(listed.entries)]
    _keep_help_lines(instrument, language, listed, entries)
    _record(actor, "help_line.checked", instrument, language, line)


@transaction.atomic
def save_event(actor: Actor, instrument: str, number: int, code: int | None, fields: Mapping[str, str]) -> None:
    """`code`: the event to change; None for a new one, which gets the next number that is free."""
    listed = _unchanged(listed_events(instrument), number)
    before = None if code is None else _event(listed.entries, code)
    given = max((one.code for one in listed.entries), default=0) + 1 if code is None else code
    event = directory.event(fields, given, before)
    entries = [event if one.code == given else one for one in listed.entries]
    _keep_events(instrument, listed, entries if before else [*entries, event])
    done = "added" if before is None else "changed"
    record(actor, f"event.{done}", f"events:{instrument}", event=directory.event_document(event))


@transaction.atomic
def remove_event(actor: Actor, instrument: str, number: int, code: int) -> None:
    """Raises WrongState for an event that is an answer of the questionnaire."""
    listed = _unchanged(listed_events(instrument), number)
    event = _event(listed.entries, code)
    if code in {one.code for one in shipped_directory(instrument).events}:
        raise WrongState("The questionnaire asks about this event: it can be corrected, not removed.")
    _keep_events(instrument, listed, [one for one in listed.entries if one.code != code])
    record(actor, "event.removed", f"events:{instrument}", event=directory.event_document(event))


def _help_lines(instrument: str, language: str, number: int) -> Listed[HelpLine]:
    if language not in languages_of(instrument):
        raise NotFound(f"The questionnaire {instrument} is not asked in {language}.")
    return _unchanged(listed_help_lines(instrument, language), number)


def _unchanged[Entry](listed: Listed[Entry], number: int) -> Listed[Entry]:
    if listed.number != number:
        raise WrongState("Somebody has changed this list meanwhile. Look at it again, then make your change.")
    return listed


def _entry(lines: Sequence[HelpLine], index: int) -> HelpLine:
    if not 0 <= index < len(lines):
        raise NotFound("There is no such help line.")
    return lines[index]


def _event(events: Sequence[Event], code: int) -> Event:
    found = next((one for one in events if one.code == code), None)
    if found is None:
        raise NotFound("There is no such event.")
    return found


def _placed(others: list[HelpLine], line: HelpLine, place: str) -> list[HelpLine]:
    if place and not (place.isascii() and place.isdigit() and len(place) < 4 and 1 <= int(place) <= len(others) + 1):
        raise Invalid(f"Place: a number from 1 to {len(others) + 1}.")
    at = int(place) - 1 if place else len(others)
    return [*others[:at], line, *others[at:]]


def _keep_help_lines(instrument: str, language: str, listed: Listed[HelpLine], lines: Sequence[HelpLine]) -> None:
    entries = [directory.help_line_document(line) for line in lines]
    _append(HelpLineList(instrument=instrument, language=language, number=listed.number + 1, entries=entries))


def _keep_events(instrument: str, listed: Listed[Event], events: Sequence[Event]) -> None:
    entries = [directory.event_document(one) for one in events]
    _append(EventList(instrument=instrument, number=listed.number + 1, entries=entries))


def _append(row: EventList | HelpLineList) -> None:
    if len(row.entries) > MOST:
        raise Invalid(f"A list holds {MOST} entries at most.")
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise WrongState("Somebody was faster. Look at the list again, then make your change.") from None
    transaction.on_commit(forget_directories)


def _record(actor: Actor, action: str, instrument: str, language: str, line: HelpLine) -> None:
    document: dict[str, Any] = directory.help_line_document(line)
    record(actor, action, f"help lines:{instrument}/{language}", line=document)
