"""Whoever sees a report before its release can stop it, and the database holds to that."""

import pytest
from django.db import IntegrityError, transaction

from accounts.actors import WORKER
from accounts.enums import Role
from accounts.models import AuditEntry, User
from reports import queries
from reports.actions import object_to, release, resubmit, withdraw
from reports.actions.moves import move
from reports.enums import State
from reports.errors import AlreadyObjected, NotAllowed, NotFound, ReasonMissing, WrongState
from reports.models import Objection, Release, Report, Withdrawal
from reports.objections import open_objections
from reports.permissions import can_object, can_resubmit, can_withdraw
from tests.integration.reports.cast import (
    MANIFEST,
    approved,
    colleague,
    computed,
    in_review,
    queued,
    sealed_survey,
    vote,
)
from tests.integration.reports.test_guards import insert_release, refused, set_state

pytestmark = pytest.mark.django_db
WHY = "The labels of table 3 are swapped."


def reviewer() -> User:
    return colleague(Role.REVIEWER)


def again(report: Report) -> Report:
    """In review once more, in a new round."""
    move(WORKER, report, State.COMPUTING)
    move(WORKER, report, State.IN_REVIEW, manifest_sha256=MANIFEST)
    return report


def insert_objection(report: Report, by: User, **other: object) -> bool:
    """Whether the database refuses it."""
    row = {"report_id": report.pk, "round": report.round, "by_id": by.pk, "reason": WHY, **other}
    places = ", ".join(["%s"] * len(row))
    return refused(f"INSERT INTO reports_objection ({', '.join(row)}) VALUES ({places})", *row.values())


def insert_withdrawal(objection: Objection, by: User, reason: str = "Settled.") -> bool:
    return refused(
        "INSERT INTO reports_withdrawal (objection_id, by_id, reason) VALUES (%s, %s, %s)",
        objection.pk,
        by.pk,
        reason,
    )


@pytest.mark.parametrize("roles", [(Role.REVIEWER,), (Role.ADMIN,)])
def test_reviewers_and_admins_object_with_a_reason_that_the_log_keeps(roles: tuple[Role, ...]) -> None:
    report, by = in_review(), colleague(*roles)
    objection = object_to(by, report.pk, f" {WHY} ")
    assert (objection.by, objection.round, objection.reason) == (by, 1, WHY)
    entry = AuditEntry.objects.get(action="report.objected")
    assert (entry.actor_name, entry.subject, entry.detail["reason"]) == (str(by.pk), f"report:{report.pk}", WHY)


@pytest.mark.parametrize("roles", [(), (Role.RESEARCHER,)])
def test_nobody_else_does(roles: tuple[Role, ...]) -> None:
    report, other = in_review(), colleague(*roles)
    assert not can_object(other, report)
    with pytest.raises(NotAllowed):
        object_to(other, report.pk, WHY)
    assert insert_objection(report, other)


def test_who_asked_may_stop_the_own_report_too() -> None:
    report = in_review()
    assert object_to(report.requested_by, report.pk, WHY)


def test_an_objection_needs_a_reason() -> None:
    report = in_review()
    with pytest.raises(ReasonMissing):
        object_to(reviewer(), report.pk, " \n")
    assert insert_objection(report, reviewer(), reason="")


def test_only_what_may_soon_be_published_is_objected_to() -> None:
    report = queued()
    with pytest.raises(WrongState):
        object_to(reviewer(), report.pk, WHY)
    assert insert_objection(report, reviewer())
    assert insert_objection(in_review(waves=[2]), reviewer(), round=2)
    with pytest.raises(NotFound):
        object_to(reviewer(), 999, WHY)


def test_one_person_has_one_open_objection() -> None:
    report, by = in_review(), reviewer()
    first = object_to(by, report.pk, WHY)
    with pytest.raises(AlreadyObjected):
        object_to(by, report.pk, "And another thing.")
    withdraw(by, first.pk, "I misread it.")
    assert object_to(by, report.pk, "And another thing.")


def test_while_it_is_open_two_approvals_release_nothing() -> None:
    sealed_survey()
    report, by = computed(), reviewer()
    objection = object_to(by, report.pk, WHY)
    vote(report)
    vote(report)
    assert report.state == State.APPROVED
    assert release(WORKER, report.pk) is None
    assert (queries.report(report.pk).state, queries.reports_to_release()) == (State.APPROVED, [])
    withdraw(by, objection.pk, "The labels are right, I misread them.")
    assert queries.reports_to_release() == [report.pk]
    assert release(WORKER, report.pk) is not None


def test_the_database_refuses_a_release_beside_an_open_objection() -> None:
    report, by = approved(), reviewer()
    first, second = queries.decisions_of_round(report)
    objection = object_to(by, report.pk, WHY)
    assert insert_release(report, first, second)
    assert not insert_withdrawal(objection, by)
    assert not insert_release(report, first, second)
    assert Release.objects.get().report == report


def test_only_its_author_withdraws_it_and_says_why() -> None:
    report, by = in_review(), reviewer()
    objection = object_to(by, report.pk, WHY)
    for other in (report.requested_by, colleague(Role.ADMIN)):
        assert not can_withdraw(other, objection)
        with pytest.raises(NotAllowed):
            withdraw(other, objection.pk, "Never mind.")
        assert insert_withdrawal(objection, other)
    with pytest.raises(ReasonMissing):
        withdraw(by, objection.pk, " ")
    assert insert_withdrawal(objection, by, reason="")
    withdraw(by, objection.pk, "I misread it.")
    with pytest.raises(WrongState):
        withdraw(by, objection.pk, "Again.")
    assert insert_withdrawal(objection, by)
    assert Withdrawal.objects.count() == AuditEntry.objects.filter(action="report.objection_withdrawn").count() == 1


def test_the_requester_may_answer_it_with_a_new_round() -> None:
    sealed_survey()
    report = approved()
    assert not can_resubmit(report.requested_by, report)
    assert set_state(report, "queued")
    object_to(reviewer(), report.pk, WHY)
    resubmit(report.requested_by, report.pk, "The labels are right now.")
    report.refresh_from_db()
    assert (report.state, report.round) == (State.QUEUED, 2)
    assert AuditEntry.objects.get(action="report.objection_answered").detail["reason"] == "The labels are right now."


def test_it_stands_in_the_new_round_until_two_others_have_approved_that() -> None:
    sealed_survey()
    report, by = approved(), reviewer()
    object_to(by, report.pk, WHY)
    resubmit(report.requested_by, report.pk, "Changed.")
    report.refresh_from_db()
    again(report)
    vote(report, reviewer=by)
    vote(report)
    assert (report.state, len(open_objections(report))) == (State.APPROVED, 1)
    first, second = queries.decisions_of_round(report)
    assert insert_release(report, first, second)


def test_two_others_who_approve_the_new_round_settle_it() -> None:
    sealed_survey()
    report = approved()
    objection = object_to(reviewer(), report.pk, WHY)
    resubmit(report.requested_by, report.pk, "Changed.")
    report.refresh_from_db()
    again(report)
    vote(report)
    assert open_objections(report) == [objection]
    vote(report)
    assert (report.state, open_objections(report)) == (State.APPROVED, [])
    first, second = queries.decisions_of_round(report)
    assert not insert_release(report, first, second)
    with pytest.raises(WrongState):
        withdraw(objection.by, objection.pk, "Too late.")


def test_why_a_report_was_asked_for_never_changes() -> None:
    report = in_review()
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(purpose="another")
