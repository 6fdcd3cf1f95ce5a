"""The Celery application. Messages carry ids only and no result is kept: the database is the only state."""

import os
import time
from contextlib import suppress

from celery import Celery
from celery.signals import task_postrun, task_prerun, worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("sunset")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

SECONDS_OF = "task-seconds:{}"
"""Key under which the cache remembers how long the last run of a regular task took."""
_began: dict[str, float] = {}


@worker_init.connect
def outlive_the_broker(**_: object) -> None:
    """Messages that wait in a worker when the broker is lost are lost with it; the sweep sends new ones.

    Kombu would put them back through the lost connection, and its error ends the worker.
    """
    from kombu.transport.redis import Channel

    Channel.do_restore = False


@task_prerun.connect
def begin(task_id: str, **_: object) -> None:
    _began[task_id] = time.monotonic()


@task_postrun.connect
def remember_how_long(task_id: str, task: object, **_: object) -> None:
    """For /metrics, of the tasks that beat sends. Without a broker nobody is told, and nothing is lost."""
    from django.conf import settings
    from django.core.cache import cache
    from redis import RedisError

    seconds, name = time.monotonic() - _began.pop(task_id, time.monotonic()), getattr(task, "name", "")
    if name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}:
        with suppress(RedisError):
            cache.set(SECONDS_OF.format(name), round(seconds, 3), timeout=24 * 3600)
