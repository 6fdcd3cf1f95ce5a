"""One of each: somebody of every kind, logged in, who asks for addresses and is told."""

import copy
from dataclasses import dataclass
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from config.role_matrix import FORBIDDEN, LOGIN, NOTHING, UNAUTHORISED, YES
from tests.cast import CONSENT
from tests.integration.access.addresses import Guide
from tests.integration.accounts.codes import SECRET
from tests.integration.reports.cast import MANIFEST

JUDGED = {"verdict": "approve", "reason": "I looked at every table.", "manifest_sha256": MANIFEST}
WISH = {"survey": "mris", "plan": "mris"}
BODIES: dict[str, dict[str, Any]] = {
    "<language:language>/s/<slug:slug>/": {**CONSENT, "wave": "1"},
    "<language:language>/receipt/": {"receipt": "x", "action": "see"},
    "portal/reports/new/": {**WISH, "wave": "1", "replace": "on", "purpose": "A label was wrong."},
    "portal/reports/<int:report_id>/resubmit/": {"reason": "Done."},
    "portal/tokens/": {"name": "notebook", "scope": "read"},
    "review/<int:report_id>/": {**JUDGED, "manifest": MANIFEST},
    "review/releases/<slug:slug>/retract/": {"reason": "A mistake."},
    "api/v1/releases/<slug:slug>/retract/": {"reason": "A mistake."},
    "api/v1/reports/": {**WISH, "replace": True, "purpose": "A label was wrong."},
    "api/v1/reports/<int:report_id>/decisions/": JUDGED,
    "api/v1/reports/<int:report_id>/resubmit/": {"reason": "Done."},
    "api/v1/tokens/": {"name": "notebook"},
}
ANSWERS = {401: UNAUTHORISED, 403: FORBIDDEN, 404: NOTHING}


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
