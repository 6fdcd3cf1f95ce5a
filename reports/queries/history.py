"""What happened to a report and when, read from the audit log: no column of a report holds a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from accounts.enums import ActorKind
from accounts.models import AuditEntry, User
from reports.models import Report
from reports.transitions import TRANSITIONS

REQUESTED = "report.requested"
MOVES = frozenset({REQUESTED, *(one.audit for one in TRANSITIONS)})
"""Rows that stand for a change of state."""


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    action: str
    who: str
    """Name of the person; empty for a service or the shell."""
    round: int
    reason: str


def trail(report: Report) -> list[Step]:
    """Everything that the log holds of a report, oldest first."""
    entries = list(AuditEntry.objects.filter(subject=_subject(report.pk)).order_by("id"))
    names = _names({entry.actor_name for entry in entries if entry.actor_kind == ActorKind.USER})
    return [
        Step(
            at=entry.at,
            action=entry.action,
            who=names.get(entry.actor_name, "") if entry.actor_kind == ActorKind.USER else "",
            round=entry.detail.get("round", 1),
            reason=entry.detail.get("reason", ""),
        )
        for entry in entries
    ]


def moved_at(reports: Sequence[Report]) -> dict[int, datetime]:
    """When each came into its present state; one query for all."""
    subjects = {_subject(report.pk): report.pk for report in reports}
    moves = AuditEntry.objects.filter(subject__in=list(subjects), action__in=MOVES)
    latest = moves.order_by().values_list("subject").annotate(last=Max("at"))
    return {subjects[subject]: last for subject, last in latest}


def _subject(report_id: int) -> str:
    return f"report:{report_id}"


def _names(ids: Collection[str]) -> dict[str, str]:
    people = User.objects.filter(pk__in=[one for one in ids if one.isdigit()])
    return {str(person.pk): str(person) for person in people}
