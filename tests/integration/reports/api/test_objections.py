"""Objections through the API: the same actions and refusals as on the page."""

import pytest

from accounts.enums import Role
from reports.models import Objection
from tests.integration.reports.api.callers import a, caller, refused
from tests.integration.reports.cast import colleague, in_review, vote

pytestmark = pytest.mark.django_db


def test_an_objection_is_read_at_once_by_all_who_follow_the_report() -> None:
    report = in_review()
    assert a(Role.ADMIN).post(f"reports/{report.pk}/objections/", reason="Swapped labels.").status_code == 201
    (shown,) = caller(report.requested_by).get(f"reports/{report.pk}/").json()["objections"]
    assert (shown["reason"], shown["open"], shown["withdrawn_because"]) == ("Swapped labels.", True, None)


def test_its_author_withdraws_it_and_a_worker_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr("reports.tasks.nudge", lambda task, row_id: told.append(row_id))
    report, by = in_review(), colleague(Role.REVIEWER)
    caller(by).post(f"reports/{report.pk}/objections/", reason="Swapped labels.")
    vote(report)
    vote(report)
    address = f"objections/{Objection.objects.get().pk}/withdraw/"
    assert refused(a(Role.REVIEWER).post(address, reason="Never mind.")) == (403, "not_allowed")
    answer = caller(by).post(address, reason="I misread it.")
    assert (answer.json()["objections"][0]["open"], told) == (False, [report.pk])
    assert refused(caller(by).post(address, reason="Again.")) == (409, "wrong_state")


def test_it_needs_a_reason() -> None:
    report = in_review()
    for body in ({}, {"reason": " "}):
        assert refused(a(Role.REVIEWER).post(f"reports/{report.pk}/objections/", **body)) == (400, "invalid")
    assert not Objection.objects.exists()


def test_a_second_one_of_the_same_person_waits_for_the_end_of_the_first() -> None:
    report, by = in_review(), colleague(Role.REVIEWER)
    for status in (201, 409):
        assert caller(by).post(f"reports/{report.pk}/objections/", reason="Swapped.").status_code == status


def test_what_is_not_there_is_not_found() -> None:
    assert refused(a(Role.REVIEWER).post("objections/999/withdraw/", reason="x")) == (404, "not_found")
    assert refused(a(Role.REVIEWER).post("reports/999/objections/", reason="x")) == (404, "not_found")
