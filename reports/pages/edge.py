"""What stands between a request and a page: log-in, language, headers, and refusals as plain pages."""

import re
from base64 import b64encode
from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from posixpath import splitext
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import translation

from accounts.models import User
from reports import downloads
from reports.errors import DomainError, Invalid, NotFound
from reports.models import Artifact
from reports.queries import BUNDLE
from reports.storage import store

type View = Callable[..., HttpResponseBase]

STAFF_LANGUAGE = "en"
"""Staff pages speak English; public pages speak every language of the interface."""

PUBLIC_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


def person(request: HttpRequest) -> User:
    """Who is logged in; only inside a `staff_page`."""
    assert isinstance(request.user, User)
    return request.user


def staff_page(view: View) -> View:
    """For people who are logged in. A refusal of the domain becomes a page with its sentence and status."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        with translation.override(STAFF_LANGUAGE):
            try:
                _refuse_nul(request, kwargs)
                response = view(request, **kwargs)
            except DomainError as error:
                response = render(request, "reports/refused.html", {"error": error}, status=error.status)
        response["Cache-Control"] = "no-store"
        return response

    page: View = login_required(guarded)
    return page


def _refuse_nul(request: HttpRequest, kwargs: dict[str, Any]) -> None:
    """PostgreSQL holds no NUL: without this, one in an address or a form would become an error of the database."""
    lists = (*request.GET.lists(), *request.POST.lists())
    sent = (value for values in lists for value in values[1])
    if any("\0" in value for value in (*kwargs.values(), *sent) if isinstance(value, str)):
        raise Invalid("What was sent holds a character that no text may hold.")


def public_page(view: View) -> View:
    """For everybody: no session, no cookie, the language from the address."""

    @wraps(view)
    def spoken(request: HttpRequest, language: str, **kwargs: Any) -> HttpResponseBase:
        if language not in dict(settings.LANGUAGES):
            raise Http404
        with translation.override(language):
            try:
                response = view(request, language=language, **kwargs)
            except NotFound as error:
                raise Http404 from error
        response["Content-Security-Policy"] = PUBLIC_POLICY
        response["Cache-Control"] = "public, max-age=300"
        return response

    return spoken


VIEW_POLICY = (
    "default-src 'none'; style-src {styles}; img-src data:; font-src data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
)
"""For stored files that are looked at in the browser: they bring their own style and may do nothing else."""

_STYLE = re.compile(rb"<style[^>]*>(.*?)</style>", re.DOTALL)

AS_TEXT = "text/plain; charset=utf-8"
VIEWED_AS = {
    ".html": "text/html; charset=utf-8",
    ".svg": "image/svg+xml",
    ".csv": AS_TEXT,
    ".json": AS_TEXT,
    ".md": AS_TEXT,
    ".cff": AS_TEXT,
    ".bib": AS_TEXT,
    ".xml": AS_TEXT,
}


def is_viewable(path: str) -> bool:
    return splitext(path)[1] in VIEWED_AS


def view(artifact: Artifact) -> HttpResponse:
    """A stored file to be looked at, byte for byte, in a page that runs nothing. Raises FilesDiffer, or NotFound for a
    kind that browsers do not show."""
    if not is_viewable(artifact.path):
        raise NotFound(f"{artifact.path} can only be downloaded.")
    kind = VIEWED_AS[splitext(artifact.path)[1]]
    content = store().get(artifact.sha256)
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = "inline"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = VIEW_POLICY.format(styles=_hashes(content))
    return response


def _hashes(content: bytes) -> str:
    """The sources that allow exactly the styles that stand in a file."""
    digests = (sha256(style).digest() for style in _STYLE.findall(content))
    return " ".join(f"'sha256-{b64encode(digest).decode()}'" for digest in digests) or "'none'"


def download(request: HttpRequest, artifact: Artifact, release: str) -> HttpResponseBase:
    """A stored file under a name that says of what; see `downloads`."""
    name = f"{release}.zip" if artifact.path == BUNDLE else f"{release}-{artifact.path.replace('/', '-')}"
    return downloads.download(request, person(request), artifact, name)
