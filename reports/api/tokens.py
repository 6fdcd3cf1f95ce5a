"""One's own API tokens. A token cannot make another: a stolen one would never expire, and needs no second factor."""

from typing import Any

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actions import create_token, revoke_token
from accounts.actors import Actor
from accounts.enums import EVERYDAY, Scope
from accounts.models import ApiToken
from reports.api.base import AnyRole, ApiView, viewer
from reports.errors import NotAllowed, NotFound


class TokenSerializer(serializers.Serializer[ApiToken]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.choices), help_text="What it is good for, as far as your roles allow it."
    )
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField()
    revoked_at = serializers.DateTimeField(allow_null=True)
    valid = serializers.BooleanField(source="is_valid")


class NewTokenSerializer(TokenSerializer):
    secret = serializers.SerializerMethodField(help_text="Shown this once.")

    def get_secret(self, token: ApiToken) -> str:
        return str(self.context["secret"])


class WishSerializer(serializers.Serializer[dict[str, Any]]):
    name = serializers.CharField(max_length=60)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(Scope.choices),
        min_length=1,
        max_length=len(Scope),
        default=[*EVERYDAY],
        help_text=(
            "`read` releases and how reports stand; `request` reports; `review` them; read `texts` of your own "
            "studies. Without: read and request."
        ),
    )


class Tokens(ApiView):
    # For the list; that no token makes another, `post` says itself.
    scope = Scope.READ

    @extend_schema(operation_id="list_tokens", responses=TokenSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Your tokens, newest first, without their secrets."""
        return self.page(_own(request), TokenSerializer)

    @extend_schema(operation_id="create_token", request=WishSerializer, responses={201: NewTokenSerializer})
    def post(self, request: Request) -> Response:
        """Make a token; only for people who logged in, not with a token."""
        if request.auth is not None:
            raise NotAllowed("Log in to make a token; a token cannot make another.")
        wish = self.sent(WishSerializer)
        secret = create_token(Actor.of(viewer(request)), viewer(request), wish["name"], wish["scopes"])
        token = _own(request).get(digest=ApiToken.digest_of(secret))
        shown = NewTokenSerializer(token, context={"secret": secret}).data
        return Response(shown, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})


class OneToken(ApiView):
    # Whoever holds a token may end it, or another of its owner: that takes away and gives nothing.
    permission_classes = [AnyRole]  # noqa: RUF012

    @extend_schema(operation_id="revoke_token", responses={204: None})
    def delete(self, request: Request, token_id: int) -> Response:
        """Revoke one of your tokens, at once and for good."""
        token = _own(request).filter(pk=token_id).first()
        if token is None:
            raise NotFound(f"You have no token {token_id}.")
        revoke_token(Actor.of(viewer(request)), token)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _own(request: Request) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(user=viewer(request)).select_related("user").order_by("-pk")
