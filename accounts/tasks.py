"""Celery entries: call one action."""

from celery import shared_task

from accounts import actions
from accounts.actors import WORKER


@shared_task
def close_audit_days() -> None:
    actions.close_audit_days(WORKER)
