"""One's own tokens: made while logged in, shown once, listed without secrets, revoked."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions import create_token
from accounts.enums import Role
from accounts.models import ApiToken, AuditEntry, User
from tests.cast import SHELL
from tests.integration.reports.api.callers import API, Caller, caller, refused, researcher
from tests.integration.reports.cast import colleague

pytestmark = pytest.mark.django_db


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_who_logged_in_makes_a_token_that_opens_the_api() -> None:
    user = colleague(Role.RESEARCHER)
    response = logged_in(user).post(f"{API}tokens/", {"name": "notebook"}, content_type="application/json")
    assert response.status_code == 201
    assert response["Cache-Control"] == "no-store"
    made = response.json()
    assert (made["name"], made["valid"], made["revoked_at"]) == ("notebook", True, None)
    assert Caller(made["secret"]).get("surveys/").status_code == 200
    assert AuditEntry.objects.get(action="token.created").actor_name == str(user.pk)


def test_its_secret_is_shown_once_and_kept_nowhere() -> None:
    user = colleague(Role.RESEARCHER)
    client = logged_in(user)
    secret = client.post(f"{API}tokens/", {"name": "notebook"}, content_type="application/json").json()["secret"]
    listed = client.get(f"{API}tokens/").content.decode()
    assert "notebook" in listed
    assert secret not in listed + repr([*ApiToken.objects.values(), *AuditEntry.objects.values()])


def test_a_token_makes_no_other() -> None:
    assert refused(researcher().post("tokens/", name="another")) == (403, "not_allowed")
    assert ApiToken.objects.count() == 1


@pytest.mark.parametrize("body", [{}, {"name": " "}, {"name": "x" * 61}])
def test_a_token_has_a_name(body: dict[str, str]) -> None:
    client = logged_in(colleague(Role.RESEARCHER))
    response = client.post(f"{API}tokens/", body, content_type="application/json")
    assert refused(response) == (400, "invalid")


def test_everybody_lists_their_own() -> None:
    user = colleague(Role.RESEARCHER)
    create_token(SHELL, colleague(Role.ADMIN), "of somebody else")
    create_token(SHELL, user, "older")
    listed = caller(user).get("tokens/").json()["results"]
    assert [one["name"] for one in listed] == ["test", "older"]


def test_a_revoked_token_opens_nothing_and_stays_listed() -> None:
    user = colleague(Role.RESEARCHER)
    secret = create_token(SHELL, user, "lost")
    lost, who = ApiToken.objects.get(), caller(user)
    assert who.call("DELETE", f"tokens/{lost.pk}/").status_code == 204
    assert refused(Caller(secret).get("surveys/"))[0] == 401
    (shown,) = (one for one in who.get("tokens/").json()["results"] if one["name"] == "lost")
    assert (shown["valid"], shown["revoked_at"] is None) == (False, False)


def test_nobody_revokes_the_token_of_another() -> None:
    secret = create_token(SHELL, colleague(Role.RESEARCHER), "theirs")
    theirs = ApiToken.objects.get()
    assert refused(researcher().call("DELETE", f"tokens/{theirs.pk}/")) == (404, "not_found")
    assert Caller(secret).get("surveys/").status_code == 200


def test_a_token_revokes_itself() -> None:
    who = researcher()
    assert who.call("DELETE", f"tokens/{ApiToken.objects.get().pk}/").status_code == 204
    assert refused(who.get("tokens/"))[0] == 401


def test_more_tokens_need_no_more_queries() -> None:
    user = colleague(Role.RESEARCHER)
    who = caller(user)
    with CaptureQueriesContext(connection) as few:
        who.get("tokens/")
    for number in range(5):
        create_token(SHELL, user, f"token {number}")
    with CaptureQueriesContext(connection) as many:
        assert who.get("tokens/").json()["count"] == 6
    assert len(many) == len(few) <= 3
