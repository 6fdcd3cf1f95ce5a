"""Beat goes on when the clock is set back."""

from datetime import timedelta
from pathlib import Path

import pytest

from config import scheduling
from config.celery import app
from config.scheduling import Scheduler

HOUR = timedelta(hours=1)


@pytest.fixture
def scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scheduler:
    scheduler = Scheduler(app, schedule_filename=str(tmp_path / "beat"))
    monkeypatch.setattr(scheduler, "apply_entry", lambda entry, producer=None: None)
    monkeypatch.setattr(Scheduler, "producer", None)
    return scheduler


def longest_wait(scheduler: Scheduler) -> float:
    """Until the next task, by beat's own reckoning; it sends what is due on the way."""
    while (seconds := scheduler.tick()) == 0:
        pass
    return seconds


def test_a_clock_that_is_set_back_holds_nothing_up(scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch) -> None:
    longest_wait(scheduler)
    ahead = scheduler._offset + HOUR.total_seconds()
    for entry in scheduler.schedule.values():
        entry.last_run_at += HOUR
    scheduler._heap = None
    scheduler._offset = float("-inf")
    assert longest_wait(scheduler) > 60, "a scheduler that notices nothing would wait"

    scheduler._offset = ahead

    assert longest_wait(scheduler) <= 10


def test_what_an_earlier_run_sent_in_the_future_holds_nothing_up(scheduler: Scheduler, tmp_path: Path) -> None:
    for entry in scheduler.schedule.values():
        entry.last_run_at += HOUR
    scheduler.close()

    again = Scheduler(app, schedule_filename=str(tmp_path / "beat"))
    again._heap = None
    assert next(iter(again.schedule.values())).last_run_at > app.now()
    again._forget_the_future()

    assert max(entry.last_run_at for entry in again.schedule.values()) <= app.now()


def test_a_clock_that_runs_on_is_left_alone(scheduler: Scheduler, monkeypatch: pytest.MonkeyPatch) -> None:
    longest_wait(scheduler)
    monkeypatch.setattr(scheduler, "_forget_the_future", lambda: pytest.fail("nothing has happened"))
    monkeypatch.setattr(scheduling.time, "time", lambda now=scheduling.time.time: now() + 100)

    longest_wait(scheduler)
