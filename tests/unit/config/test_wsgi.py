"""Requests that Django itself cannot begin to read are refused at the door, never answered with a fault."""

from io import BytesIO
from typing import Any

import pytest
from django.test import RequestFactory

from config.wsgi import application

pytestmark = pytest.mark.usefixtures("connections_stay", "db")

PART = b'--x\r\nContent-Disposition: form-data; name="tst"\r\n\r\n\xff\\ud800\r\n--x--\r\n'


def status_of(method: str, path: str, content_type: str, body: bytes = b"") -> int:
    answered: list[str] = []

    def start_response(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
        answered.append(status)

    environ = RequestFactory().generic(method, path).environ
    environ |= {"CONTENT_TYPE": content_type, "CONTENT_LENGTH": str(len(body)), "wsgi.input": BytesIO(body)}
    assert b"".join(application(environ, start_response))
    return int(answered[0].partition(" ")[0])


@pytest.mark.parametrize("codec", ["hex", "rot13", "idna", "unicode_escape", "utf-16", "nonsense"])
def test_only_utf_8_is_read(codec: str) -> None:
    assert status_of("POST", "/en/receipt/", f"multipart/form-data; boundary=x; charset={codec}", PART) == 415
    assert status_of("GET", "/healthz?a=%ff", f"text/plain; charset={codec}") == 200


@pytest.mark.parametrize("parameter", ["charset*=nonsense''%61", "charset*=hex''%61", "a=" + "x" * 20_000])
def test_a_malformed_content_type_is_no_form(parameter: str) -> None:
    assert status_of("POST", "/en/receipt/", f"multipart/form-data; {parameter}", PART) == 415
    assert status_of("GET", "/healthz", f"text/plain; {parameter}") == 200


@pytest.mark.parametrize("content_type", ["", "text/plain", "text/plain; charset=UTF-8", 'a/b; charset="utf8"'])
def test_everything_else_goes_on(content_type: str) -> None:
    assert status_of("GET", "/healthz", content_type) == 200


@pytest.mark.parametrize("charset", ["UTF8", "utf-8", '"Utf8"', "utf8 ; x=1"])
def test_utf_8_has_several_names(charset: str) -> None:
    form = f"application/x-www-form-urlencoded; charset={charset}"
    assert status_of("POST", "/en/receipt/", form, b"receipt=x") == 422
