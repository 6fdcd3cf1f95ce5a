"""Who calls the API: a bearer token, and the permission that is the default, nobody."""

from typing import TYPE_CHECKING

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

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


class Nobody(BasePermission):
    def has_permission(self, request: Request, view: "APIView") -> bool:
        return False
