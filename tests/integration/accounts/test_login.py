"""Logging in: tries are counted by account and by nothing else, for passwords and for codes; without Redis none is."""

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from accounts.enums import Role
from accounts.models import User
from tests.cast import PASSWORD, person
from tests.integration.accounts.codes import SECRET, code_now
from tests.integration.reports.cast import colleague

pytestmark = pytest.mark.django_db

LOGIN, CODE = "/accounts/login/", "/accounts/code/"
TRIES = 10


@pytest.fixture
def rosa(db: None) -> User:
    return person(Role.REVIEWER, email="rosa@example.org")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No password is right, and none takes half a second to be judged."""
    monkeypatch.setattr(User, "check_password", lambda user, word: False)
    monkeypatch.setattr("allauth.account.auth_backends.AuthenticationBackend._mitigate_timing_attack", lambda *_: None)


def enter(client: Client, password: str, login: str = "rosa@example.org", **headers: str) -> HttpResponse:
    return client.post(LOGIN, {"login": login, "password": password}, headers=headers)


def said(response: HttpResponse) -> str:
    return response.content.decode()


def test_who_knows_the_password_comes_in_and_gets_a_new_session(rosa: User, client: Client) -> None:
    client.get(LOGIN)
    client.session["before"] = True
    before = client.session.session_key
    assert enter(client, PASSWORD)["Location"] == "/review/"
    assert client.session.session_key != before


def test_after_ten_failures_not_even_the_right_password_is_taken(
    rosa: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as guessing:
        guessing.setattr(User, "check_password", lambda user, word: False)
        for _ in range(TRIES):
            assert "not correct" in said(enter(client, "a wrong guess"))
    assert "Too many failed" in said(enter(client, PASSWORD))
    assert client.get("/review/").status_code == 302


@pytest.mark.parametrize(
    "disguise",
    [
        lambda n: {"host": f"testserver:{1000 + n}"},
        lambda n: {"host": "localhost" if n % 2 else "127.0.0.1"},
        lambda n: {"x-forwarded-for": f"10.0.0.{n}"},
        lambda n: {"user-agent": f"agent {n}"},
    ],
)
def test_no_header_makes_the_tries_more(
    rosa: User, client: Client, quick: None, disguise: Callable[[int], dict[str, str]]
) -> None:
    answers = [said(enter(client, "guess", **disguise(number))) for number in range(TRIES + 1)]
    assert ["Too many failed" in answer for answer in answers] == [False] * TRIES + [True]


def test_another_spelling_of_the_address_is_the_same_account(rosa: User, client: Client, quick: None) -> None:
    spellings = ["rosa@example.org", "ROSA@example.org", " Rosa@Example.ORG "]
    answers = [said(enter(client, "guess", spellings[number % 3])) for number in range(TRIES + 1)]
    assert "Too many failed" in answers[-1]


def test_an_address_without_an_account_is_answered_alike(rosa: User, client: Client, quick: None) -> None:
    known, unknown = (
        [said(enter(client, "guess", login)).count("Too many") for _ in range(TRIES + 1)]
        for login in ("rosa@example.org", "nobody@example.org")
    )
    assert known == unknown


def test_one_account_does_not_lock_another(rosa: User, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as guessing:
        guessing.setattr(User, "check_password", lambda user, word: False)
        for _ in range(TRIES + 1):
            enter(client, "guess", "somebody@example.org")
    assert enter(client, PASSWORD).status_code == 302


def test_no_address_of_a_visitor_is_kept(rosa: User, quick: None) -> None:
    visitor = Client(REMOTE_ADDR="203.0.113.77", headers={"x-forwarded-for": "203.0.113.78"})
    enter(visitor, "guess")
    keys = cache._cache.get_client().keys("*")  # type: ignore[attr-defined]
    kept = repr([(key, cache._cache.get_client().get(key)) for key in keys])  # type: ignore[attr-defined]
    assert "login_failed" in kept
    assert "203.0.113" not in kept
    assert "rosa@" not in kept


@pytest.fixture
def half_way(client: Client, settings: Settings) -> Client:
    """The password was right; the code is missing."""
    rosa = person(Role.REVIEWER, email="rosa@example.org")
    TOTP.activate(rosa, SECRET)
    RecoveryCodes.activate(rosa)
    assert enter(client, PASSWORD)["Location"] == CODE
    assert client.get("/review/").status_code == 302
    return client


def test_the_code_of_the_app_is_asked_for_once_it_is_set_up(half_way: Client) -> None:
    assert half_way.get(CODE).status_code == 200
    assert half_way.post(CODE, {"code": code_now()})["Location"] == "/review/"
    assert half_way.get("/review/").status_code == 200


def test_codes_are_guessed_ten_times_at_most_by_account(half_way: Client) -> None:
    wrong = f"{(int(code_now()) + 500_000) % 1_000_000:06}"
    for _ in range(TRIES):
        assert "Incorrect code" in said(half_way.post(CODE, {"code": wrong}))
    assert "Too many failed" in said(half_way.post(CODE, {"code": code_now()}))

    other = Client(headers={"host": "localhost"})
    enter(other, PASSWORD)
    assert "Too many failed" in said(other.post(CODE, {"code": code_now()}))


def test_a_code_opens_once(half_way: Client) -> None:
    seen = code_now()
    assert half_way.post(CODE, {"code": seen}).status_code == 302
    other = Client()
    enter(other, PASSWORD)
    assert "Incorrect code" in said(other.post(CODE, {"code": seen}))
    # The library forgets a code after the time in which it is shown; it is accepted for longer.
    cache.delete(f"allauth.mfa.totp.used?user={User.objects.get().pk}&code={seen}")
    assert "Incorrect code" in said(other.post(CODE, {"code": f"{seen[:3]} {seen[3:]}"}))


def test_a_recovery_code_opens_once(half_way: Client) -> None:
    (kept,) = (RecoveryCodes(one) for one in Authenticator.objects.filter(type="recovery_codes"))
    first = kept.get_unused_codes()[0]
    assert half_way.post(CODE, {"code": first}).status_code == 302
    other = Client()
    enter(other, PASSWORD)
    assert "Incorrect code" in said(other.post(CODE, {"code": first}))


def test_the_database_alone_makes_no_codes(half_way: Client) -> None:
    assert SECRET not in repr([*Authenticator.objects.values()])


def test_a_former_key_still_opens_what_it_closed(half_way: Client, settings: Settings) -> None:
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key, of more than thirty-two signs"
    enter(half_way, PASSWORD)
    assert half_way.post(CODE, {"code": code_now()}).status_code == 302


@pytest.fixture
def no_redis(settings: Settings) -> None:
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"},
    }


def test_without_redis_nobody_logs_in_and_nobody_is_locked_out(rosa: User, client: Client, no_redis: None) -> None:
    inside = Client()
    inside.force_login(colleague(Role.REVIEWER))
    for password in (PASSWORD, "a wrong guess"):
        response = enter(client, password)
        assert (response.status_code, response["Retry-After"]) == (503, "30")
        assert "try again in a minute" in said(response)
    assert client.get("/review/").status_code == 302
    assert client.get(LOGIN).status_code == 200
    assert inside.get("/review/").status_code == 200


def test_the_door_of_the_administration_is_the_same(client: Client) -> None:
    for method in (client.get, client.post):
        response = method("/admin/login/", {"next": "/admin/"})
        assert response.status_code == 302
        assert response["Location"].startswith(LOGIN)


@pytest.mark.parametrize(
    "path", ["signup/", "email/", "confirm-email/", "password/set/", "3rdparty/", "login/code/", "webauthn/"]
)
def test_there_is_no_page_that_does_not_belong_here(client: Client, path: str) -> None:
    assert client.get(f"/accounts/{path}").status_code == 404
