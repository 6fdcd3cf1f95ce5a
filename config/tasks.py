"""The heart-beat of beat: /readyz tells operators when the scheduler was last seen."""

from celery import shared_task
from django.core.cache import cache

BEAT_SEEN = "beat-seen"


@shared_task
def beat_seen() -> None:
    cache.set(BEAT_SEEN, True, timeout=120)
