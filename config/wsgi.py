"""The entry for the web server, with a door before Django and a shortcut for blank forms."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# While a wave is being sealed, others may wait as long as it takes; a person gets a page that asks for patience.
os.environ.setdefault("DATABASE_LOCK_SECONDS", "10")
_django = get_wsgi_application()

from survey.pages import ready  # noqa: E402 - models can be imported only when Django is set up

_inside = ready.before(_django)

_UTF_8 = ("utf-8", "utf8")
_REFUSAL = b"This request could not be read: its Content-Type is malformed, or names another encoding than UTF-8.\n"
_HEADERS = [
    ("Content-Type", "text/plain; charset=utf-8"),
    ("Content-Length", str(len(_REFUSAL))),
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
]


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django reads a request with any codec that its Content-Type names, also with those that make no text (`hex`)
    or half surrogates (`unicode_escape`), and fails before it could answer. No form here is in anything but UTF-8."""
    if _is_utf_8(environ.get("CONTENT_TYPE", "")):
        return _inside(environ, start_response)
    start_response("400 Bad Request", _HEADERS)
    return [_REFUSAL]


def _is_utf_8(content_type: str) -> bool:
    if not content_type:
        return True
    try:
        _, parameters = parse_header_parameters(content_type)
    except (ValueError, LookupError):
        return False
    return parameters.get("charset", "utf-8").lower() in _UTF_8
