"""Deciding about a report: the same action and the same refusals as on the page."""

from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import User
from reports.enums import State, Verdict
from reports.models import Decision, Report
from tests.integration.reports.api.callers import Caller, a, caller, refused
from tests.integration.reports.cast import MANIFEST, colleague, in_review, queued, requester

pytestmark = pytest.mark.django_db
FINE: dict[str, Any] = {"verdict": "approve", "reason": "I looked at every table.", "manifest_sha256": MANIFEST}


def reviewer() -> tuple[User, Caller]:
    user = colleague(Role.REVIEWER)
    return user, caller(user)


def decide(who: Caller, report: Report, **other: Any) -> Any:
    return who.post(f"reports/{report.pk}/decisions/", **{**FINE, **other})


def test_a_decision_is_a_row_that_names_the_files_it_judged() -> None:
    report, (user, who) = in_review(), reviewer()
    response = decide(who, report, reason="  I looked at every table. ")
    assert response.status_code == 201
    decision = Decision.objects.get()
    assert (decision.reviewer, decision.verdict, decision.manifest_sha256) == (user, Verdict.APPROVE, MANIFEST)
    assert response.json()["decisions"] == [
        {"round": 1, "reviewer": str(user), "verdict": "approve", "reason": "I looked at every table.",
         "manifest_sha256": MANIFEST}
    ]  # fmt: skip


def test_two_approvals_approve_and_a_worker_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr("reports.tasks.nudge", lambda task, row_id: told.append(row_id))
    report = in_review()
    assert decide(a(Role.REVIEWER), report).json()["state"] == "in_review"
    assert told == []
    assert decide(a(Role.REVIEWER), report).json()["state"] == "approved"
    assert told == [report.pk]


@pytest.mark.parametrize(("verdict", "state"), [("ask_for_changes", State.CHANGES_ASKED), ("reject", State.REJECTED)])
def test_one_objection_is_enough(verdict: str, state: State) -> None:
    report = in_review()
    decide(a(Role.REVIEWER), report)
    assert decide(a(Role.REVIEWER), report, verdict=verdict).json()["state"] == state


def test_votes_are_hidden_until_both_are_in() -> None:
    report, (_, first), (_, second) = in_review(), reviewer(), reviewer()
    asked, admin = caller(report.requested_by), a(Role.ADMIN)
    address = f"reports/{report.pk}/"
    decide(first, report, reason="A scale is upside down.", verdict="ask_for_changes")
    assert [len(who.get(address).json()["decisions"]) for who in (first, second, asked, admin)] == [1, 0, 0, 0]
    for who in (second, asked, admin):
        assert "upside down" not in who.get(address).content.decode() + who.get("reports/").content.decode()
    decide(second, report)
    for who in (first, second, asked, admin):
        verdicts = [one["verdict"] for one in who.get(address).json()["decisions"]]
        assert verdicts == ["ask_for_changes", "approve"]


def test_the_requester_decides_nothing() -> None:
    asked = requester()
    assert refused(decide(caller(asked), in_review(asked))) == (403, "own_report")
    assert not Decision.objects.exists()


def test_nobody_decides_twice() -> None:
    report, (_, who) = in_review(), reviewer()
    decide(who, report)
    assert refused(decide(who, report, verdict="reject")) == (409, "already_decided")


def test_only_a_report_in_review_is_decided() -> None:
    report = queued()
    assert refused(decide(a(Role.REVIEWER), report)) == (409, "wrong_state")


def test_other_files_than_those_looked_at_are_not_decided_about() -> None:
    assert refused(decide(a(Role.REVIEWER), in_review(), manifest_sha256="b" * 64)) == (409, "other_files")
    assert not Decision.objects.exists()


@pytest.mark.parametrize("wrong", [{"reason": ""}, {"reason": " \n"}, {"verdict": "maybe"}, {"manifest_sha256": ""}])
def test_a_decision_that_says_too_little_is_refused(wrong: dict[str, str]) -> None:
    response = decide(a(Role.REVIEWER), in_review(), **wrong)
    assert refused(response) == (400, "invalid")
    assert set(response.json()["fields"]) == set(wrong)
    assert not Decision.objects.exists()
