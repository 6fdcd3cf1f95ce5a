"""The log of what staff and services did, and the chain that its days are closed with."""

import logging
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import AuditEntry, AuditHead, AuditLink

_log = logging.getLogger("sunset.audit")


def record(actor: Actor, action: str, subject: object = "", using: str | None = None, **detail: Any) -> None:
    """Append one row to the audit log, inside the caller's transaction on the database alias `using`."""
    AuditEntry.objects.using(using).create(
        actor_kind=actor.kind, actor_name=actor.name, action=action, subject=str(subject)[:120], detail=detail
    )


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
