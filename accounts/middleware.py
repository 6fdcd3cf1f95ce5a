"""What every request of a person who is logged in must pass: the age of the session, and the second factor.

And what happens when Redis, which counts failed log-ins, is not there: nobody logs in, those who are stay.
"""

import time

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.deprecation import MiddlewareMixin
from redis.exceptions import RedisError

from accounts import second_factor

BEGAN, SEEN = "began", "seen"
"""Names in the session: seconds since 1970 of the log-in and, to the minute, of the last request."""
_MINUTE = 60
_RETRY = "30"


class SessionLimits(MiddlewareMixin):
    """Ends a session that is too old, or that nobody used for too long; each request makes it last no longer."""

    def process_request(self, request: HttpRequest) -> None:
        if not request.user.is_authenticated:
            return
        now = int(time.time())
        began = request.session.setdefault(BEGAN, now)
        seen = request.session.setdefault(SEEN, now)
        if now - began > settings.SESSION_COOKIE_AGE or now - seen > settings.SESSION_IDLE_SECONDS:
            logout(request)
        elif now - seen >= _MINUTE:
            request.session[SEEN] = now


class SecondFactor(MiddlewareMixin):
    """Sends people who lack the second factor to set it up. The API refuses by itself (`accounts.authentication`)."""

    def process_request(self, request: HttpRequest) -> HttpResponse | None:
        if request.path_info.startswith(("/accounts/", "/api/")) or not second_factor.is_missing(request.user):
            return None
        return redirect("mfa_activate_totp")


class CounterOutage(MiddlewareMixin):
    """Without the counters of failed log-ins, an unlimited number could be tried: so none is taken, and people wait."""

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, RedisError):
            return None
        response = render(request, "account/outage.html", status=503)
        response["Retry-After"] = _RETRY
        return response
