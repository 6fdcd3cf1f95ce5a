"""Whatever is asked, and however wrongly: no page is kept, followed, searched for, or able to load anything."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client

from survey import actions, receipts
from survey.models import Wave
from survey.pages import documents
from tests.cast import CONSENT, SHELL, open_rehearsal, send
from tests.integration.pages.reading import kind_of

FORM, RECEIPT = "/en/s/rehearsal/", "/en/receipt/"
FULL = {**CONSENT, "wave": "1", "mdl": "9"}
URLENCODED = "application/x-www-form-urlencoded"

type Visit = Callable[[Client, str], HttpResponse]
"""Given a client and the code of stored answers."""


def got(path: str, **headers: str) -> Visit:
    return lambda client, code: client.get(path, headers=headers)


def sent(path: str, **fields: object) -> Visit:
    def visit(client: Client, code: str) -> HttpResponse:
        return client.post(path, {name: code if value == "CODE" else value for name, value in fields.items()})

    return visit


def asked(method: str, path: str, body: bytes = b"", kind: str = URLENCODED) -> Visit:
    return lambda client, code: client.generic(method, path, body, content_type=kind)


def late(client: Client, code: str) -> HttpResponse:
    actions.close_wave(SHELL, Wave.objects.get(survey__slug="rehearsal"))
    Wave.objects.update(late_until="2026-01-01T00:00Z")
    documents.forget()
    return sent(FORM, **FULL)(client, code)


def closed(client: Client, code: str) -> HttpResponse:
    late(client, code)
    return client.get(FORM)


PAGES: dict[str, tuple[Visit, int, str]] = {
    "landing": (got("/en/"), 200, "landing"),
    "stop": (got("/en/stop/"), 200, "message"),
    "unknown survey": (got("/en/s/nothing/"), 404, "message"),
    "unknown address": (got("/en/nothing/at/all/"), 404, "message"),
    "unknown language": (got("/fr/receipt/"), 404, "message"),
    "closed": (closed, 200, "message"),
    "form with errors": (sent(FORM, wave="1", mdl="77"), 422, "form"),
    "form to change": (sent(FORM, **FULL, edit="1"), 200, "form"),
    "form in another language": (sent("/zh-hans/s/rehearsal/", **FULL, switch="1"), 200, "form"),
    "check": (sent(FORM, **FULL), 200, "check"),
    "check, wrong code": (sent(FORM, **FULL, receipt="ABC"), 422, "check"),
    "sent": (sent(FORM, **FULL, receipt=receipts.make()), 200, "sent"),
    "changed": (sent(FORM, **FULL, receipt="CODE"), 409, "returned"),
    "new answer under no code": (sent(FORM, **FULL, receipt="CODE", anew="ABC"), 422, "check"),
    "late": (late, 410, "returned"),
    "end": (sent(FORM, **{**FULL, "con_age": "0"}), 200, "message"),
    "correcting": (sent(RECEIPT, receipt="CODE", action="correct"), 200, "form"),
    "correction, last look": (sent(FORM, **FULL, receipt="CODE", correct="1", look="1"), 200, "check"),
    "corrected": (sent(FORM, **FULL, receipt="CODE", correct="1"), 200, "sent"),
    "correction that would end": (sent(FORM, **{**FULL, "con_age": "0"}, receipt="CODE", correct="1"), 200, "returned"),
    "correction without code": (sent(FORM, **FULL, correct="1"), 422, "returned"),
    "correction of nothing": (sent(FORM, **FULL, correct="1", receipt=receipts.make()), 404, "returned"),
    "correction in another survey": (sent("/en/s/another/", **FULL, receipt="CODE", correct="1"), 404, "returned"),
    "receipt": (got(RECEIPT), 200, "receipt"),
    "receipt, no code": (sent(RECEIPT), 422, "receipt"),
    "receipt, mistyped": (sent(RECEIPT, receipt="0123A", action="see"), 422, "receipt"),
    "receipt, too long": (sent(RECEIPT, receipt="0" * 20_000, action="see"), 422, "receipt"),
    "receipt, other script": (sent(RECEIPT, receipt="شكرا 謝謝 💔", action="see"), 422, "receipt"),
    "receipt, unknown": (sent(RECEIPT, receipt=receipts.make(), action="see"), 404, "receipt"),
    "receipt, in another language": (sent("/zh-hans/receipt/", receipt="0123", switch="1"), 422, "receipt"),
    "stored": (sent(RECEIPT, receipt="CODE", action="see"), 200, "stored"),
    "stored, unknown action": (sent(RECEIPT, receipt="CODE", action="dance\x00"), 200, "stored"),
    "stored, shown again": (sent(RECEIPT, receipt="CODE", action="show"), 200, "sent"),
    "erase": (sent(RECEIPT, receipt="CODE", action="erase"), 200, "erase"),
    "erased": (sent(RECEIPT, receipt="CODE", action="confirm-erase"), 200, "message"),
    "erase, unknown": (sent(RECEIPT, receipt=receipts.make(), action="confirm-erase"), 404, "receipt"),
    "no form": (asked("POST", FORM, b"{}", "application/json"), 415, "message"),
    "broken form": (asked("POST", FORM, b"--", "multipart/form-data; boundary="), 400, "message"),
    "too much": (asked("POST", RECEIPT, b"a=" + b"b" * 300_000), 413, "message"),
    "half a letter": (asked("POST", RECEIPT, b"receipt=%ff%00%ed%a0%80&action=%ff"), 422, "receipt"),
    "form, wrong method": (asked("PUT", FORM), 405, "message"),
    "receipt, wrong method": (asked("DELETE", RECEIPT), 405, "message"),
    "landing, wrong method": (asked("POST", "/en/"), 405, "message"),
    "stop, wrong method": (asked("POST", "/zh-hans/stop/"), 405, "message"),
    "root, wrong method": (asked("POST", "/"), 405, "message"),
    "short address, wrong method": (asked("POST", "/s/rehearsal/"), 405, "message"),
}
FILES: dict[str, Visit] = {
    "download, JSON": sent(RECEIPT, receipt="CODE", action="download-json"),
    "download, CSV": sent("/zh-hans/receipt/", receipt="CODE", action="download-csv"),
    "root": got("/"),
    "short address": got("/s/rehearsal/"),
    "address without its slash": got("/en/receipt"),
}


@pytest.fixture
def code(wave: Wave) -> str:
    open_rehearsal("another")
    made = receipts.make()
    send(wave, made, mdl="1")
    return made


def check_headers(response: HttpResponse) -> None:
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Security-Policy"].startswith("default-src 'none'; ")
    assert "unsafe" not in response["Content-Security-Policy"]
    assert "http" not in response["Content-Security-Policy"]
    assert (response["Referrer-Policy"], response["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert (response["X-Content-Type-Options"], response["X-Frame-Options"]) == ("nosniff", "DENY")
    assert not response.cookies


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_private(respondent: Client, code: str, name: str) -> None:
    visit, status, kind = PAGES[name]
    response = visit(respondent, code)
    assert (response.status_code, kind_of(response)) == (status, kind)
    check_headers(response)
    page = response.content.decode()
    assert 'id="help"' in page
    assert "<title>Survey</title>" in page or "<title>问卷</title>" in page
    if status == 405:
        assert "GET" in response["Allow"]


@pytest.mark.parametrize("name", FILES)
def test_every_file_and_every_way_on_is_private(respondent: Client, code: str, name: str) -> None:
    response = FILES[name](respondent, code)
    assert response.status_code in (200, 302)
    check_headers(response)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/en/",
        "/s/rehearsal/",
        FORM,
        RECEIPT,
        "/en/stop/",
        "/en/results/",
        "/en/s/nothing/",
        "/en/nothing",
        "/zh-hans",
    ],
)
def test_the_head_of_a_page_can_be_asked_for_alone(respondent: Client, code: str, path: str) -> None:
    whole, head = respondent.get(path), respondent.head(path)
    assert (head.status_code, head.content) == (whole.status_code, b"")
    unlike = {"Content-Length"}
    assert {name: value for name, value in head.headers.items() if name not in unlike} == {
        name: value for name, value in whole.headers.items() if name not in unlike
    }
