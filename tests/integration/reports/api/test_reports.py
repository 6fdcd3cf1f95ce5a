"""Asking for a report and following it."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actors import WORKER
from accounts.enums import Role
from accounts.models import AuditEntry, User
from reports.actions import work_on_part, work_on_report
from reports.models import Report
from tests.integration.reports.api.callers import Caller, a, caller, refused, researcher
from tests.integration.reports.cast import MANIFEST, colleague, in_review, queued, sealed_survey

pytestmark = pytest.mark.django_db


def person(*roles: Role) -> tuple[User, Caller]:
    user = colleague(*roles)
    return user, caller(user)


def ask(who: Caller, **more: Any) -> Any:
    return who.post("reports/", survey="mris", plan="mris", **more)


def test_it_is_put_into_the_queue_under_the_name_of_who_asked() -> None:
    sealed_survey()
    user, who = person(Role.RESEARCHER)
    response = ask(who, title="First look")
    assert response.status_code == 201
    shown = response.json()
    report = Report.objects.get()
    assert report.requested_by == user
    assert (shown["id"], shown["title"], shown["state"], shown["turn"]) == (
        report.pk,
        "First look",
        "queued",
        "service",
    )
    assert (shown["waves"], shown["stage"], shown["parts_done"], shown["parts_total"]) == ([1], "waiting", 0, 0)
    assert (shown["release"], shown["decisions"], shown["manifest_sha256"]) == (None, [], "")
    assert AuditEntry.objects.get(action="report.requested").actor_name == str(user.pk)


def test_a_worker_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr("reports.tasks.nudge", lambda task, row_id: told.append(row_id))
    sealed_survey()
    asked = ask(researcher()).json()["id"]
    assert told == [asked]


def test_progress_is_followed_until_review() -> None:
    sealed_survey()
    user, who = person(Role.RESEARCHER)
    address = ask(who).json()["url"]
    report = Report.objects.get()
    (part,) = work_on_report(WORKER, report.pk)
    counting = who.get(address).json()
    assert (counting["state"], counting["stage"], counting["parts_done"], counting["parts_total"]) == (
        "computing", "counting", 0, 1,
    )  # fmt: skip
    work_on_part(WORKER, part)
    work_on_report(WORKER, report.pk)
    done = who.get(address).json()
    report.refresh_from_db()
    assert (done["state"], done["stage"], done["turn"]) == ("in_review", "done", "reviewers")
    assert done["manifest_sha256"] == report.manifest_sha256 != ""
    assert done["requested_by"] == str(user)


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"survey": "nothing"}, 404, "not_found"),
        ({"plan": "nothing"}, 404, "not_found"),
        ({"waves": [2]}, 409, "wrong_state"),
        ({"replace": True}, 400, "invalid"),
    ],
)
def test_it_is_refused_as_on_the_page(more: dict[str, Any], status: int, code: str) -> None:
    sealed_survey()
    response = researcher().post("reports/", **{"survey": "mris", "plan": "mris", **more})
    assert refused(response) == (status, code)
    assert not Report.objects.exists()


def test_too_few_responses_are_not_reported() -> None:
    sealed_survey(responses=99)
    assert refused(ask(researcher())) == (409, "too_few_responses")


def test_the_same_is_reported_once() -> None:
    sealed_survey()
    ask(researcher())
    assert refused(ask(researcher())) == (409, "already_reported")


def test_missing_fields_are_named() -> None:
    response = researcher().post("reports/", waves=["x"])
    assert refused(response) == (400, "invalid")
    assert set(response.json()["fields"]) == {"survey", "plan", "waves"}


def test_researchers_list_their_own_reviewers_and_admins_all() -> None:
    user, who = person(Role.RESEARCHER)
    own, other = queued(user), queued(waves=[2])
    waiting = in_review(waves=[3])

    def listed(caller: Caller) -> list[int]:
        return [one["id"] for one in caller.get("reports/").json()["results"]]

    assert listed(who) == [own.pk]
    assert listed(a(Role.REVIEWER)) == listed(a(Role.ADMIN)) == [waiting.pk, other.pk, own.pk]


def test_tables_and_files_of_a_report_in_review_are_not_here() -> None:
    report = in_review()
    shown = a(Role.REVIEWER).get(f"reports/{report.pk}/").json()
    assert shown["manifest_sha256"] == MANIFEST
    assert not {"files", "tables", "content"} & set(shown)


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.ADMIN])
def test_more_reports_need_no_more_queries(role: Role) -> None:
    user, who = person(role)
    queued(user)
    with CaptureQueriesContext(connection) as few:
        who.get("reports/")
    for wave in range(2, 6):
        queued(user if role is Role.RESEARCHER else None, waves=[wave])
    with CaptureQueriesContext(connection) as many:
        assert who.get("reports/").json()["count"] == 5
    assert len(many) == len(few) <= 3
