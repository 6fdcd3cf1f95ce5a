"""The self-test: a wave of its own, a visit, a search; then sealing, a report if asked for, and a second search."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.utils import timezone

from accounts.actors import command
from accounts.models import User
from config.selftest import cache, database, database_files, files, pages, sealed
from config.selftest.findings import Report
from config.selftest.journey import WANTED, Journey, Lost
from config.selftest.marks import Marks
from config.selftest.times import Window
from config.selftest.visitor import Answer, Visitor
from reports import actions as reporting
from reports import queries as reported
from reports import tasks
from reports.enums import Owner
from survey import actions, receipts
from survey.enums import Mode, WaveState
from survey.models import Inbox, Survey, Wave
from survey.pages.languages import interface_languages, language
from survey.queries.instruments import languages_of

SLUG = "anonymity-selftest"
INSTRUMENT = "mris"
_ACTOR = command("anonymity_selftest")
_LOCK = 0x5E1F
_PAUSE = 1.1
_PATIENCE = 60.0


class Busy(Exception):
    """Another self-test is running on this database."""


@dataclass(frozen=True)
class Places:
    """Where to look beside the database and Redis."""

    logs: Sequence[Path] = ()
    storage: Path | None = None
    """Where the files of reports lie."""
    others: Sequence[Path] = ()
    database_files: Path | None = None
    """The data folder of PostgreSQL, where it can be read."""

    def folders(self) -> list[files.Folder]:
        listed = [files.Folder(path, "logs", quiet=True) for path in self.logs]
        listed += [files.Folder(path, "files") for path in self.others]
        if self.storage:
            listed.append(files.Folder(self.storage, "storage", quiet=True))
        if redis_files := cache.folder():
            listed.append(files.Folder(redis_files, "files of Redis", is_busy=True))
        apart = [folder.path for folder in listed] + ([self.database_files] if self.database_files else [])
        return [*listed, files.temporary(tuple(apart))]


@dataclass
class SelfTest:
    """One run against the service at `url`, which answers from this machine's own stack.

    `report_for`: a researcher or admin in whose name a worker computes a report over the sealed wave.
    """

    url: str
    places: Places
    report_for: User | None = None
    report: Report = field(default_factory=Report)
    _marks: Marks = field(default_factory=Marks)
    _arrived: list[str] = field(default_factory=list)
    """Receipt codes of those who came last, in this order."""

    def run(self) -> Report:
        """Raises OSError when the service does not answer, Lost when it answers wrongly, Busy beside another run."""
        with _alone():
            wave = _open_wave()
            try:
                search = self._visit(wave)
                arrived = sealed.arrivals(SLUG, self._arrived)
            finally:
                actions.close_wave(_ACTOR, wave)  # also when nobody answers: the landing page must not offer it on
            self.report.when = "after visit"
            search(False)
            actions.seal_wave(_ACTOR, wave)
            self.report.when = "after sealing"
            self._compute_report(wave)
            search(True)
            sealed.check(wave, arrived, self.report)
        return self.report

    def _visit(self, wave: Wave) -> Callable[[bool], None]:
        visitor = Visitor(self.url, self._marks, settings.PUBLIC_URL if settings.HTTPS else "")
        spoken = [language(tag).code for tag in wave.languages]
        journey = Journey(visitor, self._marks, SLUG, wave.number, spoken)
        # Before the window: a fault leaves a line in the log, without a time, but the file has one.
        with _broken_answers(wave) as code:
            journey.meet_a_fault(code)
        before, keys = database.moment(), cache.keys()
        # A pause on both sides keeps what staff and services did at other times out of the window.
        time.sleep(_PAUSE)
        start = datetime.now(UTC)
        journey.go()
        self._arrived = journey.arrived
        window, after = Window(start, datetime.now(UTC)), database.moment()
        time.sleep(_PAUSE)
        self._look_at(visitor)

        def search(is_sealed: bool) -> None:
            parts = self._marks, window
            database.Search(*parts, before, after, self.report, is_sealed).run()
            cache.Search(*parts, keys, self.report, is_sealed).run()
            files.Search(*parts, self.report, is_sealed).run(self.places.folders())
            if is_sealed:
                self._search_database_files(start)

        return search

    def _look_at(self, visitor: Visitor) -> None:
        """What came back: statuses, and what the pages would do to a browser."""
        self.report.add_searched("answers to the visitor", len(visitor.seen), _statuses(visitor.seen))
        for answer in visitor.seen:
            for fault in pages.faults(answer):
                self.report.add_found(f"{answer.method} {_shortened(answer.path)}", fault)
        for path, fault in _differences(visitor):
            self.report.add_found(f"GET {path}", fault)
        met = {answer.status for answer in visitor.seen}
        for status in WANTED:
            if status not in met:
                self.report.add_unseen("answers to the visitor", f"none of them was a {status}")
        if visitor.source is None:
            self.report.add_unseen("the address", "requests could not be sent from the marked address")
        for service in files.missing_logs(self.places.folders()):
            self.report.add_unseen(f"log of {service}", "no file of its name lies in the folders given (--logs FOLDER)")

    def _compute_report(self, wave: Wave) -> None:
        if self.report_for is None:
            self.report.add_unseen("a report over the sealed wave", "none was asked for (--report-for EMAIL)")
            return
        numbers = [wave.number]
        made = reporting.request_report(_ACTOR, self.report_for, SLUG, INSTRUMENT, numbers, title="Self-test")
        tasks.nudge(tasks.work_on_report, made.pk)
        deadline = time.monotonic() + _PATIENCE
        while made.owner == Owner.SERVICE and time.monotonic() < deadline:
            time.sleep(0.2)
            made = reported.report(made.pk)
        self.report.add_searched("a report over the sealed wave", 1, f"computed by a worker: {made.state}")

    def _search_database_files(self, since: datetime) -> None:
        folder = self.places.database_files
        if folder is None:
            self.report.add_unseen(
                "files of the database server", "their folder is not known (--database-files FOLDER)"
            )
            return
        try:
            database_files.search(folder, self._marks, self.report, since)
        except (database_files.Closed, PermissionError):
            self.report.add_unseen("files of the database server", f"this user may not read {folder}")


def _open_wave() -> Wave:
    survey = Survey.objects.filter(slug=SLUG).first()
    survey = survey or actions.create_survey(_ACTOR, SLUG, INSTRUMENT, Mode.REHEARSAL)
    if not survey.is_rehearsal:
        raise Lost(f"There is a live survey called {SLUG}: the self-test touches rehearsals only.")
    _clear_away(survey)
    spoken = {one.tag for one in interface_languages()}
    offered = [tag for tag in languages_of(INSTRUMENT) if tag in spoken]
    wave = actions.create_wave(_ACTOR, survey, offered, timezone.now().date() + timedelta(days=30))
    actions.open_wave(_ACTOR, wave)
    return wave


def _clear_away(survey: Survey) -> None:
    """What runs that were cut short have left: open waves, and answers that were not sealed."""
    for wave in survey.waves.filter(state=WaveState.OPEN):
        actions.close_wave(_ACTOR, wave)
    for wave in survey.waves.filter(state=WaveState.CLOSED):
        Inbox.objects.filter(wave=wave, document={}).delete()
        actions.seal_wave(_ACTOR, wave)


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s::bigint)", [_LOCK])
        row = cursor.fetchone()
    if not (row and row[0]):
        raise Busy("Another self-test is running.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s::bigint)", [_LOCK])


@contextmanager
def _broken_answers(wave: Wave) -> Iterator[str]:
    """A row of our own that no program can read, under a code of our own: who asks for it meets a real fault."""
    code = receipts.make()
    key = receipts.digest(SLUG, code)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO survey_inbox (receipt, wave_id, language, document) VALUES (%s, %s, 'en', '{}'::jsonb)",
            [key, wave.pk],
        )
    try:
        yield code
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM survey_inbox WHERE receipt = %s", [key])


def _statuses(seen: Sequence[Answer]) -> str:
    counts = Counter(answer.status for answer in seen)
    return ", ".join(f"{count} × {status or 'cut off'}" for status, count in sorted(counts.items()))


def _differences(visitor: Visitor) -> Iterator[tuple[str, str]]:
    """A document or a tag of one's own would recognise a browser without any cookie."""
    for path in ("/en/", f"/en/s/{SLUG}/", "/en/receipt/"):
        marked, plain = visitor.get(path), visitor.ask("GET", path, None, {})
        if (marked.body, marked.header("ETag")) != (plain.body, plain.header("ETag")):
            yield path, "is not the same for everybody"


def _shortened(path: str) -> str:
    return path if len(path) < 60 else f"{path[:57]}..."
