"""One's own tokens: made while logged in, shown once, listed without secrets, revoked."""

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.actions import create_token
from accounts.enums import Role, Scope
from accounts.models import ApiToken, AuditEntry, User
from reports.api import urls
from reports.api.base import ApiView
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


def test_a_token_reads_and_requests_unless_it_was_said_otherwise() -> None:
    client = logged_in(colleague(Role.RESEARCHER, Role.REVIEWER))
    made = client.post(f"{API}tokens/", {"name": "notebook"}, content_type="application/json").json()
    assert made["scopes"] == ["read", "request"]
    who = Caller(made["secret"])
    assert refused(who.post("reports/7/decisions/", verdict="approve")) == (403, "scope_missing")


def test_a_token_to_read_only_reads() -> None:
    client = logged_in(colleague(Role.RESEARCHER))
    wish = {"name": "notebook", "scopes": ["read"]}
    made = client.post(f"{API}tokens/", wish, content_type="application/json").json()
    who = Caller(made["secret"])
    assert who.get("releases/").status_code == 200
    assert refused(who.post("reports/", survey="mris", plan="mris")) == (403, "scope_missing")


@pytest.mark.parametrize("scopes", [[], ["admin"], "read", ["read"] * 9])
def test_unknown_scopes_are_refused(scopes: object) -> None:
    client = logged_in(colleague(Role.RESEARCHER))
    sent = {"name": "notebook", "scopes": scopes}
    assert refused(client.post(f"{API}tokens/", sent, content_type="application/json")) == (400, "invalid")


CHANGES = {
    "reports/": Scope.REQUEST,
    "reports/1/retry/": Scope.REQUEST,
    "reports/1/resubmit/": Scope.REQUEST,
    "reports/1/decisions/": Scope.REVIEW,
    "releases/x/retract/": Scope.REVIEW,
}


@pytest.mark.parametrize("address", CHANGES)
@pytest.mark.parametrize("scope", Scope)
def test_what_changes_something_needs_its_own_scope(address: str, scope: Scope) -> None:
    response = caller(colleague(*Role), scope).post(address)
    assert (refused(response) == (403, "scope_missing")) == (scope != CHANGES[address])


@pytest.mark.parametrize("scope", [Scope.REQUEST, Scope.REVIEW, Scope.TEXTS])
def test_a_token_that_may_not_read_reads_nothing_but_ends_itself(scope: Scope) -> None:
    who = caller(colleague(*Role), scope)
    assert refused(who.get("releases/")) == (403, "scope_missing")
    assert who.call("DELETE", f"tokens/{ApiToken.objects.get().pk}/").status_code == 204


def test_every_operation_that_changes_something_but_tokens_has_a_scope() -> None:
    views = _changing_views()
    assert len(views) == 9
    assert {view.__name__ for view in views if view.scope not in (Scope.REQUEST, Scope.REVIEW)} == {
        "Tokens",
        "OneToken",
    }


def _changing_views() -> set[type[ApiView]]:
    views = {pattern.callback.view_class for pattern in urls.urlpatterns}
    return {view for view in views if issubclass(view, ApiView) and {"post", "delete"} & set(dir(view))}


def test_the_database_knows_no_other_scope() -> None:
    create_token(SHELL, colleague(Role.RESEARCHER), "of somebody")
    with pytest.raises(IntegrityError):
        ApiToken.objects.update(scopes=["everything"])
