"""Stamp and honeypot make a flag and nothing else; a crowd or a silent database make people wait and lose nothing."""

import html
import re
from contextlib import ExitStack
from typing import Any

import psycopg
import pytest
from django.db import InternalError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries, Settings

from survey import receipts, stamp
from survey.models import Inbox
from survey.pages import documents
from survey.pages.gate import gauge
from survey.pages.gauge import Level, level_at
from tests.cast import CONSENT
from tests.readers import sent_texts

FORM = "/en/s/rehearsal/"
CODE = "0123456789ABCDEFGHJKMNPQF"
EASY, HARD = 4, 12


@pytest.fixture(autouse=True)
def limits(settings: Settings) -> None:
    settings.STAMP_BITS, settings.STAMP_BITS_BUSY = EASY, HARD
    settings.SENDS_BUSY, settings.SENDS_OVERLOADED = 2, 4


@pytest.fixture
def code() -> str:
    return receipts.make()


def easy_stamp(code: str, wave: int = 1) -> str:
    """One that meets EASY and not HARD."""
    efforts = ((str(n), stamp.zero_bits(wave, receipts.normalise(code), str(n))) for n in range(10_000))
    return next(counter for counter, bits in efforts if EASY <= bits < HARD)


def hard_stamp(code: str) -> str:
    return stamp.find(1, code, HARD)


def send(respondent: Client, **fields: Any) -> HttpResponse:
    return respondent.post(FORM, {**CONSENT, "wave": "1", "mdl": "1", **fields})  # type: ignore[return-value]


def stored() -> dict[str, Any]:
    return Inbox.objects.get().document["answers"]


def hidden_fields(response: HttpResponse) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    form = html.unescape(response.content.decode()).partition('<form id="form"')[2].partition("</form>")[0]
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form):
        fields.setdefault(name, []).append(value)
    return fields


def crowd(present: int) -> ExitStack:
    """So many others are being answered."""
    others = ExitStack()
    for _ in range(present):
        others.enter_context(gauge.one_more())
    return others


@pytest.mark.parametrize(
    ("sent", "unproven"),
    [
        ("a stamp", False),
        ("no stamp", True),
        ("a stamp for another code", True),
        ("a stamp for another wave", True),
        ("something else", True),
        ("two stamps", False),
        ("a stamp and a filled honeypot", True),
        ("a stamp and an empty honeypot", False),
    ],
)
def test_a_stamp_makes_a_flag_and_never_a_refusal(respondent: Client, code: str, sent: str, unproven: bool) -> None:
    good = stamp.find(1, code, EASY)
    fields: dict[str, Any] = {
        "a stamp": {"stamp": good},
        "no stamp": {},
        "a stamp for another code": {"stamp": _stamp_but_not_for(code)},
        "a stamp for another wave": {"stamp": _stamp_but_not_for(code, wave=2)},
        "something else": {"stamp": "NaN"},
        "two stamps": {"stamp": [good, "x"]},
        "a stamp and a filled honeypot": {"stamp": good, "website": "https://example.org"},
        "a stamp and an empty honeypot": {"stamp": good, "website": ""},
    }[sent]
    response = send(respondent, receipt=code, **fields)
    assert response.status_code == 200
    assert 'data-page="sent"' in response.content.decode()
    assert stored()["unproven"] == int(unproven)


def _stamp_but_not_for(code: str, wave: int = 1) -> str:
    symbols = receipts.normalise(code)
    other = CODE if wave == 1 else symbols
    return next(
        str(n)
        for n in range(100_000)
        if stamp.zero_bits(wave, other, str(n)) >= EASY > stamp.zero_bits(1, symbols, str(n))
    )


@pytest.mark.parametrize(
    ("said", "kept"),
    [("yes", "yes"), ("no", "no"), (None, "unknown"), ("", "unknown"), ("Yes", "unknown"), ("12.5 s", "unknown")],
)
def test_the_pace_is_one_of_three(respondent: Client, code: str, said: str | None, kept: str) -> None:
    send(respondent, receipt=code, **({} if said is None else {"fast": said}))
    assert stored()["fast"] == kept


