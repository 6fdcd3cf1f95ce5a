"""The log of what staff and services did."""

from typing import Any

from accounts.actors import Actor
from accounts.models import AuditEntry


def record(actor: Actor, action: str, subject: object = "", **detail: Any) -> None:
    """Append one row to the audit log, inside the caller's transaction."""
    AuditEntry.objects.create(
        actor_kind=actor.kind, actor_name=actor.name, action=action, subject=str(subject)[:120], detail=detail
    )
