"""Celery's scheduler, made to go on when the clock is set back.

It remembers at what time it sent each task and waits until that is long enough ago: with a clock that is an hour
behind, it would send nothing for an hour.
"""

import time
from typing import Any

from celery.beat import PersistentScheduler

_JUMP = 1.0
"""Seconds: clocks that are steered by NTP move by less between two ticks."""


class Scheduler(PersistentScheduler):
    _offset = float("inf")
    """Of the wall clock to one that nobody sets, when it was last looked at."""

    def tick(self, *args: Any, **kwargs: Any) -> float:
        offset = time.time() - time.monotonic()
        if offset < self._offset - _JUMP:
            self._forget_the_future()
        self._offset = offset
        return super().tick(*args, **kwargs)

    def _forget_the_future(self) -> None:
        """What was sent later than now counts as sent now."""
        now = self.app.now()
        for entry in self.schedule.values():
            if entry.last_run_at is not None and entry.last_run_at > now:
                entry.last_run_at = now
        self._heap = None  # made anew by the next tick
