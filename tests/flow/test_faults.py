"""Faults that must lose nothing of a report: it is finished within two minutes of the restart, with nobody's help.

No test nudges a worker after its fault. What finishes the report is what the service does by itself.
"""

import random
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from pytest_django import DjangoDbBlocker, Settings

from accounts.actors import WORKER
from accounts.models import AuditEntry, AuditHead, Notice
from config.celery import app
from config.scheduling import Scheduler
from reports import actions, queries, tasks
from reports.actions import computing
from reports.enums import Stage, State
from reports.leases import claim
from reports.models import Artifact, Decision, Part, Release, Report, StoredCube
from reports.storage import store
from survey.actions import close_wave, create_survey, create_wave, open_wave
from survey.enums import Mode, WaveState
from survey.models import Response, Survey, Wave
from tests import services
from tests.cast import SHELL, send
from tests.conftest import close_connections, point_at
from tests.flow.faults import RECOVERY, Broker, Hold, hold, own_broker, snapshot
from tests.integration.reports.cast import computed, requester, vote
from tests.stack import Stack, running, wait_for

LEASE_SECONDS = "3"
LANGUAGES = ["en"]
"""One is enough: what is done twice or not at all shows in any."""

MOST_STEPS = {"requested", "started", "part_counted", "protected", "ready_for_review", "approved", "released"}


@pytest.fixture
def broker() -> Iterator[Broker]:
    with own_broker() as broker:
        yield broker


@pytest.fixture
def stack(sealed_database: str, broker: Broker, tmp_path: Path, settings: Settings) -> Iterator[Stack]:
    """Nothing runs yet."""
    settings.REPORT_LANGUAGES = LANGUAGES
    environment = {"REDIS_URL": broker.url, "LEASE_SECONDS": LEASE_SECONDS, "REPORT_LANGUAGES": ",".join(LANGUAGES)}
    with running(sealed_database, tmp_path, **environment) as stack:
        settings.STORAGE_URL = stack.environment()["STORAGE_URL"]
        yield stack
        stack.kill(*stack.processes)


@pytest.fixture(scope="session")
def undisturbed(sealed_template: str, django_db_blocker: DjangoDbBlocker) -> dict[str, str]:
    """Path -> SHA-256 of the files of the same report, made where nothing went wrong."""
    with django_db_blocker.unblock(), override_settings(REPORT_LANGUAGES=LANGUAGES):
        point_at(sealed_template)
        with transaction.atomic():
            files = files_of(computed())
            transaction.set_rollback(True)
        close_connections()
        point_at(services.TEMPLATE)
    return files


def files_of(report: Report) -> dict[str, str]:
    return {one.path: one.sha256 for one in queries.artifacts(report)}


def holding(stack: Stack, table: str, mode: str) -> AbstractContextManager[Hold]:
    return hold(services.superuser_url(stack.database), table, mode)


def wait_until(report: Report, state: State, stack: Stack) -> None:
    def is_there() -> bool:
        stack.check()
        report.refresh_from_db()
        assert report.state != State.FAILED, report.error
        return report.state == state

    wait_for(is_there, f"report {state}, see {stack.logs}", RECOVERY)


def assert_whole(report: Report, undisturbed: dict[str, str]) -> None:
    """All files are there, those of an undisturbed run, and every step is on record once."""
    assert files_of(report) == undisturbed
    for sha256 in undisturbed.values():
        store().get(sha256)
    assert (Artifact.objects.count(), StoredCube.objects.count(), Part.objects.count()) == (len(undisturbed), 1, 0)
    steps = Counter(AuditEntry.objects.filter(subject=f"report:{report.pk}").values_list("action", flat=True))
    assert steps.pop("report.decided", 0) == Decision.objects.count()
    assert set(steps.values()) == {1}, steps
    assert {step.removeprefix("report.") for step in steps} <= MOST_STEPS


def requested() -> Report:
    return actions.request_report(SHELL, requester(), "mris", "mris")


def started() -> Report:
    report = requested()
    actions.work_on_report(WORKER, report.pk)
    return report


def counted() -> Report:
    report = started()
    actions.work_on_part(WORKER, *queries.parts_to_count(report.pk))
    return report


