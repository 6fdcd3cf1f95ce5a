"""Programs that call the API with a token, and what they are answered."""

from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client

from accounts.actions import create_token
from accounts.actors import Actor
from accounts.enums import Role, Scope
from accounts.models import User
from tests.integration.reports.cast import colleague

API = "/api/v1/"
REFUSAL = {"code", "message", "fields"}


class Caller:
    """Asks with `token`, or without one. Addresses are relative to /api/v1/."""

    def __init__(self, token: str = "") -> None:
        self._client = Client(
            headers={"authorization": f"Bearer {token}"} if token else {}, raise_request_exception=True
        )

    def get(self, address: str, **headers: str) -> HttpResponse:
        """Django's client, like Python's urllib, sends no Accept header of its own."""
        return self._client.get(_path(address), headers=headers)

    def post(self, address: str, **body: Any) -> HttpResponse:
        return self._client.post(_path(address), body, content_type="application/json")

    def call(self, method: str, address: str) -> HttpResponse:
        return self._client.generic(method, _path(address))


def _path(address: str) -> str:
    return address if address.startswith(("/", "http")) else API + address


def caller(user: User, *scopes: Scope) -> Caller:
    """With a token that is good for everything, unless scopes are named."""
    return Caller(create_token(Actor.of(user), user, "test", scopes or Scope))


def a(*roles: Role) -> Caller:
    """Somebody with these roles."""
    return caller(colleague(*roles))


def researcher() -> Caller:
    return a(Role.RESEARCHER)


def received(response: HttpResponseBase) -> bytes:
    """The body, also of what is sent in pieces."""
    whole = response.streaming_content if response.streaming else [response.content]  # type: ignore[attr-defined]
    return b"".join(whole)


def refused(response: HttpResponse) -> tuple[int, str]:
    """Status and code of a refusal, which always looks the same."""
    assert response["Content-Type"] == "application/json", response.content[:200]
    assert set(response.json()) == REFUSAL
    assert response.json()["message"]
    return response.status_code, response.json()["code"]
