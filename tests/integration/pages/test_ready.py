"""Forms that are answered before Django is asked are answered exactly as Django answers them."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.test import RequestFactory
from pytest_django import DjangoAssertNumQueries

from config import embedded
from survey import actions
from survey.models import Survey, Wave
from survey.pages import documents, ready
from tests.cast import SHELL

FORM = "/en/s/rehearsal/"
pytestmark = pytest.mark.usefixtures("connections_stay")


@dataclass
class Answer:
    status: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def __getitem__(self, name: str) -> str:
        return dict(self.headers).get(name, "")


@dataclass
class Door:
    """Django with the shortcut before it, and how often Django was asked."""

    django: Callable[..., Any] = field(default_factory=WSGIHandler)
    asked: int = 0

    def __post_init__(self) -> None:
        self._application = ready.before(self._counted)

    def _counted(self, environ: Any, start_response: Any) -> Any:
        self.asked += 1
        return self.django(environ, start_response)

    def get(self, path: str = FORM, method: str = "GET", **headers: str) -> Answer:
        return call(self._application, path, method, headers)

    def django_only(self, path: str = FORM, method: str = "GET", **headers: str) -> Answer:
        return call(self.django, path, method, headers)


def call(application: Callable[..., Any], path: str, method: str, headers: dict[str, str]) -> Answer:
    answer = Answer()

    def start_response(status: str, sent: list[tuple[str, str]], *_: Any) -> None:
        answer.status, answer.headers = status, list(sent)

    environ = RequestFactory(headers=headers).generic(method, path).environ
    answer.body = b"".join(application(environ, start_response))
    return answer


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time that `documents` and the shortcut see; tests move it."""
    now = [1_000_000.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    monkeypatch.setattr(documents.recent_context, "__defaults__", (lambda: now[0],))
    return now


@pytest.fixture
def door(wave: Wave, clock: list[float]) -> Door:
    door = Door()
    for encoding in ("br", "gzip", "identity"):
        assert door.get(**{"Accept-Encoding": encoding}).status == "200 OK"  # type: ignore[arg-type]
    door.asked = 0
    return door


REQUESTS: list[tuple[str, str, dict[str, str]]] = [
    ("GET", FORM, {}),
    ("HEAD", FORM, {}),
    ("GET", FORM + "?utm_source=somebody", {}),
    *(
        ("GET", FORM, {"Accept-Encoding": accepted})
        for accepted in (
            *("br", "gzip", "identity", "gzip, deflate, br, zstd", "BR", "br;q=0, gzip", "br;q=0.0, gzip;q=0.000", "*"),
            *("br;q=0.1, gzip;q=1", "identity;q=0, gzip", "x-br, deflate", " , ,", "br;q=0"),
        )
    ),
    ("GET", FORM, {"Accept-Language": "zh-CN", "Cookie": "a=b", "User-Agent": "x", "X-Forwarded-For": "192.0.2.1"}),
    ("GET", FORM, {"X-Forwarded-Proto": "https"}),
    ("GET", FORM, {"Range": "bytes=0-10"}),
    ("POST", FORM, {}),
    ("PUT", FORM, {}),
    ("OPTIONS", FORM, {}),
    ("GET", "/zh-hans/s/rehearsal/", {}),
    ("GET", "/fr/s/rehearsal/", {}),
    ("GET", "/EN/s/rehearsal/", {}),
    ("GET", "/en/s/rehearsal", {}),
    ("GET", "//en/s/rehearsal/", {}),
    ("GET", "/en/s//rehearsal/", {}),
    ("GET", "/en/s/rehearsal/%00", {}),
    ("GET", "/en/s/%72ehearsal/", {}),
    ("GET", "/en/s/réhearsal/", {}),
    ("GET", "/en/s/nothing/", {}),
    ("GET", "/en/", {}),
    ("GET", "/healthz", {}),
]


@pytest.mark.parametrize(("method", "path", "headers"), REQUESTS)
def test_the_shortcut_changes_nothing(door: Door, method: str, path: str, headers: dict[str, str]) -> None:
    asked = door.django_only(path, method, **headers)
    assert door.get(path, method, **headers) == asked
    assert door.get(path, method, **headers) == asked


@pytest.mark.parametrize("encoding", ["br", "gzip", "identity"])
@pytest.mark.parametrize(
    ("form", "known"),
    [
        ("{}", True),
        ("W/{}", True),
        ('"other", {}', True),
        ('W/"other",W/{}', True),
        ("*", True),
        ('"other"', False),
        ("", False),
        ("garbage", False),
    ],
)
def test_what_the_browser_has_is_not_sent_again(door: Door, encoding: str, form: str, known: bool) -> None:
    accepts = {"Accept-Encoding": encoding}
    headers = {**accepts, "If-None-Match": form.format(door.get(**accepts)["ETag"])}
    asked = door.django_only(**headers)  # type: ignore[arg-type]
    assert asked.status == ("304 Not Modified" if known else "200 OK")
    assert door.get(**headers) == asked  # type: ignore[arg-type]
    assert door.asked == 0
    other = {"br": "gzip", "gzip": "identity", "identity": "br"}[encoding]
    assert door.get(**{**headers, "Accept-Encoding": other}).status == ("304 Not Modified" if form == "*" else "200 OK")  # type: ignore[arg-type]


def test_it_asks_neither_django_nor_the_database(door: Door, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        for _ in range(5):
            door.get(**{"Accept-Encoding": "br"})
            door.get(method="HEAD")
    assert door.asked == 0


def close(wave: Wave) -> None:
    actions.close_wave(SHELL, wave)


def postpone(wave: Wave) -> None:
    Wave.objects.filter(pk=wave.pk).update(seal_on=date(2027, 9, 9))


def change_contact(wave: Wave) -> None:
    Survey.objects.update(operator={"contact": "new@example.org"})


@pytest.mark.parametrize("change", [close, postpone, change_contact])
def test_a_change_shows_within_two_seconds(
    door: Door, clock: list[float], wave: Wave, change: Callable[[Wave], None]
) -> None:
    before = door.get()
    change(wave)
    clock[0] += documents.FRESH_SECONDS - 0.1
    assert door.get() == before
    clock[0] += 0.2
    after = door.get()
    assert after == door.django_only() != before
    assert door.asked == 1


def test_what_everybody_has_forgotten_is_made_anew(door: Door) -> None:
    before = door.get()
    documents.forget()
    assert door.get() == before
    assert door.asked == 1


def test_an_answer_that_took_long_is_not_kept(wave: Wave, clock: list[float]) -> None:
    """Meanwhile the survey may have been looked up again, and have changed."""
    django = WSGIHandler()

    def slow(environ: Any, start_response: Any) -> Any:
        response = django(environ, start_response)
        clock[0] += 1.5 * documents.FRESH_SECONDS
        documents.recent_context("rehearsal")
        return response

    door = Door(slow)
    door.get()
    door.get()
    assert door.asked == 2


def test_only_forms_are_kept(door: Door) -> None:
    before = len(ready._ready)
    for number in range(50):
        for path in (
            f"/en/s/nothing-{number}/",
            f"/en/s/rehearsal/?{number}",
            f"/x{number}",
            f"/s/rehearsal/?{number}",
        ):
            door.get(path)
    assert len(ready._ready) == before


ONE_PROCESS = """
import django; django.setup()
from datetime import date
from survey import queries
from survey.enums import WaveState
from survey.pages import documents
from survey.pages.languages import language
wave = queries.WaveInfo(1, 1, WaveState.OPEN, True, date(2027, 1, 10), ("en", "zh-Hans"), {6: "announced"}, "")
lines = queries.shipped_directory("mris").help_lines
context = queries.FormContext(1, "mris", True, {"contact": "a@example.org"}, queries.load("mris"), wave, lines)
for tag in wave.languages:
    print(documents.prepare(context, language(tag)).document.digest)
"""


def test_two_processes_make_the_same_document() -> None:
    """Else a browser would be sent the form again whenever it meets another process."""

    def digests(seed: str) -> list[str]:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "config.settings"}
        done = subprocess.run(
            [sys.executable, "-c", ONE_PROCESS],
            cwd=embedded.ROOT, env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.split()

    assert len(set(digests("1"))) == 2
    assert digests("1") == digests("2")