def protected() -> Report:
    report = counted()
    lease = claim(Report.objects.filter(pk=report.pk))
    assert lease is not None
    computing._keep_cube(WORKER, lease, computing._protect(report))
    lease.release()
    return report


def approved() -> Report:
    report = computed()
    vote(report)
    vote(report)
    return report


@dataclass(frozen=True)
class Place:
    """Somewhere in the work on a report: how it gets there, and the table without which no worker can go on."""

    arrive: Callable[[], Report]
    stage: Stage
    table: str
    mode: str = "ACCESS EXCLUSIVE"
    ends: State = State.IN_REVIEW


PLACES = {
    "starting": Place(requested, Stage.WAITING, "survey_response"),
    "counting": Place(started, Stage.COUNTING, "survey_response"),
    "keeping the counts": Place(started, Stage.COUNTING, "accounts_auditentry", "SHARE"),
    "protecting": Place(counted, Stage.PROTECTING, "reports_storedcube", "SHARE"),
    "rendering": Place(protected, Stage.RENDERING, "survey_response"),
    "storing": Place(protected, Stage.STORING, "reports_artifact", "SHARE"),
    "releasing": Place(approved, Stage.DONE, "reports_release", "SHARE", ends=State.RELEASED),
}


def bring_a_worker_to(place: Place, held: Hold, report: Report, stack: Stack) -> None:
    """It is at work on the report and waits for the table that is held."""
    stack.start("worker", "beat")
    held.wait_for_somebody(stack)
    report.refresh_from_db()
    assert report.stage == place.stage


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES)
def test_a_killed_worker_is_replaced(place: Place, stack: Stack, broker: Broker, undisturbed: dict[str, str]) -> None:
    report = place.arrive()
    broker.deliver(tasks.sweep)
    with holding(stack, place.table, place.mode) as held:
        bring_a_worker_to(place, held, report, stack)
        stack.kill("worker")

    stack.start("worker")

    wait_until(report, place.ends, stack)
    assert_whole(report, undisturbed)
    assert Release.objects.count() == (place.ends == State.RELEASED)


@pytest.mark.parametrize(
    ("place", "learns"),
    [
        pytest.param(PLACES["rendering"], "another worker has taken over", id="rendering"),
        # PostgreSQL has ended its transaction, which held up everybody else.
        pytest.param(PLACES["storing"], "reports.tasks.work_on_report: OperationalError", id="inside a transaction"),
    ],
)
def test_a_worker_that_slept_for_longer_than_its_lease_overwrites_nothing(
    place: Place, learns: str, stack: Stack, broker: Broker, undisturbed: dict[str, str]
) -> None:
    report = place.arrive()
    broker.deliver(tasks.sweep)
    with holding(stack, place.table, place.mode) as held:
        bring_a_worker_to(place, held, report, stack)
        stack.signal("worker", signal.SIGSTOP)

    stack.start("worker-2")
    wait_until(report, State.IN_REVIEW, stack)
    before = snapshot(stack.database)
    assert learns not in stack.log("worker")

    stack.signal("worker", signal.SIGCONT)

    wait_for(lambda: learns in stack.log("worker"), f"the sleeper to learn of it, see {stack.logs}", RECOVERY)
    stack.check()
    assert snapshot(stack.database) == before
    assert_whole(report, undisturbed)


def test_messages_lost_again_and_again_hold_nothing_up(
    stack: Stack, broker: Broker, undisturbed: dict[str, str]
) -> None:
    report = requested()
    broker.deliver(tasks.work_on_report, report.pk)
    broker.flush()
    with holding(stack, "reports_storedcube", "ACCESS EXCLUSIVE") as protecting:
        with holding(stack, "survey_response", "ACCESS EXCLUSIVE") as starting:
            stack.start("worker", "beat")
            starting.wait_for_somebody(stack)
            broker.flush()
        protecting.wait_for_somebody(stack)
        broker.flush()

    wait_until(report, State.IN_REVIEW, stack)
    assert_whole(report, undisturbed)