def test_a_repeat_with_another_stamp_or_pace_is_the_same_answer(respondent: Client, code: str) -> None:
    first = send(respondent, receipt=code, stamp=stamp.find(1, code, EASY), fast="no")
    before = stored()
    for again in ({"stamp": hard_stamp(code), "fast": "yes"}, {}, {"website": "x"}, {"stamp": "1"}):
        response = send(respondent, receipt=code, **again)
        assert (response.status_code, response.content) == (200, first.content)
    assert stored() == before
    assert (before["unproven"], before["fast"]) == (0, "no")


def test_the_form_says_how_much_work_it_wants_and_hides_the_honeypot(respondent: Client) -> None:
    page = respondent.get(FORM).content.decode()
    assert f'data-stamp="{EASY}"' in page
    trap = re.search(r'<div class="vh" aria-hidden="true">.*?</div>', page)
    assert trap
    assert 'name="website" tabindex="-1" autocomplete="off"' in trap[0]


@pytest.mark.parametrize(
    ("present", "level"),
    [(1, Level.NORMAL), (2, Level.NORMAL), (3, Level.BUSY), (4, Level.BUSY), (5, Level.OVERLOADED)],
)
def test_the_level_is_a_matter_of_numbers(present: int, level: Level) -> None:
    assert level_at(present) is level
    with crowd(present - 1), gauge.one_more() as reached:
        assert reached is level
    with gauge.one_more() as reached:
        assert reached is Level.NORMAL


@pytest.mark.parametrize(
    ("others", "kind", "status"),
    [
        (1, "no stamp", 200),
        (1, "an easy stamp", 200),
        (2, "no stamp", 200),
        (2, "an easy stamp", 429),
        (2, "an easy stamp and a honeypot", 200),
        (2, "a hard stamp", 200),
        (2, "a form to look at", 200),
        (2, "a mistake", 422),
        (4, "no stamp", 503),
        (4, "an easy stamp", 503),
        (4, "a hard stamp", 503),
        (4, "a form to look at", 503),
        (4, "a mistake", 503),
        (4, "what cannot be read", 415),
    ],
)
def test_who_is_let_in(respondent: Client, code: str, others: int, kind: str, status: int) -> None:
    fields: dict[str, Any] = {
        "no stamp": {"receipt": code},
        "an easy stamp": {"receipt": code, "stamp": easy_stamp(code)},
        "an easy stamp and a honeypot": {"receipt": code, "stamp": easy_stamp(code), "website": "x"},
        "a hard stamp": {"receipt": code, "stamp": hard_stamp(code)},
        "a form to look at": {},
        "a mistake": {"receipt": code, "mdl": "77"},
        "what cannot be read": {},
    }[kind]
    with crowd(others):
        if kind == "what cannot be read":
            response: Any = respondent.post(FORM, b"{}", content_type="application/json")
        else:
            response = send(respondent, **fields)
    assert response.status_code == status
    waits = response.headers.get("Retry-After", "")
    assert waits.isdigit() == (status in (429, 503))
    assert response.headers.get("Stamp-Bits") == (str(HARD) if status == 429 else None)
    assert Inbox.objects.exists() == (status == 200 and "receipt" in fields)


@pytest.mark.parametrize("others", [2, 4, 40])
def test_what_is_stored_passes_whatever_the_crowd(respondent: Client, code: str, others: int) -> None:
    fields = {"receipt": code, "stamp": easy_stamp(code)}
    first = send(respondent, **fields)
    with crowd(others):
        assert send(respondent, **fields).content == first.content
        assert send(respondent, **{**fields, "mdl": "2"}).status_code == 409
        assert respondent.post("/en/receipt/", {"receipt": code, "action": "see"}).status_code == 200
        assert respondent.post("/en/receipt/", {"receipt": code, "action": "confirm-erase"}).status_code == 200
        assert send(respondent, **fields).status_code == 410


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_those_who_must_wait_get_everything_back_and_can_send_it_with_one_button(
    respondent: Client, code: str, language: str
) -> None:
    path = f"/{language}/s/rehearsal/"
    fields = {
        **CONSENT,
        "wave": ["1"],
        "mdl": ["1"],
        "elig": ["1"],
        "role": ["7", "14"],
        "tst": ['two\n"lines" & <more>'],
        "tst_use": ["1"],
        "receipt": [code],
    }
    with crowd(4):
        response: Any = respondent.post(path, fields)
    page = html.unescape(response.content.decode())
    assert response.status_code == 503
    assert f'<html lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in page
    assert 'data-page="busy"' in page
    assert f'<form id="form" method="post" action="{path}"' in page
    assert "tel:" in page
    assert response["Cache-Control"] == "no-store"
    assert "script" not in page
    back = _hidden_as_browsers_read_it(response)
    assert back == fields
    assert respondent.post(path, back).status_code == 200
    assert sent_texts(code) == {"tst": 'two\n"lines" & <more>'}


