"""The Celery application. Messages carry ids only and no result is kept: the database is the only state."""

import os

from celery import Celery
from celery.signals import worker_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("sunset")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def outlive_the_broker(**_: object) -> None:
    """Messages that wait in a worker when the broker is lost are lost with it; the sweep sends new ones.

    Kombu would put them back through the lost connection, and its error ends the worker.
    """
    from kombu.transport.redis import Channel

    Channel.do_restore = False
