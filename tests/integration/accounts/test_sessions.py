"""A session ends when it is old, unused, or when the person it belongs to is not who they were."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.actions import change_user, set_password
from accounts.enums import Role
from accounts.models import AuditEntry, User
from tests.cast import PASSWORD, SHELL, person
from tests.integration.reports.api.callers import caller

pytestmark = pytest.mark.django_db

HOUR = 3600


@pytest.fixture
def rosa(db: None) -> User:
    return person(Role.REVIEWER, email="rosa@example.org")


@pytest.fixture
def inside(rosa: User, client: Client) -> Client:
    client.force_login(rosa)
    assert client.get("/portal/").status_code == 200
    return client


def is_out(response: HttpResponse) -> bool:
    return response.status_code == 302 and response["Location"].startswith("/accounts/login/")


def shift(client: Client, **seconds: int) -> None:
    session = client.session
    for name, by in seconds.items():
        session[name] -= by
    session.save()


@pytest.mark.parametrize(
    ("began", "seen", "ends"),
    [
        (7 * HOUR, HOUR - 60, False),
        (7 * HOUR, HOUR + 60, True),
        (8 * HOUR + 60, 0, True),
    ],
)
def test_it_lasts_an_hour_without_a_request_and_eight_at_most(
    inside: Client, began: int, seen: int, ends: bool
) -> None:
    shift(inside, began=began, seen=seen)
    assert is_out(inside.get("/portal/")) == ends
    assert is_out(inside.get("/portal/")) == ends


def test_a_request_counts_but_makes_it_no_longer_than_eight_hours(inside: Client) -> None:
    began = inside.session["began"]
    shift(inside, seen=HOUR - 60)
    inside.get("/portal/")
    assert inside.session["seen"] > inside.session["began"] - 10
    assert inside.session["began"] == began


def test_the_api_keeps_the_same_time(inside: Client) -> None:
    shift(inside, seen=HOUR + 60)
    assert inside.get("/api/v1/releases/").status_code == 401


def _close(user: User) -> None:
    user.is_active = False
    change_user(SHELL, user)


def _other_roles(user: User) -> None:
    user.roles = [Role.REVIEWER, Role.ADMIN]
    change_user(SHELL, user)


def _other_password(user: User) -> None:
    set_password(SHELL, user, "quite another password")


def _role_in_the_database(user: User) -> None:
    User.objects.update(roles=[Role.RESEARCHER])


@pytest.mark.parametrize("change", [_close, _other_roles, _other_password, _role_in_the_database])
def test_it_ends_with(inside: Client, rosa: User, change: Callable[[User], None]) -> None:
    change(rosa)
    assert is_out(inside.get("/portal/"))


def test_a_session_does_not_come_back_with_the_account(inside: Client, rosa: User) -> None:
    _close(rosa)
    rosa.is_active = True
    change_user(SHELL, rosa)
    assert is_out(inside.get("/portal/"))


def test_another_name_ends_nothing(inside: Client, rosa: User) -> None:
    rosa.name = "Rosa"
    change_user(SHELL, rosa)
    assert inside.get("/portal/").status_code == 200
    assert AuditEntry.objects.filter(action="user.changed").count() == 1


def test_who_changes_their_password_stays_here_and_leaves_elsewhere(inside: Client, rosa: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(rosa)
    sent = {"oldpassword": PASSWORD, "password1": "quite another password", "password2": "quite another password"}
    assert inside.post("/accounts/password/change/", sent)["Location"] == "/accounts/"
    assert inside.get("/portal/").status_code == 200
    assert is_out(elsewhere.get("/portal/"))
    assert AuditEntry.objects.filter(action="user.password_set", actor_name=str(rosa.pk)).count() == 1


def test_tokens_of_somebody_who_left_stop_at_once(rosa: User) -> None:
    program = caller(rosa)
    assert program.get("releases/").status_code == 200
    _close(rosa)
    assert program.get("releases/").status_code == 401


def test_logging_out_ends_it(inside: Client) -> None:
    assert inside.get("/accounts/logout/").status_code == 200, "a link alone logs nobody out"
    assert inside.get("/portal/").status_code == 200
    assert is_out(inside.post("/accounts/logout/"))
    assert is_out(inside.get("/portal/"))
