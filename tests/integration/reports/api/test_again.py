"""Trying a failed report again, and sending one in again that reviewers want changed."""

import pytest

from accounts.actors import WORKER
from accounts.enums import Role
from reports.actions.moves import move
from reports.enums import State, Verdict
from reports.models import Release, Report
from tests.integration.reports.api.callers import a, caller, refused
from tests.integration.reports.cast import in_review, queued, vote


def failed() -> Report:
    report = queued(waves=[2])
    move(WORKER, report, State.COMPUTING)
    move(WORKER, report, State.FAILED, "A disk was full.", error="A disk was full.")
    return report


def sent_back() -> Report:
    report = in_review(waves=[2])
    vote(report, Verdict.ASK_FOR_CHANGES)
    vote(report)
    return report


def test_a_failed_report_says_why_and_is_tried_again(release: Release) -> None:
    report = failed()
    who = caller(report.requested_by)
    assert who.get(f"reports/{report.pk}/").json()["error"] == "A disk was full."
    again = who.post(f"reports/{report.pk}/retry/")
    assert again.status_code == 200
    assert (again.json()["state"], again.json()["round"], again.json()["error"]) == ("queued", 2, "")


def test_changes_that_were_asked_for_begin_a_round_without_votes(release: Release) -> None:
    report = sent_back()
    who = caller(report.requested_by)
    assert len(who.get(f"reports/{report.pk}/").json()["decisions"]) == 2
    again = who.post(f"reports/{report.pk}/resubmit/", reason="Turned the scale around.").json()
    assert (again["state"], again["round"], again["decisions"]) == ("queued", 2, [])


def test_a_new_round_needs_a_reason(release: Release) -> None:
    report = sent_back()
    response = caller(report.requested_by).post(f"reports/{report.pk}/resubmit/", reason=" ")
    assert refused(response) == (400, "invalid")


@pytest.mark.parametrize("operation", ["retry", "resubmit"])
def test_neither_is_for_a_report_in_another_state(release: Release, operation: str) -> None:
    report = in_review(waves=[2])
    response = caller(report.requested_by).post(f"reports/{report.pk}/{operation}/", reason="x")
    assert refused(response) == (409, "wrong_state")


@pytest.mark.parametrize("operation", ["retry", "resubmit"])
def test_a_worker_is_told(release: Release, monkeypatch: pytest.MonkeyPatch, operation: str) -> None:
    told: list[int] = []
    monkeypatch.setattr("reports.tasks.nudge", lambda task, row_id: told.append(row_id))
    report = {"retry": failed, "resubmit": sent_back}[operation]()
    caller(report.requested_by).post(f"reports/{report.pk}/{operation}/", reason="x")
    assert told == [report.pk]


@pytest.mark.parametrize("operation", ["retry", "resubmit", "decisions"])
def test_what_is_not_there_is_not_found(release: Release, operation: str) -> None:
    assert refused(a(Role.ADMIN, Role.REVIEWER).post(f"reports/999999/{operation}/", reason="x")) == (404, "not_found")
