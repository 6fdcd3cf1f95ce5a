"""GET and POST of a form beside their floors: the same bytes from a bare application, one INSERT by a bare view."""

import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from django.conf import settings
from django.db import connections
from django.utils import timezone

from accounts.actors import command
from config.bench.case import Case
from config.bench.floor import ANSWER, TABLE
from survey import actions
from survey.enums import Mode
from survey.instrument.validate import Facts, validate
from survey.models import Inbox, Survey, Wave
from survey.queries import load
from survey.simulate.population import PACKAGED, load_population
from survey.simulate.respondent import circumstances, fields, person

SLUG = "bench-form"
FORM_TYPE = "application/x-www-form-urlencoded"
PEOPLE, CONNECTIONS, WORKERS, THREADS = 200, 8, 2, 24
_ADDED_BY_SERVER = ("date", "server", "connection", "content-length")
_ACTOR = command("bench form")


@dataclass(frozen=True, slots=True)
class Load:
    """One kind of request. `bodies`: a file with a JSON list, none for GET; see `config.bench.load`."""

    name: str
    port: int
    path: str
    headers: dict[str, str]
    bodies: str = ""
    receipts: bool = False

    def press(self, seconds: float) -> float:
        """Answers per second. Raises RuntimeError if one of them was no success."""
        spec = {
            "port": self.port, "path": self.path, "headers": self.headers, "bodies": self.bodies,
            "receipts": self.receipts, "seconds": seconds, "connections": CONNECTIONS,
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-m", "config.bench.load", json.dumps(spec)],
            cwd=settings.BASE_DIR, capture_output=True, text=True, check=True,
        )  # fmt: skip
        seen = json.loads(done.stdout)
        if seen["refused"] or not seen["answers"]:
            raise RuntimeError(f"{self.name}: {seen['answers']} answers, {seen['refused']} refusals. {done.stderr}")
        return float(seen["answers"] / seen["seconds"])


def measure(rounds: int, seconds: float) -> Iterator[Case]:
    """`GET` and `POST`: medians of answers per second of ours and of the floor. Raises RuntimeError."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(TemporaryDirectory()))
        wave = opened.enter_context(_wave())
        opened.enter_context(_table())
        ours, processes = opened.enter_context(_server("config.wsgi:application", {}))
        _copy_answer(ours, folder)
        bare, _ = opened.enter_context(_server("config.bench.floor:fixed", {ANSWER: str(folder)}, factory=True))
        insert, _ = opened.enter_context(_server("config.bench.floor:one_insert", {}, factory=True))
        forms, documents = _answers(wave, folder)
        path = f"/en/s/{SLUG}/"
        pairs = {
            "GET": (
                Load("form", ours, path, {"Accept-Encoding": "br"}),
                Load("the same bytes", bare, path, {"Accept-Encoding": "br"}),
            ),
            "POST": (
                Load("answers", ours, path, {"Content-Type": FORM_TYPE}, forms, receipts=True),
                Load("one INSERT", insert, "/", {"Content-Type": "application/json"}, documents),
            ),
        }
        for name, pair in pairs.items():
            mine, least = _compare(*pair, rounds, seconds)
            yield Case("form", name, mine, "1/s", least, _peak(processes))


def _compare(ours: Load, floor: Load, rounds: int, seconds: float) -> tuple[float, float]:
    for one in (ours, floor):
        one.press(seconds / 2)  # warm
    measured = [(ours.press(seconds), floor.press(seconds)) for _ in range(rounds)]
    mine, least = (statistics.median(column) for column in zip(*measured, strict=True))
    return mine, least


def _peak(server: int) -> float | None:
    """Most memory that the server's processes ever held, in MiB; None where the system does not tell."""
    try:
        children = Path(f"/proc/{server}/task/{server}/children").read_text().split()
        texts = [Path(f"/proc/{one}/status").read_text() for one in (server, *children)]
    except OSError:
        return None
    lines = (line.split() for text in texts for line in text.splitlines() if line.startswith("VmHWM:"))
    return round(sum(int(line[1]) for line in lines) / 1024, 1)


@contextmanager
def _wave() -> Iterator[Wave]:
    """An open wave of a rehearsal of its own; its answers are erased and it is closed at the end."""
    survey = Survey.objects.filter(slug=SLUG).first() or actions.create_survey(_ACTOR, SLUG, "mris", Mode.REHEARSAL)
    for left in survey.waves.filter(state="open"):  # by a run that was killed
        actions.close_wave(_ACTOR, left)
    wave = actions.create_wave(_ACTOR, survey, ["en"], timezone.now().date() + timedelta(days=1))
    actions.open_wave(_ACTOR, wave)
    try:
        yield wave
    finally:
        Inbox.objects.filter(wave__survey=survey).delete()
        actions.close_wave(_ACTOR, wave)


@contextmanager
def _table() -> Iterator[None]:
    role = connections["default"].settings_dict["USER"]
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(f"CREATE TABLE {TABLE} (receipt bytea PRIMARY KEY, document jsonb NOT NULL)")
        cursor.execute(f'GRANT INSERT, SELECT ON {TABLE} TO "{role}"')
        try:
            yield
        finally:
            cursor.execute(f"DROP TABLE {TABLE}")


@contextmanager
def _server(application: str, environment: dict[str, str], factory: bool = False) -> Iterator[tuple[int, int]]:
    """Its port and its process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    options = ("--workers", str(WORKERS), "--blocking-threads", str(THREADS), "--log-level", "warning", "--no-ws")
    kind = ("--factory", application) if factory else (application,)
    process = subprocess.Popen(
        [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), *options, *kind],
        cwd=settings.BASE_DIR, env={**os.environ, **environment}, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(port)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int) -> None:
    for _ in range(300):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise RuntimeError(f"no server on port {port}")


def _copy_answer(port: int, folder: Path) -> None:
    """The form's own bytes and headers, for the floor to send."""
    request = Request(f"http://127.0.0.1:{port}/en/s/{SLUG}/", headers={"Accept-Encoding": "br"})
    with urlopen(request, timeout=60) as response:
        body = response.read()
        kept = [pair for pair in response.getheaders() if pair[0].lower() not in _ADDED_BY_SERVER]
    (folder / "headers.json").write_text(json.dumps(kept))
    (folder / "body").write_bytes(body)


def _answers(wave: Wave, folder: Path) -> tuple[str, str]:
    """The same invented people twice: as a browser sends their form, and as the JSON that is stored of it."""
    instrument = load("mris")
    population = load_population(instrument, PACKAGED)
    facts = Facts("en", cast(Any, {int(code): state for code, state in wave.event_states.items()}))
    forms, documents = [], []
    for number in range(PEOPLE):
        someone = person(population, 1, number)
        sent = fields(someone, population, instrument, circumstances(someone, population, {"en": 1.0}, facts))
        submission = validate(instrument, sent, facts).submission
        if submission is not None:
            forms.append(urlencode({**sent, "wave": wave.number}, doseq=True))
            documents.append(json.dumps(submission.as_document(), ensure_ascii=False))
    (folder / "forms").write_text(json.dumps(forms), encoding="utf-8")
    (folder / "documents").write_text(json.dumps(documents), encoding="utf-8")
    return str(folder / "forms"), str(folder / "documents")
