"""What the self-test knows a trace by: times in every shape, marks in every spelling, pages that tell others."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from random import Random
from threading import Thread

import pytest

from config.selftest import files, pages, sealed
from config.selftest.findings import Report
from config.selftest.marks import Marks
from config.selftest.times import Window
from config.selftest.visitor import Answer, Visitor
from survey import receipts

VISIT = Window(datetime(2026, 11, 24, 2, 30, 0, tzinfo=UTC), datetime(2026, 11, 24, 2, 30, 20, tzinfo=UTC))


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-24 02:30:05.123456+00",
        '"at": "2026-11-24T02:30:05Z"',
        "2026-11-24T03:30:05+01:00",
        "2026-11-23 21:30:05-0500",
        "2026/11/24 02:30:05 [error]",
        '127.0.0.1 - - [24/Nov/2026:02:30:05 +0000] "GET /"',
        "24/Nov/2026:03:30:05 +0100",
        "Tue, 24 Nov 2026 02:30:05 GMT",
        "Tue Nov 24 02:30:05 2026",
        "1795487405",
        "1795487405.25",
        "1795487405123",
        "1795487405123456789",
        "01a20b63-93c8-7000-8000-000000000000",
    ],
)
def test_a_time_within_the_visit_is_known_in_every_shape(written: str) -> None:
    assert list(VISIT.times_in(f"x {written} y"))


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-24 02:29:59+00",
        "2026-11-24 02:30:21",
        "2026-11-24",
        "24/Nov/2026:02:30:05 +0100",
        "1795487399",
        "acc_1795487405",
        "a51795487405ff",
        "0.1795487405",
        "2026-99-24 02:30:05",
        "99/Nov/2026:02:30:05 +0000",
        "d3b07384-d113-4ec4-b87b-5e3a9c0f4f10",
    ],
)
def test_other_numbers_and_times_are_none(written: str) -> None:
    assert list(VISIT.times_in(f"x {written} y")) == []


AGENT = b"agent-77-and-more"


@pytest.mark.parametrize(
    "spelt",
    [
        AGENT.decode(),
        hashlib.sha256(AGENT).hexdigest(),
        hashlib.md5(AGENT, usedforsecurity=False).hexdigest(),
        AGENT.hex(),
        AGENT.hex().upper(),
        *(base64.b64encode(b"." * before + AGENT).decode() for before in range(3)),
    ],
)
def test_a_mark_is_known_as_it_is_hashed_and_encoded(spelt: str) -> None:
    marks = Marks()
    marks.of_request("the agent", AGENT.decode())

    assert list(marks.in_text(f"<{spelt}>", "", sealed=False)) == ["the agent"]


def test_a_code_is_known_in_every_spelling_and_its_hash_only_outside_its_row() -> None:
    marks, code = Marks(), receipts.make()
    marks.code("the code", code)
    marks.digest("its hash", "mris", code)
    plain, digest = receipts.normalise(code), receipts.digest("mris", code).hex()

    for spelling in (code, code.lower(), plain, plain.lower()):
        assert list(marks.in_text(f"receipt={spelling}&", "survey_inbox", sealed=False)) == ["the code"]
    assert list(marks.in_text(rf"\x{digest}", "survey_inbox", sealed=False)) == []
    assert list(marks.in_text(rf"\x{digest}", "survey_inbox", sealed=True)) == ["its hash"]
    assert list(marks.in_text(rf"\x{digest}", "django_session", sealed=False)) == ["its hash"]


@pytest.mark.parametrize(
    ("place", "is_sealed"),
    [
        ("survey_inbox", False),
        ("survey_testimony", False),
        ("survey_inbox", True),
        ("survey_testimony", True),
        ("", True),
    ],
)
def test_words_are_at_home_nowhere_because_they_are_encrypted(place: str, is_sealed: bool) -> None:
    marks = Marks()
    words = marks.words("kept")

    assert list(marks.in_text(words, place, is_sealed)) == ["kept"]


def test_words_that_a_compression_has_cut_are_known_by_their_pieces() -> None:
    marks = Marks()
    words = marks.words("erased").encode()
    cut = b"\x00".join(words[start : start + 8] for start in range(3, len(words), 8))

    assert list(marks.in_bytes(b"\x01" + cut)) == ["erased"]


def answer(html: str = "", method: str = "GET", status: int = 200, **headers: str) -> Answer:
    named = {"Content-Type": "text/html", "Cache-Control": "no-store"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(method, "/en/", status, tuple(named.items()), html.encode())


@pytest.mark.parametrize(
    "html",
    [
        '<img src="//counter.example/p.gif">',
        '<img srcset="/own.png 1x, https://counter.example/p.png 2x">',
        '<link rel="preconnect" href="https://counter.example">',
        '<form action="https://counter.example/collect"><button formaction="/own">',
        '<a ping="https://counter.example/left" href="https://help.example">',
        '<p style="background: url(https://counter.example/p.gif)">',
        "<style>@import '//counter.example/a.css';</style>",
        '<script>fetch("https://counter.example/")</script>',
        '<meta http-equiv="refresh" content="0; url=https://counter.example/">',
    ],
)
def test_a_page_that_asks_somebody_else_is_noticed(html: str) -> None:
    assert list(pages.faults(answer(html))) == ["loads from counter.example"]


@pytest.mark.parametrize(
    "html",
    [
        '<a href="https://help.example/" rel="noreferrer">a line</a><a href="tel:988">988</a>',
        '<img src="data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27%3E">',
        '<script type="application/json">{"text": "https://help.example"}</script>',
        '<form action="/en/s/mris/"></form><link rel="icon" href="data:,">',
    ],
)
def test_links_that_people_may_follow_and_data_are_no_fault(html: str) -> None:
    assert list(pages.faults(answer(html))) == []


@pytest.mark.parametrize(
    ("sent", "fault"),
    [
        (answer(Set_Cookie="a=1"), "sets a cookie"),
        (answer(NEL="{}"), "carries the header NEL"),
        (answer(status=302, Location="//counter.example/x"), "leads to another site"),
        (answer(method="POST", Cache_Control="private"), "may be kept by a cache (status 200)"),
    ],
)
def test_headers_that_follow_people_are_noticed(sent: Answer, fault: str) -> None:
    assert list(pages.faults(sent)) == [fault]


def test_an_order_is_told_from_chance() -> None:
    places = list(range(128))
    nearly = [place ^ 1 for place in places]
    by_chance = Random(4).sample(places, len(places))

    assert sealed.is_ordered(places)
    assert sealed.is_ordered(nearly[::-1])
    assert not sealed.is_ordered(by_chance)


def test_only_files_that_changed_are_searched_and_a_quiet_folder_tells_by_their_time(tmp_path: Path) -> None:
    marks, report = Marks(), Report()
    words = marks.words("kept")
    (tmp_path / "inside").mkdir()
    (tmp_path / "inside" / "web.log").write_text("." * (1 << 20) + words)
    start = datetime.now(UTC) - timedelta(seconds=5)
    search = files.Search(marks, Window(start, start + timedelta(seconds=60)), report, sealed=False)
    search.run([files.Folder(tmp_path, "logs", quiet=True)])

    assert {one.what for one in report.found} == {"kept", "was written during the visit, and its own time says when"}
    later = Window(start + timedelta(seconds=60), start + timedelta(seconds=90))
    report.found.clear()
    files.Search(marks, later, report, sealed=False).run([files.Folder(tmp_path, "logs", quiet=True)])
    assert (report.found, report.searched[-1].number) == ([], 1)


def test_the_services_whose_logs_were_not_given_are_named(tmp_path: Path) -> None:
    for name in ("web.log", "worker-1.log", "celerybeat.log", "postgres.log"):
        (tmp_path / name).touch()

    assert list(files.missing_logs([files.Folder(tmp_path, "logs")])) == ["Redis", "the proxy"]


@pytest.mark.parametrize(
    ("public", "asked"),
    [
        ("https://survey.example.org", {"Host": "survey.example.org", "X-Forwarded-Proto": "https"}),
        ("", {"Host": "127.0.0.1", "X-Forwarded-Proto": None}),
    ],
)
def test_a_process_behind_a_proxy_is_asked_as_the_proxy_asks(public: str, asked: dict[str, str | None]) -> None:
    heard: list[dict[str, str | None]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append({name: (self.headers[name] or "").partition(":")[0] or None for name in asked})
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        Thread(target=server.handle_request, daemon=True).start()
        answer = Visitor(f"http://127.0.0.1:{server.server_port}", Marks(), public).get("/en/")
    assert (answer.status, heard) == (204, [asked])
