"""The reviewers' queue: what waits for the reader first, then what waits for others, then what is over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from accounts.models import User
from reports import permissions, queries
from reports.enums import Owner, State
from reports.models import Report
from reports.objections import is_open
from reports.pages.edge import person, staff_page
from reports.pages.turns import Facts, Turn, turn
from reports.pages.words import HELD_BACK, STATES
from reports.transitions import PUBLISHED
from survey.queries import members_of

MOST_OVER = 20
"""How many of those that are over are listed, the latest first."""


@dataclass(frozen=True, slots=True)
class Entry:
    report: Report
    state: str | Promise
    turn: Turn
    since: date | None
    days: int
    """Since it came into its state."""
    objections: int
    """That are open."""

    @property
    def is_over(self) -> bool:
        return self.report.state in PUBLISHED or self.report.owner == Owner.NOBODY


@require_GET
@staff_page
def queue(request: HttpRequest) -> HttpResponse:
    permissions.check_can_inspect(person(request))
    surveys = queries.surveys_in_queue()
    chosen = request.GET.get("survey", "")
    entries = entries_for(person(request), list(queries.queue(chosen if chosen in surveys else "")))
    return render(request, "reports/review/queue.html", _context(entries, surveys, chosen))


def entries_for(reader: User, reports: Sequence[Report]) -> list[Entry]:
    """One for each report; the same number of queries for any number of them."""
    voters, objections = queries.votes(reports), queries.objections_of(reports)
    members, moved = members_of({report.survey_slug for report in reports}), queries.moved_at(reports)
    entries = []
    for report in reports:
        standing = [one for one in objections[report.pk] if is_open(one, report, _approvers(report, voters))]
        facts = Facts(report, reader, voters[report.pk], members[report.survey_slug], standing)
        since = moved.get(report.pk)
        days = _days(since) if since else 0
        day = since.date() if since else None
        state = HELD_BACK if report.state == State.APPROVED and standing else STATES[report.state]
        entries.append(Entry(report, state, turn(facts), day, days, _open(report, len(standing))))
    return entries


def _approvers(report: Report, voters: dict[int, set[int]]) -> set[int]:
    """Once a report is approved, all who decided approved it; before, nothing is settled by half of the votes."""
    return voters[report.pk] if report.state == State.APPROVED or report.state in PUBLISHED else set()


def _open(report: Report, standing: int) -> int:
    """An objection to what is over, or to files that are being made anew, holds nothing back."""
    return standing if report.state in (State.IN_REVIEW, State.APPROVED) else 0


def _days(since: datetime) -> int:
    return (timezone.now() - since).days


def _context(entries: Sequence[Entry], surveys: Sequence[str], chosen: str) -> dict[str, Any]:
    over = sorted((one for one in entries if one.is_over), key=lambda one: (one.days, -one.report.pk))
    waiting = sorted((one for one in entries if not one.is_over), key=lambda one: -one.days)
    return {
        "mine": [one for one in waiting if one.turn.is_mine],
        "others": [one for one in waiting if not one.turn.is_mine],
        "over": over[:MOST_OVER],
        "left_out": max(0, len(over) - MOST_OVER),
        "surveys": surveys,
        "chosen": chosen,
    }
