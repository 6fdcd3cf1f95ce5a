"""Answers to requests: the headers that keep a page private, and none that could follow anybody."""

import base64
import hashlib
from functools import lru_cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.gzip import GZipMiddleware
from django.template.loader import get_template
from django.utils import translation

from survey.pages import script
from survey.pages.frame import Frame
from survey.pages.style import common

WORTH_COMPRESSING = 4096
_compress = GZipMiddleware(lambda request: HttpResponse())


@lru_cache(maxsize=64)
def content_security_policy(stylesheet: str, runs: bool = False) -> str:
    """Nothing is loaded, forms go nowhere else; the one style sheet is named by its hash.

    A form (`runs`) may have the page script, which is named by its hash too, and which sends to this server only.
    """
    digest = base64.b64encode(hashlib.sha256(stylesheet.encode()).digest()).decode()
    run = f" script-src '{script.source_hash()}'; connect-src 'self';" if runs else ""
    return (
        f"default-src 'none'; style-src 'sha256-{digest}';{run}"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def render(template: str, frame: Frame, context: dict[str, Any], stylesheet: str = "") -> str:
    sheet = stylesheet or common()
    with translation.override(frame.language.code):
        return get_template(template).render({**context, "frame": frame, "stylesheet": sheet})


def page(
    request: HttpRequest,
    template: str,
    frame: Frame,
    context: dict[str, Any],
    status: int = 200,
    stylesheet: str = "",
) -> HttpResponse:
    """A page that no cache may keep."""
    response = HttpResponse(render(template, frame, context, stylesheet), status=status)
    return private(request, response, stylesheet or common(), runs="script" in context)


def private(request: HttpRequest, response: HttpResponse, stylesheet: str, runs: bool = False) -> HttpResponse:
    """With the headers of a page that no cache may keep; compressed where that is worth it."""
    response["Cache-Control"] = "no-store"
    response["Content-Security-Policy"] = content_security_policy(stylesheet, runs)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    if len(response.content) > WORTH_COMPRESSING:
        _compress.process_response(request, response)
    return response
