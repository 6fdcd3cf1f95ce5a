"""All writes on accounts."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import ApiToken, AuditEntry, User


def record(actor: Actor, action: str, subject: object = "", using: str | None = None, **detail: Any) -> None:
    """Append one row to the audit log, inside the caller's transaction on the database alias `using`."""
    AuditEntry.objects.using(using).create(
        actor_kind=actor.kind, actor_name=actor.name, action=action, subject=str(subject)[:120], detail=detail
    )


@transaction.atomic
def create_user(actor: Actor, email: str, password: str, roles: list[Role], name: str = "") -> User:
    user = User.objects.create_user(email, password, roles=roles, name=name)
    record(actor, "user.created", f"user:{user.pk}", roles=[str(role) for role in roles])
    return user


@transaction.atomic
def set_password(actor: Actor, user: User, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    record(actor, "user.password_set", f"user:{user.pk}")


@transaction.atomic
def create_token(actor: Actor, user: User, name: str) -> str:
    """Return the secret; it is shown once and cannot be read again."""
    secret = ApiToken.make_secret()
    token = ApiToken.objects.create(
        user=user, name=name, digest=ApiToken.digest_of(secret), expires_at=timezone.now() + ApiToken.LIFETIME
    )
    record(actor, "token.created", f"token:{token.pk}", name=name)
    return secret


@transaction.atomic
def revoke_token(actor: Actor, token: ApiToken) -> None:
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record(actor, "token.revoked", f"token:{token.pk}")