def _hidden_as_browsers_read_it(response: HttpResponse) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    form = response.content.decode().partition('<form id="form"')[2].partition("</form>")[0]
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', form):
        fields.setdefault(name, []).append(html.unescape(value))
    return fields


def test_the_button_of_those_whose_stamp_is_too_weak_sends_without_it(respondent: Client, code: str) -> None:
    with crowd(2):
        response = send(respondent, receipt=code, stamp=easy_stamp(code), fast="no")
        fields = hidden_fields(response)
        assert "stamp" not in fields
        assert respondent.post(FORM, fields).status_code == 200
    assert (stored()["unproven"], stored()["fast"]) == (1, "no")


def test_a_hostile_form_does_not_grow_on_its_way_back(respondent: Client) -> None:
    body = b"&".join(b"a=" for _ in range(15_000))
    with crowd(4):
        response = respondent.post(FORM, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 503
    assert len(hidden_fields(response)["a"]) == 2000  # type: ignore[arg-type]


def fails(sqlstate: str = "") -> Any:
    def raise_it(*arguments: Any) -> Any:
        kind = InternalError if sqlstate else OperationalError
        raise kind("the server is gone, and somebody wrote this") from psycopg.errors.lookup(sqlstate or "57P01")()

    return connection.execute_wrapper(raise_it)


@pytest.mark.parametrize("sqlstate", ["", "25P03", "25006"])
@pytest.mark.parametrize(
    ("method", "path", "fields"),
    [
        ("POST", FORM, {**CONSENT, "wave": "1", "receipt": CODE}),
        ("POST", "/en/receipt/", {"receipt": CODE, "action": "see"}),
        ("POST", "/en/receipt/", {"receipt": CODE, "action": "confirm-erase"}),
        ("GET", "/zh-hans/", {}),
        ("HEAD", "/en/", {}),
        ("GET", "/en/s/unknown/", {}),
        ("GET", "/s/unknown/", {}),
    ],
)
def test_while_the_database_does_not_answer_everybody_is_asked_to_come_back(
    respondent: Client, method: str, path: str, fields: dict[str, Any], sqlstate: str
) -> None:
    respondent.get(FORM)
    with fails(sqlstate):
        response: Any = respondent.generic(method, path) if method != "POST" else respondent.post(path, fields)
    assert response.status_code == 503
    assert response["Retry-After"].isdigit()
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    if method == "POST":
        sent = {name: [value] if isinstance(value, str) else value for name, value in fields.items()}
        assert hidden_fields(response) == sent


@pytest.mark.parametrize("path", ["/en/nowhere/", "/en/receipt/", "/en/stop/"])
def test_pages_that_need_no_database_do_without(respondent: Client, path: str) -> None:
    with fails():
        assert respondent.get(path).status_code in (200, 404)


def test_what_a_program_does_wrong_stays_a_fault(respondent: Client) -> None:
    def wrong(*arguments: Any) -> Any:
        raise InternalError("a mistake") from psycopg.errors.lookup("XX000")()

    with connection.execute_wrapper(wrong), pytest.raises(InternalError):
        respondent.get("/en/")


def test_the_blank_form_is_served_from_memory(respondent: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    blank = respondent.get(FORM)
    now = 1_000_000.0
    monkeypatch.setattr(documents.recent_context, "__defaults__", (lambda: now,))
    with fails():
        later = respondent.get(FORM)
    assert (later.status_code, later.content, later["ETag"]) == (200, blank.content, blank["ETag"])
    assert respondent.get(FORM).status_code == 200


def test_looking_for_a_code_is_cheap(
    respondent: Client, code: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    send(respondent)
    with crowd(4), django_assert_max_num_queries(2):
        assert send(respondent, receipt=code).status_code == 503
