"""Blank forms that are answered before Django is asked: what it has just answered, it would answer again.

A form is kept as Django sent it, with all its headers, and only for as long as `documents` takes what it knows of the
survey for fresh. Nothing here asks the database, so there is no connection to look after.
"""

import re
import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.http import HttpResponse

from survey.pages import documents

type Environ = dict[str, Any]
type StartResponse = Callable[..., Any]
type Application = Callable[[Environ, StartResponse], Iterable[bytes]]

_FORM = re.compile(r"/[a-z]{2}(?:-[a-z]{4})?/s/([-\w]+)/", re.ASCII)


class Key(NamedTuple):
    """All that a form's answer depends on, but for what the browser has already."""

    path: str
    encoding: str
    is_https: bool


class Ready(NamedTuple):
    slug: str
    expires: float
    headers: list[tuple[str, str]]
    etag: str
    body: bytes


_ready: dict[Key, Ready] = {}
"""Filled only with addresses of forms: nobody can make it grow."""


def before(django: Application) -> Application:
    """The same application with this shortcut before it."""

    def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return django(environ, start_response)
        key = _key(environ)
        known = _ready.get(key)
        if known is None or not _is_fresh(known):
            return _watched(django, environ, start_response, key)
        if documents.is_known(environ.get("HTTP_IF_NONE_MATCH", ""), known.etag):
            start_response("304 Not Modified", known.headers)
            return []
        start_response("200 OK", known.headers)
        return [known.body]

    return application


def _key(environ: Environ) -> Key:
    encoding = documents.best_encoding(environ.get("HTTP_ACCEPT_ENCODING", ""))
    return Key(environ["PATH_INFO"], encoding, environ.get("HTTP_X_FORWARDED_PROTO") == "https")


def _is_fresh(known: Ready) -> bool:
    """Made from what `documents` still goes by."""
    return time.monotonic() < known.expires == documents.fresh_until(known.slug)


def _watched(django: Application, environ: Environ, start_response: StartResponse, key: Key) -> Iterable[bytes]:
    """Let Django answer, and keep the answer if it is a form."""
    form = _FORM.fullmatch(key.path)
    if form is None:
        return django(environ, start_response)
    sent: list[tuple[str, list[tuple[str, str]]]] = []

    def remember(status: str, headers: list[tuple[str, str]], *error: Any) -> Any:
        sent.append((status, headers))
        return start_response(status, headers, *error)

    begun, expires = time.monotonic(), documents.fresh_until(form[1])
    response = django(environ, remember)
    if expires <= begun:
        expires = _renewed(form[1], begun)
    _keep(key, form[1], expires, *sent[-1], response)
    return response


def _renewed(slug: str, begun: float) -> float:
    """Until when that stands which was looked up during a request; 0 if it may have been looked up twice."""
    return documents.fresh_until(slug) if time.monotonic() < begun + documents.FRESH_SECONDS else 0.0


def _keep(
    key: Key, slug: str, expires: float, status: str, headers: list[tuple[str, str]], response: Iterable[bytes]
) -> None:
    etag = dict(headers).get("ETag", "")
    if status == "200 OK" and etag and isinstance(response, HttpResponse):
        _ready[key] = Ready(slug, expires, headers, etag, response.content)
