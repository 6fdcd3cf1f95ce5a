"""All writes on accounts."""

import logging
from datetime import date, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import ApiToken, AuditEntry, AuditHead, AuditLink, User

TOKENS_KEPT = timedelta(days=30)
"""Their owners may want to see for a while what was revoked or ran out."""

_log = logging.getLogger("sunset.audit")


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


@transaction.atomic
def forget_ways_in(actor: Actor) -> None:
    """Delete sessions that are over, and tokens that have opened nothing for a month."""
    now = timezone.now()
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    ended = Q(expires_at__lt=now - TOKENS_KEPT) | Q(revoked_at__lt=now - TOKENS_KEPT)
    tokens, _ = ApiToken.objects.filter(ended).delete()
    if sessions or tokens:
        record(actor, "retention.ways_in", sessions=sessions, tokens=tokens)


@transaction.atomic
def close_audit_days(actor: Actor) -> AuditHead | None:
    """After midnight (UTC), keep where the audit log's chain ends, in the database and in the log; else None.

    A head covers all days since the one before. Two who try write one: the day is the key.
    """
    yesterday = timezone.now().date() - timedelta(days=1)
    last = AuditLink.objects.order_by("position").last()
    if last is None or AuditHead.objects.filter(day__gte=yesterday).exists():
        return None
    head, new = AuditHead.objects.get_or_create(
        day=yesterday, defaults={"position": last.position, "hash": bytes(last.hash)}
    )
    if not new:
        return None
    record(actor, "audit.day_closed", yesterday, position=last.position, hash=bytes(last.hash).hex())
    transaction.on_commit(lambda: _say_head(yesterday, last))
    return head


def _say_head(day: date, last: AuditLink) -> None:
    _log.info("audit head of %s: %s at %s", day, bytes(last.hash).hex(), last.position)
