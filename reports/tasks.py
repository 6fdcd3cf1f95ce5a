"""Celery's entries. A message is a nudge with an id: lost, doubled or late, the rows say what is to be done."""

import logging

from celery import Task, shared_task
from kombu.exceptions import OperationalError

from accounts.actors import WORKER
from reports import actions, queries

NUDGE_EXPIRES = 600
"""Seconds: the sweep nudges again, so old messages of a long queue may vanish. Longer than clocks differ."""

_log = logging.getLogger(__name__)


def nudge(task: "Task[[int], None]", row_id: int) -> None:
    """Wake a worker. Without a broker nothing is lost: the sweep finds the row."""
    try:
        task.delay(row_id)
    except OperationalError:
        _log.warning("no broker: %s waits for the sweep", task.name)


@shared_task(expires=NUDGE_EXPIRES)
def work_on_report(report_id: int) -> None:
    for part_id in actions.work_on_report(WORKER, report_id):
        nudge(work_on_part, part_id)


@shared_task(expires=NUDGE_EXPIRES)
def work_on_part(part_id: int) -> None:
    report_id = actions.work_on_part(WORKER, part_id)
    if report_id is not None:
        nudge(work_on_report, report_id)


@shared_task(expires=NUDGE_EXPIRES)
def release(report_id: int) -> None:
    actions.release(WORKER, report_id)


@shared_task(expires=NUDGE_EXPIRES)
def sweep() -> None:
    """Pick up what lost messages and dead workers left behind; beat calls it every few seconds."""
    for report_id in queries.reports_to_work_on():
        nudge(work_on_report, report_id)
    for part_id in queries.parts_to_count():
        nudge(work_on_part, part_id)
    for report_id in queries.reports_to_release():
        nudge(release, report_id)
