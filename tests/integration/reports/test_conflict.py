"""Who belongs to the study of a survey does not review its reports: permission, action and database each say so."""

import pytest

from accounts.actors import WORKER
from accounts.enums import Role
from accounts.models import User
from reports import queries
from reports.actions import decide, release
from reports.enums import State, Verdict
from reports.errors import InStudy
from reports.models import Decision, Release
from reports.permissions import can_review, check_can_review, refusal
from reports.visibility import visible_decisions
from survey.actions import add_member
from survey.enums import Mode
from survey.models import Survey
from tests.cast import SHELL
from tests.integration.reports.cast import MANIFEST, approved, colleague, computed, in_review, sealed_survey, vote
from tests.integration.reports.test_guards import insert_decision, insert_release, set_state

pytestmark = pytest.mark.django_db


def member(user: User | None = None, slug: str = "mris") -> User:
    told = {"instrument": "mris", "version": "1", "mode": Mode.REHEARSAL}
    survey, _ = Survey.objects.get_or_create(slug=slug, defaults=told)
    user = user or colleague(Role.REVIEWER)
    add_member(SHELL, survey, user)
    return user


def test_a_member_is_refused_with_the_text_of_the_button() -> None:
    report, close = in_review(), member()
    assert not can_review(close, report)
    assert "You belong to the study" in refusal(lambda: check_can_review(close, report))
    with pytest.raises(InStudy):
        decide(close, report.pk, Verdict.APPROVE, "fine", MANIFEST)
    assert not Decision.objects.exists()


def test_a_member_of_another_study_is_not() -> None:
    report = in_review()
    assert can_review(member(slug="other"), report)
    vote(report, reviewer=member(slug="third"))


def test_the_database_refuses_the_decision_of_a_member() -> None:
    report, close = in_review(), member()
    assert insert_decision(report, close)
    assert insert_decision(report, close, verdict="reject")
    assert not insert_decision(report, member(slug="other"))


def test_a_vote_given_before_joining_counts_no_more_and_shows_nobody_the_next_one() -> None:
    report, close, second = in_review(), colleague(Role.REVIEWER), colleague(Role.REVIEWER)
    vote(report, Verdict.REJECT, close)
    member(close)
    vote(report, reviewer=second)
    assert report.state == State.IN_REVIEW
    assert visible_decisions(queries.decisions_of_round(report), close.pk) == []
    vote(report)
    assert report.state == State.APPROVED


def test_the_database_counts_no_approval_of_a_member() -> None:
    report, close = in_review(), colleague(Role.REVIEWER)
    assert not insert_decision(report, close)
    assert not insert_decision(report, colleague(Role.REVIEWER))
    member(close)
    assert set_state(report, "approved")


def test_who_joins_after_approving_stops_the_release() -> None:
    sealed_survey()
    report = computed()
    close = vote(report).reviewer
    vote(report)
    member(close)
    assert release(WORKER, report.pk) is None
    report = queries.report(report.pk)
    assert report.state == State.FAILED
    assert "belongs to its study" in report.error


def test_the_database_refuses_that_release_too() -> None:
    report = approved()
    first, second = queries.decisions_of_round(report)
    member(second.reviewer)
    assert insert_release(report, first, second)
    assert not Release.objects.exists()


def test_a_release_names_the_two_whose_votes_count() -> None:
    sealed_survey()
    report = computed()
    close = vote(report).reviewer
    member(close)
    vote(report)
    vote(report)
    published = release(WORKER, report.pk)
    assert published is not None
    assert close not in {published.first.reviewer, published.second.reviewer}
