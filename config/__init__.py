"""The edge: settings, URLs, the Celery application, the translation of errors."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
