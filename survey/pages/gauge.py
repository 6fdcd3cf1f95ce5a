"""How much is going on: one number per process, about nobody."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum
from threading import Lock

from django.conf import settings


class Level(IntEnum):
    NORMAL = 0
    BUSY = 1
    """Stamps must show more work."""
    OVERLOADED = 2
    """Only what is stored already is looked at."""


class Gauge:
    """Counts the sendings that are being answered at this moment."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._present = 0

    @contextmanager
    def one_more(self) -> Iterator[Level]:
        """Count one while it is answered; gives the level with it."""
        with self._lock:
            self._present += 1
            level = level_at(self._present)
        try:
            yield level
        finally:
            with self._lock:
                self._present -= 1


def level_at(present: int) -> Level:
    if present > settings.SENDS_OVERLOADED:
        return Level.OVERLOADED
    return Level.BUSY if present > settings.SENDS_BUSY else Level.NORMAL
