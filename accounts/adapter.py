from typing import cast

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from accounts.enums import Role
from accounts.models import User

_HOMES = ((Role.REVIEWER, "/review/"), (Role.RESEARCHER, "/portal/"), (Role.ADMIN, "/admin/"))


class InvitedOnly(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are made by admins; nobody signs up, and no address of a visitor is kept."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return "unknown"

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user = cast(User, request.user)
        return next((home for role, home in _HOMES if user.has_role(role)), "/portal/")
