"""The gate before the form, for times when more is sent than can be stored, and for times when nothing can be.

Nothing is known of who sends: no address is looked at and nothing is kept of a request. The one measure is how many
sendings this process is answering. While they are many, a page that has worked for its stamp is asked to work more
(429), because it can do so by itself; people without script are not. When they are too many, or the database does not
answer, everybody is asked to wait (503) by a page that carries all they sent: pressing its button sends it again.
Repeats and corrections of what is stored, receipts and erasures pass; they find a free thread because the web server
has more of them than SENDS_OVERLOADED.
"""

import re
import secrets
from collections.abc import Callable, Collection
from typing import cast

from django.conf import settings
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.html import format_html_join

from survey import queries, receipts
from survey.pages import documents
from survey.pages.frame import Frame, plain_frame, survey_frame
from survey.pages.gauge import Gauge, Level
from survey.pages.languages import Language, interface_languages, preferred
from survey.pages.outage import is_transient
from survey.pages.proof import is_stamped
from survey.pages.requests import Fields, Refused, first, read_fields
from survey.pages.responses import page

type Handler = Callable[[HttpRequest], HttpResponse]

_RESPONDENTS = re.compile(r"/(?:(?P<language>[a-z]{2}(?:-[a-z]{4})?)/(?P<path>.*))?|/s/.*")
_FORM = re.compile(r"s/(?P<slug>[-\w]+)/")
_LONGEST_NUMBER = 4
_MOST_FIELDS = 2000
"""More than any form has: a page that comes back must not grow without limit."""
_SHORTEST_WAIT, _SPREAD = 3, 8
"""Seconds. Those who were sent away together should not come back together."""

gauge = Gauge()


class Gate:
    """Middleware: stands before every form that is sent, and behind every respondent page that fails."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        slug = _slug_of(request) if request.method == "POST" else ""
        if not slug:
            return self._get_response(request)
        with gauge.one_more() as level:
            turned_away = _turn_away(request, slug, level) if level > Level.NORMAL else None
            return turned_away or self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if is_transient(error) and _RESPONDENTS.fullmatch(request.path_info):
            return come_back(request)
        return None


def _slug_of(request: HttpRequest) -> str:
    form = _FORM.fullmatch(_path(request))
    return form["slug"] if form else ""


def _path(request: HttpRequest) -> str:
    """The address without its language; empty for what is no respondent's."""
    match = _RESPONDENTS.fullmatch(request.path_info)
    return (match["path"] or "") if match else ""


def _turn_away(request: HttpRequest, slug: str, level: Level) -> HttpResponse | None:
    """None: let it pass."""
    try:
        fields = read_fields(request)
    except Refused:
        return None
    if level < Level.OVERLOADED and not _could_work_more(fields):
        return None
    if _is_stored(slug, first(fields, "receipt")):
        return None
    if level == Level.OVERLOADED:
        return come_back(request)
    # Sent again by hand, it comes without a stamp: only a page's script could find a better one.
    response = come_back(request, status=429, without=("stamp",))
    response["Stamp-Bits"] = str(settings.STAMP_BITS_BUSY)
    return response


def _could_work_more(fields: Fields) -> bool:
    number = first(fields, "wave")
    if not (number.isascii() and number.isdigit() and len(number) <= _LONGEST_NUMBER):
        return False
    wave = int(number)
    return is_stamped(wave, fields, settings.STAMP_BITS) and not is_stamped(wave, fields, settings.STAMP_BITS_BUSY)


def _is_stored(slug: str, code: str) -> bool:
    try:
        return receipts.is_valid(code) and queries.knows_receipt(code, slug)
    except Error as error:
        if is_transient(error):
            return False
        raise


def come_back(request: HttpRequest, status: int = 503, without: Collection[str] = ()) -> HttpResponse:
    """A page that asks for patience and holds what was sent, but for the fields `without`."""
    language = _language(request)
    with translation.override(language.code):
        parts = {
            "address": request.path_info,
            "fields": _hidden(request, without),
            "is_sending": _slug_of(request) and request.method == "POST",
            "is_post": request.method == "POST",
        }
        response = page(request, "survey/busy.html", _frame(request, language), parts, status)
    response["Retry-After"] = str(_SHORTEST_WAIT + secrets.randbelow(_SPREAD))
    return response


def _language(request: HttpRequest) -> Language:
    known = interface_languages()
    match = _RESPONDENTS.fullmatch(request.path_info)
    named = next((one for one in known if match and one.code == match["language"]), None)
    return named or preferred(request.headers.get("Accept-Language", ""), known)


def _frame(request: HttpRequest, language: Language) -> Frame:
    path = _path(request)
    context = documents.remembered_context(_slug_of(request))
    frame = survey_frame(context, language, path) if context else plain_frame(language, path)
    return frame.carrying("form" if request.method == "POST" else "")


def _hidden(request: HttpRequest, without: Collection[str]) -> str:
    try:
        fields = read_fields(request) if request.method == "POST" else {}
    except Refused:
        return ""
    pairs = [(name, value) for name, values in fields.items() if name not in without for value in values]
    line = '<input type="hidden" name="{}" value="{}">'
    return cast(str, format_html_join("\n", line, pairs[:_MOST_FIELDS]))
