"""Who is told of what by mail: the right people, once, and nobody who could not act on it."""

import pytest

from accounts.actors import WORKER
from accounts.enums import NoticeKind, Role
from accounts.models import Notice, User
from reports import queries
from reports.actions import object_to, release, retract
from reports.actions.moves import move
from reports.enums import State, Verdict
from reports.permissions import can_review
from tests.integration.reports.cast import (
    approved,
    colleague,
    computed,
    in_review,
    queued,
    requester,
    sealed_survey,
    vote,
)
from tests.integration.reports.test_conflict import member

pytestmark = pytest.mark.django_db


def told(kind: NoticeKind) -> dict[User, str]:
    """Who is told, and the place."""
    return {notice.user: notice.subject for notice in Notice.objects.filter(kind=kind).select_related("user")}


def test_everybody_who_may_review_hears_of_a_report_and_nobody_else() -> None:
    eligible, close, asked = colleague(Role.REVIEWER), member(), requester()
    gone = colleague(Role.REVIEWER)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    colleague(Role.ADMIN)
    report = in_review(asked)
    assert told(NoticeKind.IN_REVIEW) == {eligible: str(report.pk)}
    everybody = User.objects.all()
    assert queries.reviewers_for(report) == [one for one in everybody if can_review(one, report)]
    assert close not in queries.reviewers_for(report)


def test_after_the_first_decision_the_others_hear_that_one_is_missing() -> None:
    first, other = colleague(Role.REVIEWER), colleague(Role.REVIEWER)
    report = in_review()
    vote(report, reviewer=first)
    assert told(NoticeKind.DECISION_NEEDED) == {other: str(report.pk)}


@pytest.mark.parametrize(
    ("verdict", "kind"),
    [(Verdict.ASK_FOR_CHANGES, NoticeKind.CHANGES_ASKED), (Verdict.REJECT, NoticeKind.REJECTED)],
)
def test_the_requester_hears_what_the_reviewers_decided_once_both_have(verdict: Verdict, kind: NoticeKind) -> None:
    report = in_review()
    vote(report, verdict)
    assert told(kind) == {}
    vote(report)
    assert told(kind) == {report.requested_by: str(report.pk)}


@pytest.mark.parametrize("state", [State.BLOCKED, State.FAILED])
def test_the_requester_hears_what_the_workers_could_not_do(state: State) -> None:
    report = queued()
    move(WORKER, report, State.COMPUTING)
    move(WORKER, report, state, "The disk is full.")
    assert told(NoticeKind(state.value)) == {report.requested_by: str(report.pk)}


def test_the_requester_hears_of_the_release_and_of_its_end() -> None:
    sealed_survey()
    report = computed()
    vote(report)
    vote(report)
    published = release(WORKER, report.pk)
    assert published is not None
    retract(colleague(Role.ADMIN), published.slug, "A wrong label.")
    assert told(NoticeKind.RELEASED) == told(NoticeKind.RETRACTED) == {report.requested_by: published.slug}


def test_those_who_judged_and_who_asked_hear_of_an_objection() -> None:
    report = approved()
    voters = {decision.reviewer for decision in queries.decisions_of_round(report)}
    by, bystander = voters.pop(), colleague(Role.REVIEWER)
    object_to(by, report.pk, "The labels of table 3 are swapped.")
    assert set(told(NoticeKind.OBJECTED)) == voters | {report.requested_by}
    assert bystander not in told(NoticeKind.OBJECTED)


def test_no_notice_holds_a_word_of_what_it_is_about() -> None:
    report = in_review()
    vote(report, Verdict.REJECT)
    vote(report)
    object_to(colleague(Role.ADMIN), in_review(waves=[2]).pk, "Swapped labels.")
    assert all(subject.isdigit() for subject in Notice.objects.values_list("subject", flat=True))
