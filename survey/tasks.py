"""Celery entries: load by id, call one action."""

from celery import shared_task

from survey.actions.schedule import finish_due_waves


@shared_task
def sweep() -> None:
    finish_due_waves()
