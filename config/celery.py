"""The Celery application. Messages carry ids only and no result is kept: the database is the only state."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("sunset")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
