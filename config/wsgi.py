"""The entry for the web server, with a door before Django and a shortcut for blank forms."""

import os
import re
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

_UTF_8 = re.compile(r'(charset\s*=\s*)"?utf-?8"?\s*(?=;|$)', re.IGNORECASE)
UNREADABLE = "application/x-unreadable"


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Django reads a request with any codec that its Content-Type names, also with those that make no text (`hex`)
    or half surrogates (`unicode_escape`), and fails before it could answer. No form here is in anything but UTF-8:
    what names another encoding is of no type that a page reads, and each answers that in its own way."""
    content_type = _UTF_8.sub(r"\1utf-8", environ.get("CONTENT_TYPE", ""))
    readable = content_type if _is_utf_8(content_type) else UNREADABLE
    return _inside({**environ, "CONTENT_TYPE": readable}, start_response)


def _is_utf_8(content_type: str) -> bool:
    if not content_type:
        return True
    try:
        _, parameters = parse_header_parameters(content_type)
    except (ValueError, LookupError):
        return False
    return parameters.get("charset", "utf-8").lower() == "utf-8"
