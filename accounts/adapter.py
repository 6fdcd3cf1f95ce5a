"""What the log-in library is told about this house."""

import time
from typing import cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from django.http import HttpRequest

from accounts.enums import Role
from accounts.middleware import BEGAN
from accounts.models import User

_HOMES = ((Role.REVIEWER, "/review/"), (Role.RESEARCHER, "/portal/"), (Role.ADMIN, "/admin/"))
_JUST_NOW = 300
"""Seconds after log-in in which nobody is asked for their password once more."""


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by admins; nobody signs up, and no address of a visitor is kept."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return "unknown"

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return home_of(cast(User, request.user))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return "/accounts/"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: str) -> str:
        """By account alone. The library adds the Host header, port and all: whoever varies it could guess for ever."""
        return credentials.get("email", "").strip().lower()

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        return bool(time.time() - context.request.session.get(BEGAN, 0) > _JUST_NOW)


def home_of(user: User) -> str:
    """Where somebody's work begins."""
    return next((home for role, home in _HOMES if user.has_role(role)), "/portal/")
