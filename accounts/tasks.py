"""Celery entries. A message carries at most the id of a row; lost, doubled or late, the row says what is due."""

from celery import shared_task

from accounts import actions, queries
from accounts.actors import WORKER


@shared_task(expires=600)
def send_notice(notice_id: int) -> None:
    actions.send_notice(WORKER, notice_id)


@shared_task
def sweep() -> None:
    """Send what waits, first or again; beat calls it every few seconds."""
    actions.clear_notices(WORKER)
    for notice_id in queries.notices_to_send():
        send_notice.delay(notice_id)
