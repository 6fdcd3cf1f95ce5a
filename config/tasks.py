"""The heart-beat of beat: /readyz tells operators when the scheduler was last seen."""

from celery import shared_task
from django.core.cache import cache

BEAT_SEEN = "beat-seen"
BEAT_KEPT = 120
"""Seconds that a heart-beat is remembered."""


@shared_task
def beat_seen() -> None:
    cache.set(BEAT_SEEN, True, timeout=BEAT_KEPT)
