"""The table of who may ask for what names every address of the service, and the service does what the table says."""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings
from rest_framework.views import APIView

from accounts.enums import Role
from accounts.models import User
from config import embedded
from config.role_matrix import FORBIDDEN, LOGIN, NOTHING, PEOPLE, ROLE_MATRIX, UNAUTHORISED, YES, document
from config.tasks import beat_seen
from reports.models import Release
from tests.cast import CONSENT, open_rehearsal
from tests.integration.access.addresses import Guide, patterns
from tests.integration.accounts.codes import SECRET
from tests.integration.reports.cast import MANIFEST

KNOWN = dict(patterns())
PARTS = sorted({pattern.partition("/")[0] for pattern in KNOWN})
JUDGED = {"verdict": "approve", "reason": "I looked at every table.", "manifest_sha256": MANIFEST}
WISH = {"survey": "mris", "plan": "mris"}
BODIES: dict[str, dict[str, Any]] = {
    "<language:language>/s/<slug:slug>/": {**CONSENT, "wave": "1"},
    "<language:language>/receipt/": {"receipt": "x", "action": "see"},
    "portal/reports/new/": {**WISH, "wave": "1", "replace": "on"},
    "portal/reports/<int:report_id>/resubmit/": {"reason": "Done."},
    "portal/tokens/": {"name": "notebook"},
    "review/<int:report_id>/": {**JUDGED, "manifest": MANIFEST},
    "review/releases/<slug:slug>/retract/": {"reason": "A mistake."},
    "api/v1/releases/<slug:slug>/retract/": {"reason": "A mistake."},
    "api/v1/reports/": {**WISH, "replace": True},
    "api/v1/reports/<int:report_id>/decisions/": JUDGED,
    "api/v1/reports/<int:report_id>/resubmit/": {"reason": "Done."},
    "api/v1/tokens/": {"name": "notebook"},
}
ANSWERS = {401: UNAUTHORISED, 403: FORBIDDEN, 404: NOTHING}


def test_every_address_is_in_the_table_and_no_other() -> None:
    assert {pattern for _, pattern in ROLE_MATRIX} == set(KNOWN), "add rows to config/role_matrix.py"


def test_the_written_page_is_current() -> None:
    page = (embedded.ROOT / "docs" / "role-matrix.md").read_text(encoding="utf-8")
    assert page == document(), "run: manage.py role_matrix"


@dataclass
class Company:
    """Somebody of each kind, logged in, and examples of addresses."""

    clients: dict[str, Client]
    guide: Guide

    def ask(self, who: str, method: str, pattern: str) -> HttpResponse:
        """What the request changes is undone, also in the browser."""
        client = self.clients[who]
        cookies = copy.deepcopy(client.cookies)
        with transaction.atomic():
            path = self.guide.path_to(pattern)
            is_json = path.startswith("/api/")
            body = BODIES.get(pattern, {}) if method == "POST" else None
            kind = {"content_type": "application/json"} if is_json else {}
            response = getattr(client, method.lower())(path, body, **kind)
            transaction.set_rollback(True)
        client.cookies = cookies
        return response

    def outcome(self, who: str, method: str, pattern: str) -> str:
        response = self.ask(who, method, pattern)
        # The administration sends everybody to its door, which lets in, sends on, or refuses.
        while response.headers.get("Location", "").startswith("/admin/"):
            response = self.clients[who].get(response["Location"])
        if response.headers.get("Location", "").startswith("/accounts/login/"):
            return LOGIN
        if response.status_code in ANSWERS:
            assert says_why(response), (who, method, pattern)
            return ANSWERS[response.status_code]
        return YES if response.status_code < 500 and response.status_code != 405 else str(response.status_code)


def says_why(response: HttpResponse) -> bool:
    """A refusal is a sentence for people; for programs also a code."""
    if response["Content-Type"] == "application/json":
        return bool({"code", "message", "fields"} == set(response.json()) and response.json()["message"])
    return "<h1>" in response.content.decode()


def member(name: str, *roles: Role) -> User:
    """With a password that nobody knows and a second factor."""
    user = User.objects.create(email=f"{name}@example.org", name=name, roles=list(roles), password="md5$salt$hash")
    TOTP.activate(user, SECRET)
    RecoveryCodes.activate(user)
    return user


@pytest.fixture
def company(release: Release, settings: Settings) -> Iterator[Company]:
    settings.MFA_REQUIRED = True
    beat_seen()
    open_rehearsal()
    people = {
        "researcher": member("researcher", Role.RESEARCHER),
        "owner": member("owner", Role.RESEARCHER),
        "reviewer": member("reviewer", Role.REVIEWER),
        "admin": member("admin", Role.ADMIN),
    }
    clients = {"stranger": Client(), **{name: Client() for name in people}}
    for name, user in people.items():
        clients[name].force_login(user)
    return Company(clients, Guide(people["owner"]))


@pytest.mark.parametrize("part", PARTS)
def test_the_service_answers_as_the_table_says(company: Company, part: str) -> None:
    rows = {row: outcomes for row, outcomes in ROLE_MATRIX.items() if row[1].partition("/")[0] == part}
    found = {row: tuple(company.outcome(who, *row) for who in PEOPLE) for row in rows}
    assert found == rows


@pytest.mark.parametrize("part", PARTS)
def test_a_method_without_a_row_is_refused_to_everybody(company: Company, part: str) -> None:
    taken = [
        (method, pattern, who, company.ask(who, method, pattern).status_code)
        for method, pattern in _unnamed(part)
        for who in ("stranger", "admin")
        if company.outcome(who, method, pattern) == YES
    ]
    assert taken == []


def _unnamed(part: str) -> Iterator[tuple[str, str]]:
    for pattern, found in KNOWN.items():
        is_operation = issubclass(getattr(found.callback, "view_class", type), APIView)
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE") if is_operation else ("GET", "POST"):
            if pattern.partition("/")[0] == part and (method, pattern) not in ROLE_MATRIX:
                yield method, pattern
