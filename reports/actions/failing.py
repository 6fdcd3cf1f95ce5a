"""Ending a round that went wrong, with a reason that people can read and that quotes no number."""

import logging
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError, transaction

from accounts.actors import Actor
from reports.actions.moves import move
from reports.enums import State
from reports.errors import DomainError, LeaseLost
from reports.models import Part, Report
from reports.queries import lock_report

_log = logging.getLogger(__name__)


@contextmanager
def fail_on_error(actor: Actor, report: Report) -> Iterator[None]:
    """An error inside ends the round of `report`. A lost lease ends nothing: another worker goes on.

    Errors of the database are raised: the work is picked up again once the database is back.
    """
    try:
        yield
    except LeaseLost:
        _log.warning("report %s: another worker has taken over", report.pk)
    except DatabaseError:
        raise
    except Exception as error:
        reason = explain(error)
        _log.error("report %s failed: %s", report.pk, reason)
        end_round(actor, report, State.FAILED, reason)


@transaction.atomic
def end_round(actor: Actor, report: Report, state: State, reason: str) -> None:
    """Move the report to `state`, unless its round is over already, and destroy its exact counts."""
    current = lock_report(report.pk)
    if current.round == report.round and current.state == State.COMPUTING:
        Part.objects.filter(report=current).delete()
        move(actor, current, state, reason, error=reason)


def explain(error: Exception) -> str:
    """What people may read: our own messages, the system's, else class and place. A message might quote a count."""
    if isinstance(error, DomainError):
        return error.message
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {last.name}, line {last.lineno}"
