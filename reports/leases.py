"""Holding a piece of work for a while, so that a worker that dies gives it back by doing nothing.

A lease runs by the clock of the database, the only one that all workers share. The holder renews it from a thread
of its own; whoever takes over an expired one gets a higher fencing number, and writes of the former holder, which
name the old number, change no row.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Now

from reports.errors import LeaseLost
from reports.models import Leased


@dataclass(frozen=True, slots=True)
class Lease[Row: Leased]:
    row: Row
    fence: int

    def update(self, **values: object) -> None:
        """Write to the row; raises LeaseLost if somebody else holds it now."""
        if not _held(self).update(**values):
            raise LeaseLost
        for name, value in values.items():
            setattr(self.row, name, value)

    def release(self) -> None:
        """Give the row back at once. A lost lease needs no giving back."""
        _held(self).update(lease_until=None)


def duration() -> timedelta:
    return timedelta(seconds=settings.LEASE_SECONDS)


def is_free() -> Q:
    """Nobody holds it. A lease that ends too far ahead was written before the clock was set back."""
    return Q(lease_until=None) | Q(lease_until__lt=Now()) | Q(lease_until__gt=Now() + 2 * duration())


def claim[Row: Leased](rows: models.QuerySet[Row]) -> Lease[Row] | None:
    """Take the first free row of `rows`, or None. Of two who try, one gets it."""
    with transaction.atomic():
        row = rows.filter(is_free()).select_for_update(skip_locked=True, of=("self",)).first()
        if row is None:
            return None
        row.fence += 1
        type(row)._default_manager.filter(pk=row.pk).update(fence=row.fence, lease_until=Now() + duration())
        return Lease(row, row.fence)


@contextmanager
def held[Row: Leased](lease: Lease[Row]) -> Iterator[Lease[Row]]:
    """Keep the lease alive while the block runs; give it back at the end, also after an error."""
    stop = threading.Event()
    thread = threading.Thread(target=_renew, args=(lease, stop), daemon=True)
    thread.start()
    try:
        yield lease
    finally:
        stop.set()
        thread.join()
        lease.release()


def _renew[Row: Leased](lease: Lease[Row], stop: threading.Event) -> None:
    try:
        while not stop.wait(settings.LEASE_SECONDS / 4):
            _renew_once(lease)
    finally:
        connection.close()


def _renew_once[Row: Leased](lease: Lease[Row]) -> None:
    # A database that is away for a moment is no reason to stop trying: the next beat may still be in time.
    try:
        _held(lease).update(lease_until=Now() + duration())
    except DatabaseError:
        connection.close()


def _held[Row: Leased](lease: Lease[Row]) -> models.QuerySet[Row]:
    return type(lease.row)._default_manager.filter(pk=lease.row.pk, fence=lease.fence)
