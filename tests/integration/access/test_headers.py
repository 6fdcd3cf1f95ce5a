"""What every answer says to the browser, whoever asks: load nothing from elsewhere, frame nothing, keep nothing."""

import re
from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from config.role_matrix import LOGIN, PEOPLE, ROLE_MATRIX, YES
from tests.integration.access.company import Company
from tests.integration.reports.cast import colleague

STAFF = ("accounts", "admin", "portal", "review")
_ELSEWHERE = re.compile(r"https?:|\*|unsafe|wss?:")


def check(response: HttpResponse, place: object) -> None:
    """What holds for every answer of the service."""
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'"), place
    assert "frame-ancestors 'none'" in policy, place
    assert "base-uri 'none'" in policy, place
    assert not _ELSEWHERE.search(policy), place
    assert (response["X-Content-Type-Options"], response["X-Frame-Options"]) == ("nosniff", "DENY"), place
    assert response["Referrer-Policy"] in ("same-origin", "no-referrer"), place
    assert "Server" not in response.headers, place


def check_page(response: HttpResponse, place: object) -> None:
    """Nothing inline without its nonce or hash, and nothing from another address."""
    if not response["Content-Type"].startswith("text/html"):
        return
    page = response.content.decode()
    assert not re.search(r"\son[a-z]+=|style=|javascript:", page), place
    assert (
        not re.search(r"<(?:script|style)(?![^>]*(?:nonce=|src=))[^>]*>(?!\s*\{)", page)
        or "sha256-" in response["Content-Security-Policy"]
    ), place
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"https?://", page), place


@pytest.mark.parametrize("part", sorted({pattern.partition("/")[0] for method, pattern in ROLE_MATRIX}))
def test_every_page_that_the_table_knows(company: Company, part: str) -> None:
    for (method, pattern), outcomes in ROLE_MATRIX.items():
        if method != "GET" or pattern.partition("/")[0] != part:
            continue
        for who in {outcome: who for who, outcome in zip(PEOPLE, outcomes, strict=True)}.values():
            response = company.ask(who, method, pattern)
            check(response, (who, pattern))
            check_page(response, (who, pattern))
            _check_kept(response, pattern, who, outcomes[PEOPLE.index(who)])


def _check_kept(response: HttpResponse, pattern: str, who: str, outcome: str) -> None:
    kept = response.headers.get("Cache-Control", "")
    head = pattern.partition("/")[0]
    if head == "api":
        assert "no-store" in kept or "no-cache" in kept, pattern
        assert "public" not in kept, pattern
    elif head in STAFF:
        assert "no-store" in kept or (outcome in (LOGIN, YES) and response.status_code == 302), (pattern, who, kept)
    else:
        assert not response.cookies, pattern
        assert "Cookie" not in response.headers.get("Vary", ""), pattern
        assert "sessionid" not in response.content.decode("latin-1"), pattern


FAULTS: dict[str, tuple[Callable[[Client], HttpResponse], int]] = {
    "nothing there": (lambda client: client.get("/nothing/here"), 404),
    "an icon": (lambda client: client.get("/favicon.ico"), 404),
    "nothing in the portal": (lambda client: client.get("/portal/nothing/"), 404),
    "nothing at the door": (lambda client: client.get("/accounts/nothing/"), 404),
    "nothing for respondents": (lambda client: client.get("/en/nothing/"), 404),
    "nothing for programs": (lambda client: client.get("/api/v1/nothing/"), 404),
    "no such release": (lambda client: client.get("/portal/releases/nothing/"), 404),
    "another's page": (lambda client: client.get("/admin/", follow=True), 403),
    "wrong method": (lambda client: client.post("/portal/"), 405),
    "wrong method for programs": (lambda client: client.post("/api/v1/releases/"), 405),
    "wrong method for health": (lambda client: client.post("/healthz"), 405),
    "too much": (lambda client: client.post("/portal/tokens/", {"name": "x" * 300_000}), 400),
    "a nul": (lambda client: client.post("/portal/tokens/", {"name": "a\0b"}), 400),
    "unknown host": (lambda client: client.get("/portal/", headers={"host": "evil.example"}), 400),
    "from elsewhere": (lambda client: _checked(client).post("/portal/tokens/", {"name": "x"}), 403),
    "too much for respondents": (lambda client: client.post("/en/receipt/", {"receipt": "x" * 300_000}), 413),
    "a broken form": (
        lambda client: client.generic("POST", "/en/receipt/", b"--", "multipart/form-data; boundary="),
        400,
    ),
}


def _checked(client: Client) -> Client:
    client.handler.enforce_csrf_checks = True
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("name", FAULTS)
def test_every_refusal(name: str, client: Client) -> None:
    client.force_login(colleague("researcher"))
    visit, status = FAULTS[name]
    response = visit(client)
    assert response.status_code == status
    check(response, name)
    check_page(response, name)
    assert "<h1" in response.content.decode() or response["Content-Type"] == "application/json"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/portal/", "/en/results/", "/accounts/login/", "/healthz"])
def test_a_fault_of_ours(path: str, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise ZeroDivisionError

    client.force_login(colleague("researcher"))
    monkeypatch.setattr("django.core.handlers.base.BaseHandler.resolve_request", fail)
    client.raise_request_exception = False
    response = client.get(path)
    assert response.status_code == 500
    assert "Something went wrong here" in response.content.decode()
    check(response, path)
    check_page(response, path)


@pytest.mark.django_db
def test_staff_pages_have_a_nonce_of_their_own(client: Client) -> None:
    first, second = (client.get("/api/v1/docs/")["Content-Security-Policy"] for _ in range(2))
    assert "script-src 'self'" in first
    assert "'unsafe" not in first + second


@pytest.fixture
def tls(settings: Settings) -> None:
    """As with HTTPS=true."""
    settings.SECURE_HSTS_SECONDS = 31_536_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = settings.SECURE_HSTS_PRELOAD = settings.SECURE_SSL_REDIRECT = True
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/en/", "/accounts/login/", "/api/v1/schema/", "/healthz", "/nothing"])
def test_behind_tls_the_browser_comes_no_other_way(tls: None, path: str) -> None:
    response = Client().get(path, secure=True)
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "status"), [("/en/", 301), ("/accounts/login/", 301), ("/healthz", 200)])
def test_behind_tls_what_comes_in_the_open_is_sent_there(tls: None, path: str, status: int) -> None:
    response = Client().get(path)
    assert response.status_code == status
    assert response.headers.get("Location", "https://").startswith("https://")


@pytest.mark.django_db
def test_cookies_of_staff_stay_in_the_browser_and_on_this_site(tls: None) -> None:
    client = Client()
    client.force_login(colleague("researcher"))
    session = client.session
    session["seen"] -= 120
    session.save()
    cookies = client.get("/portal/", secure=True).cookies
    assert set(cookies) == {"sessionid", "csrftoken"}
    assert all(
        cookie["samesite"] == "Strict" and cookie["secure"] and cookie["httponly"] for cookie in cookies.values()
    )
