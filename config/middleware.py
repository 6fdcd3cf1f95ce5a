"""Staff machinery kept away from respondents' pages, and the last resort for errors that nobody caught."""

import logging
import re
import traceback
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.utils.module_loading import import_string

type Handler = Callable[[HttpRequest], HttpResponseBase]

_STAFF_PATHS = re.compile(r"/(accounts|portal|review|admin|api)/")
_HOOKS = ("process_view", "process_exception", "process_template_response")
_faults = logging.getLogger("sunset.fault")
_reported: set[str] = set()


def is_staff_path(path: str) -> bool:
    return _STAFF_PATHS.match(path) is not None


def staff_only(path: str) -> Callable[[Handler], Any]:
    """Wrap a middleware so that a respondent's request never meets it, in no phase."""

    class StaffOnly:
        def __init__(self, get_response: Handler) -> None:
            self._respondent = get_response
            self._staff = import_string(path)(get_response)
            for hook in _HOOKS:
                if hasattr(self._staff, hook):
                    setattr(self, hook, _guarded(getattr(self._staff, hook)))

        def __call__(self, request: HttpRequest) -> HttpResponseBase:
            handler = self._staff if is_staff_path(request.path_info) else self._respondent
            return handler(request)  # type: ignore[no-any-return]

    return StaffOnly


def _guarded(hook: Callable[..., Any]) -> Callable[..., Any]:
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return hook(request, *args, **kwargs) if is_staff_path(request.path_info) else None

    return guarded


Csp = staff_only("django.middleware.csp.ContentSecurityPolicyMiddleware")
Sessions = staff_only("django.contrib.sessions.middleware.SessionMiddleware")
Locale = staff_only("django.middleware.locale.LocaleMiddleware")
Common = staff_only("django.middleware.common.CommonMiddleware")
Csrf = staff_only("django.middleware.csrf.CsrfViewMiddleware")
Authentication = staff_only("django.contrib.auth.middleware.AuthenticationMiddleware")
Messages = staff_only("django.contrib.messages.middleware.MessageMiddleware")


class LastResort:
    """One line for an unforeseen error: class and place. Never its message, which may quote an answer."""

    def __init__(self, get_response: Handler) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        report_fault(error)


def report_fault(error: BaseException) -> None:
    """Log class and place once per process, without a time, so that the log does not count respondents either."""
    frames = traceback.extract_tb(error.__traceback__)[-4:]
    where = " < ".join(f"{frame.filename.rsplit('/', 2)[-1]}:{frame.lineno}" for frame in reversed(frames))
    line = f"{type(error).__name__} at {where}"
    if line not in _reported:
        _reported.add(line)
        _faults.error("%s", line)
