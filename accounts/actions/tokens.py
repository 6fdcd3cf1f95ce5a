"""API tokens: made with some scopes, shown once, revoked for good."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.actions.audit import record
from accounts.actors import Actor
from accounts.enums import EVERYDAY, Scope
from accounts.models import ApiToken, User


@transaction.atomic
def create_token(actor: Actor, user: User, name: str, scopes: Iterable[Scope] = EVERYDAY) -> str:
    """Return the secret; it is shown once and cannot be read again."""
    secret = ApiToken.make_secret()
    allowed = sorted({str(scope) for scope in scopes})
    token = ApiToken.objects.create(
        user=user,
        name=name,
        scopes=allowed,
        digest=ApiToken.digest_of(secret),
        expires_at=timezone.now() + ApiToken.LIFETIME,
    )
    record(actor, "token.created", f"token:{token.pk}", name=name, scopes=allowed)
    return secret


@transaction.atomic
def revoke_token(actor: Actor, token: ApiToken) -> None:
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record(actor, "token.revoked", f"token:{token.pk}")
