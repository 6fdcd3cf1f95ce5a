"""Whom a change of a report concerns. The mails name a place and nothing else; see `accounts.actions.notify`."""

from collections.abc import Iterable, Mapping

from accounts.actions import notify
from accounts.actors import Actor
from accounts.enums import NoticeKind
from accounts.models import User
from reports.enums import State
from reports.models import Objection, Report
from reports.queries import decisions_of_round, reviewers_for

TO_REQUESTER: Mapping[State, NoticeKind] = {
    State.CHANGES_ASKED: NoticeKind.CHANGES_ASKED,
    State.REJECTED: NoticeKind.REJECTED,
    State.BLOCKED: NoticeKind.BLOCKED,
    State.FAILED: NoticeKind.FAILED,
    State.RELEASED: NoticeKind.RELEASED,
    State.RETRACTED: NoticeKind.RETRACTED,
}
"""States that the person who asked for the report is told of."""

BY_SLUG = frozenset({NoticeKind.RELEASED, NoticeKind.RETRACTED})
"""Their place is the page of the release."""


def tell_of_state(actor: Actor, report: Report) -> None:
    """The report has just come into its state."""
    state = State(report.state)
    if state is State.IN_REVIEW:
        _tell(actor, reviewers_for(report), NoticeKind.IN_REVIEW, report.pk)
    elif kind := TO_REQUESTER.get(state):
        _tell(actor, [report.requested_by], kind, report.name if kind in BY_SLUG else report.pk)


def tell_second_needed(actor: Actor, report: Report) -> None:
    """One decision is in; who else may give the other one."""
    _tell(actor, reviewers_for(report), NoticeKind.DECISION_NEEDED, report.pk)


def tell_of_objection(actor: Actor, report: Report, objection: Objection) -> None:
    """Those who have judged the files, and who asked for them; not the person who objects."""
    concerned = {decision.reviewer for decision in decisions_of_round(report)} | {report.requested_by}
    _tell(actor, sorted(concerned - {objection.by}, key=lambda person: person.pk), NoticeKind.OBJECTED, report.pk)


def _tell(actor: Actor, people: Iterable[User], kind: NoticeKind, subject: object) -> None:
    for person in people:
        notify(actor, person, kind, subject)
