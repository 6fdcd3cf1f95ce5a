"""The heart-beat of beat, by which /readyz tells whether the scheduler was seen lately; and housekeeping."""

from celery import shared_task
from django.core.cache import cache

from accounts.actors import WORKER

BEAT_SEEN = "beat-seen"
BEAT_KEPT = 120
"""Seconds that a heart-beat is remembered."""


@shared_task
def beat_seen() -> None:
    cache.set(BEAT_SEEN, True, timeout=BEAT_KEPT)


@shared_task
def keep_house() -> None:
    # Not before it is called: health checks read this module, too.
    from config import retention

    retention.keep_house(WORKER)
