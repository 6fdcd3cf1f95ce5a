"""Who calls the API: a bearer token or somebody who is logged in; and the permission that is the default, nobody."""

from typing import TYPE_CHECKING, Any

from rest_framework.authentication import BaseAuthentication, SessionAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts import second_factor
from accounts.enums import Scope
from accounts.models import ApiToken, User

if TYPE_CHECKING:
    # rest_framework.views imports this module while it is being imported itself.
    from rest_framework.views import APIView


class BearerToken(BaseAuthentication):
    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        kind, _, secret = get_authorization_header(request).partition(b" ")
        if kind.lower() != b"bearer":
            return None
        token = ApiToken.objects.select_related("user").filter(digest=_digest(secret)).first()
        if token is None or not token.is_valid:
            raise AuthenticationFailed("This token is unknown, expired or revoked.")
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def _digest(secret: bytes) -> bytes:
    return ApiToken.digest_of(secret.strip().decode("ascii", "replace"))


class LoggedIn(SessionAuthentication):
    """A session is as good as its second factor, where that is asked for."""

    def authenticate(self, request: Request) -> Any:
        found = super().authenticate(request)
        if found is not None and second_factor.is_missing(found[0]):
            raise PermissionDenied("Set up the second factor of your account first.", "second_factor_missing")
        return found


class WithinScope(BasePermission):
    """A token reads if it may read, or has what a view names by `reading`; what else it may do, a view says by its
    `scope`. Without one: nothing."""

    message = "This token is not made for this. Make one with the scope that it needs."
    code = "scope_missing"

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not isinstance(request.auth, ApiToken) or request.method not in view.allowed_methods:
            return True
        reads = request.method in SAFE_METHODS
        needed = getattr(view, "reading", Scope.READ) if reads else getattr(view, "scope", None)
        return needed in request.auth.scopes


class Nobody(BasePermission):
    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False