def test_a_killed_redis_holds_nothing_up(stack: Stack, broker: Broker, undisturbed: dict[str, str]) -> None:
    report = started()
    broker.deliver(tasks.sweep)
    with holding(stack, "accounts_auditentry", "SHARE") as keeping_the_counts:
        stack.start("worker", "beat")
        keeping_the_counts.wait_for_somebody(stack)
        broker.stop(signal.SIGKILL)
    # The part is counted now, and nobody can be told.
    wait_for(lambda: "no broker" in stack.log("worker"), f"a nudge that fails, see {stack.logs}", RECOVERY)

    broker.start()

    wait_until(report, State.IN_REVIEW, stack)
    assert_whole(report, undisturbed)


def test_two_beats_whose_clock_was_set_back_do_everything_once(
    stack: Stack, broker: Broker, undisturbed: dict[str, str]
) -> None:
    """One remembers sending all its tasks tomorrow, and a worker of tomorrow holds the report."""
    due, report = wave_that_is_due(), requested()
    Report.objects.filter(pk=report.pk).update(lease_until=timezone.now() + timedelta(days=1))
    beat = Scheduler(app, schedule_filename=str(stack.folder / "beat"))
    for entry in beat.schedule.values():
        entry.last_run_at += timedelta(days=1)
    beat.close()

    stack.start("worker", "worker-2", "beat", "beat-2")

    wait_until(report, State.IN_REVIEW, stack)
    wait_for(lambda: Wave.objects.get(pk=due.pk).rewritten, "the wave to be sealed", RECOVERY)
    assert_whole(report, undisturbed)
    assert AuditEntry.objects.filter(subject=f"wave:{due.pk}", action="wave.sealed").count() == 1
    assert AuditHead.objects.count() <= 1


def test_every_task_delivered_often_and_at_once_is_done_once(
    stack: Stack, broker: Broker, undisturbed: dict[str, str]
) -> None:
    due, report = wave_that_is_due(), started()
    parts = queries.parts_to_count(report.pk)
    stack.start("worker", "worker-2")

    flood(broker, report, *parts)
    wait_until(report, State.IN_REVIEW, stack)
    vote(report)
    vote(report)
    flood(broker, report, *parts)
    wait_until(report, State.RELEASED, stack)
    wait_for(lambda: Wave.objects.get(pk=due.pk).rewritten, "the wave to be sealed")
    wait_for(broker.is_idle, "all messages to be taken")

    assert_whole(report, undisturbed)
    assert (Release.objects.count(), Response.objects.filter(wave=due).count()) == (1, 3)
    assert AuditEntry.objects.filter(subject=f"wave:{due.pk}", action="wave.sealed").count() == 1
    before = snapshot(stack.database)
    flood(broker, report, *parts)
    wait_for(broker.is_idle, "all messages to be taken")
    stack.stop()
    assert snapshot(stack.database) == before


def flood(broker: Broker, report: Report, part: int) -> None:
    """Every task there is, ten times, in any order."""
    messages: dict[str, tuple[int, ...]] = {
        "accounts.tasks.send_notice": (Notice.objects.earliest("pk").pk if Notice.objects.exists() else 1,),
        "accounts.tasks.sweep": (),
        "config.tasks.beat_seen": (),
        "config.tasks.keep_house": (),
        "reports.tasks.release": (report.pk,),
        "reports.tasks.sweep": (),
        "reports.tasks.work_on_part": (part,),
        "reports.tasks.work_on_report": (report.pk,),
        "survey.tasks.sweep": (),
    }
    app.loader.import_default_modules()
    ours = {name: task for name, task in app.tasks.items() if not name.startswith(("celery.", "tests."))}
    assert messages.keys() == ours.keys(), "a task that this test does not know"
    for name in random.Random(1).sample(sorted(messages), k=len(messages) * 10, counts=[10] * len(messages)):
        broker.deliver(ours[name], *messages[name])


def wave_that_is_due() -> Wave:
    """Live, closed, and past its seal date and the time for late answers."""
    survey = create_survey(SHELL, "due", "mris", Mode.REHEARSAL)
    wave = create_wave(SHELL, survey, ["en"], seal_on=date(2026, 1, 10))
    open_wave(SHELL, wave)
    for model in ("1", "2", "3"):
        send(wave, mdl=model)
    close_wave(SHELL, wave)
    Wave.objects.filter(pk=wave.pk).update(late_until=timezone.now() - timedelta(seconds=1))
    Survey.objects.filter(pk=survey.pk).update(mode=Mode.LIVE)
    assert wave.state == WaveState.CLOSED
    return wave
