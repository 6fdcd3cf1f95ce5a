"""Staff machinery kept away from respondents' pages, and the last resort for errors that nobody caught."""

import logging
import re
from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseNotAllowed
from django.http.multipartparser import MultiPartParserError
from django.middleware.common import CommonMiddleware
from django.middleware.csp import ContentSecurityPolicyMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.locale import LocaleMiddleware
from django.template.loader import render_to_string
from django.utils.deprecation import MiddlewareMixin

from accounts import middleware
from config.logs import class_and_place

type Handler = Callable[[HttpRequest], HttpResponseBase]

_STAFF_PATHS = re.compile(r"/(accounts|portal|review|admin|api)/")
_HOOKS = ("process_view", "process_exception", "process_template_response")
# Django answers these with 4xx: the request is at fault, not the program.
_ANSWERS = (Http404, PermissionDenied, SuspiciousOperation, BadRequest, MultiPartParserError)
FALLBACK_POLICY = "default-src 'none'; style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
_faults = logging.getLogger("sunset.fault")
_reported: set[str] = set()


def is_staff_path(path: str) -> bool:
    return _STAFF_PATHS.match(path) is not None


def staff_only[M: MiddlewareMixin](kind: type[M]) -> type[M]:
    """A middleware that a respondent's request never meets, in no phase."""

    def call(self: M, request: HttpRequest) -> HttpResponseBase:
        if is_staff_path(request.path_info):
            return cast(HttpResponseBase, kind.__call__(self, request))
        return cast(HttpResponseBase, self.get_response(request))

    hooks = {name: _guarded(getattr(kind, name)) for name in _HOOKS if hasattr(kind, name)}
    return type(kind.__name__, (kind,), {"__call__": call, **hooks})


def _guarded(hook: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(self: MiddlewareMixin, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return hook(self, request, *args, **kwargs) if is_staff_path(request.path_info) else None

    return guarded


Csp = staff_only(ContentSecurityPolicyMiddleware)
Sessions = staff_only(SessionMiddleware)
Locale = staff_only(LocaleMiddleware)
Common = staff_only(CommonMiddleware)
Csrf = staff_only(CsrfViewMiddleware)
Authentication = staff_only(AuthenticationMiddleware)
SessionLimits = staff_only(middleware.SessionLimits)
SecondFactor = staff_only(middleware.SecondFactor)
CounterOutage = staff_only(middleware.CounterOutage)
Messages = staff_only(MessageMiddleware)


class EveryAnswer:
    """For whatever says nothing itself: a policy that loads nothing but our style sheet, and a page for a bare 405."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self._get_response(request)
        if response.status_code == 405 and isinstance(response, HttpResponseNotAllowed) and not response.content:
            response.content = render_to_string("405.html").encode()
        response.headers.setdefault("Content-Security-Policy", FALLBACK_POLICY)
        response.headers.setdefault("X-Frame-Options", "DENY")
        if is_staff_path(request.path_info):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class LastResort:
    """One line for an unforeseen error: class and place. Never its message, which may quote an answer."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        if not isinstance(error, _ANSWERS):
            report_fault(error)


def report_fault(error: BaseException) -> None:
    """Log class and place once per process, without a time, so that the log does not count respondents either."""
    line = class_and_place(error)
    if line not in _reported:
        _reported.add(line)
        _faults.error("%s", line)
