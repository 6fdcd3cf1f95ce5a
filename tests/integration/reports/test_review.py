"""Two people, neither the requester, judge fixed files without knowing each other's vote."""

import pytest

from accounts.actors import WORKER
from accounts.enums import Role
from accounts.models import AuditEntry
from reports.actions import decide
from reports.actions.reviewing import outcome
from reports.enums import State, Verdict
from reports.errors import AlreadyDecided, NotAllowed, NotYours, OtherFiles, ReasonMissing, WrongState
from reports.models import Decision
from reports.permissions import can_review, check_can_review, refusal
from reports.queries import decisions_of_round
from reports.visibility import visible_decisions
from tests.integration.reports.cast import MANIFEST, colleague, in_review, queued, requester, vote

pytestmark = pytest.mark.django_db
APPROVE, CHANGES, REJECT = Verdict.APPROVE, Verdict.ASK_FOR_CHANGES, Verdict.REJECT


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        ((APPROVE, APPROVE), State.APPROVED),
        ((APPROVE, CHANGES), State.CHANGES_ASKED),
        ((CHANGES, APPROVE), State.CHANGES_ASKED),
        ((APPROVE, REJECT), State.REJECTED),
        ((REJECT, CHANGES), State.REJECTED),
    ],
)
def test_the_second_decision_ends_the_round(verdicts: tuple[Verdict, ...], state: State) -> None:
    report = in_review()
    for verdict in verdicts:
        assert report.state == State.IN_REVIEW
        vote(report, verdict)
    assert report.state == state == outcome(verdicts)


def test_the_requester_is_refused_with_the_text_of_the_button() -> None:
    asked = requester()
    report = in_review(asked)
    with pytest.raises(NotYours) as refused:
        vote(report, reviewer=asked)
    assert refused.value.message == refusal(lambda: check_can_review(asked, report)) != ""
    assert not can_review(asked, report)


@pytest.mark.parametrize("roles", [(), (Role.RESEARCHER,), (Role.ADMIN,)])
def test_only_reviewers_decide(roles: tuple[Role, ...]) -> None:
    with pytest.raises(NotAllowed):
        vote(in_review(), reviewer=colleague(*roles))


def test_an_admin_who_reviews_too_still_cannot_approve_their_own_request() -> None:
    admin = colleague(Role.ADMIN, Role.REVIEWER)
    with pytest.raises(NotYours):
        vote(in_review(admin), reviewer=admin)


def test_nobody_decides_twice_in_a_round() -> None:
    report, reviewer = in_review(), colleague(Role.REVIEWER)
    vote(report, reviewer=reviewer)
    with pytest.raises(AlreadyDecided):
        vote(report, REJECT, reviewer)


def test_a_decision_needs_a_reason() -> None:
    report = in_review()
    with pytest.raises(ReasonMissing):
        decide(colleague(Role.REVIEWER), report.pk, APPROVE, " \n", MANIFEST)
    assert not Decision.objects.exists()


def test_a_decision_about_other_files_is_refused() -> None:
    report = in_review()
    with pytest.raises(OtherFiles):
        decide(colleague(Role.REVIEWER), report.pk, APPROVE, "fine", "b" * 64)


def test_only_a_report_in_review_is_decided() -> None:
    report = queued()
    with pytest.raises(WrongState):
        decide(colleague(Role.REVIEWER), report.pk, APPROVE, "fine", "")


def test_votes_are_hidden_until_both_are_in() -> None:
    report, first, second = in_review(), colleague(Role.REVIEWER), colleague(Role.REVIEWER)
    vote(report, CHANGES, first)
    assert visible_decisions(decisions_of_round(report), second.pk) == []
    assert [one.verdict for one in visible_decisions(decisions_of_round(report), first.pk)] == [CHANGES]
    vote(report, APPROVE, second)
    assert len(visible_decisions(decisions_of_round(report), report.requested_by_id)) == 2


def test_the_log_names_who_decided_but_not_what_until_both_are_in() -> None:
    report, first = in_review(), colleague(Role.REVIEWER)
    vote(report, CHANGES, first)
    entry = AuditEntry.objects.get(action="report.decided")
    assert (entry.actor_name, entry.subject) == (str(first.pk), f"report:{report.pk}")
    assert CHANGES not in str(entry.detail)
    vote(report, APPROVE)
    assert CHANGES in AuditEntry.objects.get(action="report.changes_asked").detail["reason"]


def test_the_worker_is_a_service_in_the_log_and_no_invented_colleague() -> None:
    in_review()
    assert set(AuditEntry.objects.filter(action="report.started").values_list("actor_kind", "actor_name")) == {
        ("service", WORKER.name)
    }
