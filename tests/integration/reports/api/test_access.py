"""Who may call what: every operation of the OpenAPI document, for everybody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from accounts.actions import create_token
from accounts.actors import WORKER
from accounts.enums import Role
from accounts.models import ApiToken, User
from reports.actions import object_to
from reports.actions.moves import move
from reports.enums import State, Verdict
from reports.models import Release, Report
from tests.cast import SHELL
from tests.integration.reports.api.callers import Caller, a, caller, refused, researcher
from tests.integration.reports.cast import MANIFEST, colleague, in_review, queued, requester, vote

PEOPLE = ("nobody", "no role", "researcher", "reviewer", "requester", "admin")
"""Not logged in; an account without a role; the three roles; a researcher and reviewer who asked for the reports."""
EVERYBODY = (200, 200, 200, 200, 200, 200)
ANY_ROLE = (401, 403, 200, 200, 200, 200)
JUDGED = {"verdict": "approve", "reason": "I looked at every table.", "manifest_sha256": MANIFEST}
WISH = {"survey": "mris", "plan": "mris", "replace": True, "purpose": "A label was wrong."}

MATRIX: dict[tuple[str, str], tuple[dict[str, Any], tuple[int, ...]]] = {
    ("GET", "/"): ({}, ANY_ROLE),
    ("GET", "/surveys/"): ({}, ANY_ROLE),
    ("GET", "/surveys/{slug}/"): ({}, ANY_ROLE),
    ("GET", "/surveys/{slug}/testimonies/"): ({}, (401, 403, 403, 403, 403, 403)),
    ("GET", "/codebooks/{instrument}/"): ({}, ANY_ROLE),
    ("GET", "/plans/"): ({}, ANY_ROLE),
    ("GET", "/plans/{name}/"): ({}, ANY_ROLE),
    ("GET", "/releases/"): ({}, ANY_ROLE),
    ("GET", "/releases/{slug}/"): ({}, ANY_ROLE),
    ("GET", "/releases/{slug}/statistics/"): ({}, ANY_ROLE),
    ("GET", "/releases/{slug}/figures/"): ({}, ANY_ROLE),
    ("GET", "/releases/{slug}/testimonies/"): ({}, ANY_ROLE),
    ("GET", "/releases/{slug}/tables/"): ({}, ANY_ROLE),
    ("GET", "/releases/{slug}/tables/{table_id}/"): ({}, ANY_ROLE),
    ("GET", "/releases/{slug}/tables/{table_id}.csv"): ({}, ANY_ROLE),
    ("GET", "/releases/{slug}/files/{path}"): ({}, ANY_ROLE),
    ("GET", "/releases/{slug}/bundle/"): ({}, ANY_ROLE),
    ("POST", "/releases/{slug}/retract/"): ({"reason": "A mistake."}, (401, 403, 403, 403, 403, 200)),
    ("GET", "/reports/"): ({}, ANY_ROLE),
    ("POST", "/reports/"): (WISH, (401, 403, 201, 403, 201, 201)),
    ("GET", "/reports/{report_id}/"): ({}, (401, 403, 403, 200, 200, 200)),
    ("POST", "/reports/{report_id}/decisions/"): (JUDGED, (401, 403, 403, 201, 403, 403)),
    ("POST", "/reports/{report_id}/objections/"): ({"reason": "Swapped."}, (401, 403, 403, 201, 201, 201)),
    ("POST", "/objections/{objection_id}/withdraw/"): ({"reason": "Misread."}, (401, 403, 403, 403, 200, 403)),
    ("POST", "/reports/{report_id}/retry/"): ({}, (401, 403, 403, 403, 200, 200)),
    ("POST", "/reports/{report_id}/resubmit/"): ({"reason": "Done."}, (401, 403, 403, 403, 200, 403)),
    ("GET", "/tokens/"): ({}, ANY_ROLE),
    ("POST", "/tokens/"): ({"name": "another"}, (401, 403, 403, 403, 403, 403)),
    ("DELETE", "/tokens/{token_id}/"): ({}, (401, 403, 404, 404, 404, 404)),
    ("GET", "/schema/"): ({}, EVERYBODY),
    ("GET", "/docs/"): ({}, EVERYBODY),
}


def failed(asked: User) -> Report:
    report = queued(asked, waves=[2])
    move(WORKER, report, State.COMPUTING)
    move(WORKER, report, State.FAILED, "A disk was full.", error="A disk was full.")
    return report


def sent_back(asked: User) -> Report:
    report = in_review(asked, waves=[2])
    vote(report, Verdict.ASK_FOR_CHANGES)
    vote(report)
    return report


def report_for(address: str, asked: User) -> Report:
    """In the state in which the operation is possible."""
    make: Callable[[User], Report] = {"retry": failed, "resubmit": sent_back}.get(
        address.split("/")[-2], lambda asked: in_review(asked, waves=[2])
    )
    return make(asked)


def filled(address: str, asked: User) -> str:
    values: dict[str, object] = {"slug": "mris-1", "instrument": "mris", "name": "mris", "table_id": "t2_age"}
    if address.startswith("/surveys/"):
        values["slug"] = "mris"
    if "{report_id}" in address:
        values["report_id"] = report_for(address, asked).pk
    if "{objection_id}" in address:
        values["objection_id"] = object_to(asked, in_review(asked, waves=[2]).pk, "Swapped labels.").pk
    if "{token_id}" in address:
        create_token(SHELL, colleague(Role.ADMIN), "of somebody else")
        values["token_id"] = ApiToken.objects.latest("pk").pk
    return address.format(**values, path="cells.csv").removeprefix("/")


def everybody(asked: User) -> dict[str, Caller]:
    return {
        "nobody": Caller(),
        "no role": a(),
        "researcher": researcher(),
        "reviewer": a(Role.REVIEWER),
        "requester": caller(asked),
        "admin": a(Role.ADMIN),
    }


def called(who: Caller, method: str, address: str, body: dict[str, Any]) -> HttpResponse:
    """The answer; what the call changed is undone, so that the next one finds the same."""
    with transaction.atomic():
        response = who.post(address, **body) if method == "POST" else who.call(method, address)
        transaction.set_rollback(True)
    return response


@pytest.mark.parametrize(("method", "address"), MATRIX)
def test_each_operation_is_open_to_some_and_refused_to_others(release: Release, method: str, address: str) -> None:
    asked = requester()
    people, place = everybody(asked), filled(address, asked)
    body, expected = MATRIX[method, address]
    answers = {name: called(who, method, place, body) for name, who in people.items()}
    assert {name: one.status_code for name, one in answers.items()} == dict(zip(PEOPLE, expected, strict=True))
    for answer in answers.values():
        if answer.status_code >= 400:
            refused(answer)


def test_no_operation_is_missing_here(openapi: dict[str, Any]) -> None:
    described = {
        (method.upper(), path.removeprefix("/api/v1"))
        for path, operations in openapi["paths"].items()
        for method in operations
    }
    assert set(MATRIX) - described == {("GET", "/schema/"), ("GET", "/docs/")}
    assert described <= set(MATRIX)


def test_the_requester_reads_why_they_may_not_decide(release: Release) -> None:
    asked = requester()
    report = in_review(asked, waves=[2])
    response = caller(asked).post(f"reports/{report.pk}/decisions/", **JUDGED)
    assert refused(response) == (403, "own_report")


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["put", "patch", "delete", "options"])
def test_other_methods_are_refused(method: str) -> None:
    response = researcher().call(method.upper(), "releases/")
    assert refused(response)[0] == 405
    assert response["Allow"] == "GET, HEAD"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "nothing/",
        "reports/x/",
        "reports/99999999999999999999/",
        "reports/0/",
        "plans/x/",
        "surveys/x/",
        "codebooks/x/",
        "releases/x/",
        "releases/x/bundle/",
        "releases/x/files/cells.csv",
        "releases/?page=99",
        "releases/?page=x",
    ],
)
def test_an_unknown_address_is_refused_in_the_same_shape(address: str) -> None:
    assert refused(researcher().get(address)) == (404, "not_found")


@pytest.fixture
def token(db: None) -> tuple[Caller, ApiToken]:
    who = researcher()
    return who, ApiToken.objects.get()


def test_a_token_opens(token: tuple[Caller, ApiToken]) -> None:
    assert token[0].get("surveys/").status_code == 200


@pytest.mark.parametrize("change", ["expires_at", "revoked_at"])
def test_an_expired_or_revoked_token_does_not(token: tuple[Caller, ApiToken], change: str) -> None:
    ApiToken.objects.update(**{change: timezone.now() - timedelta(seconds=1)})
    response = token[0].get("surveys/")
    assert refused(response) == (401, "authentication_failed")
    assert response["WWW-Authenticate"] == "Bearer"


def test_nor_does_the_token_of_somebody_who_left(token: tuple[Caller, ApiToken]) -> None:
    User.objects.update(is_active=False)
    assert refused(token[0].get("surveys/"))[0] == 401


@pytest.mark.django_db
@pytest.mark.parametrize("secret", ["sunset_unknown", "ü", " ", "a b c", "x" * 5000])
def test_nor_an_unknown_one(secret: str) -> None:
    assert refused(Caller(secret).get("surveys/"))[0] == 401


def test_no_answer_and_no_row_holds_the_secret_of_a_token(token: tuple[Caller, ApiToken]) -> None:
    who, row = token
    assert bytes(row.digest).hex() not in who.get("tokens/").content.decode()


@pytest.mark.django_db
def test_people_who_logged_in_need_no_token_but_write_only_from_our_own_pages() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(colleague(Role.RESEARCHER))
    assert client.get("/api/v1/surveys/").status_code == 200
    response = client.post("/api/v1/reports/", WISH, content_type="application/json")
    assert refused(response) == (403, "permission_denied")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "content_type", "status"),
    [("{", "application/json", 400), ("[]", "application/json", 400), ("null", "application/json", 400),
     ("{}", "application/json", 400), ("survey=mris", "application/x-www-form-urlencoded", 415),
     ('{"survey": "mris\\u0000", "plan": "mris"}', "application/json", 400),
     ('{"survey": "mris", "plan": "mris", "waves": [0]}', "application/json", 400),
     ("[" * 100_000, "application/json", 400), ('{"a":' * 50_000, "application/json", 400)],
)  # fmt: skip
def test_a_body_that_makes_no_sense_is_refused(content: str, content_type: str, status: int) -> None:
    client = Client()
    client.force_login(colleague(Role.RESEARCHER))
    response = client.post("/api/v1/reports/", content, content_type=content_type)
    assert refused(response)[0] == status
