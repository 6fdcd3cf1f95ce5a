"""What people do on the log-in library's pages, for the audit log and the session."""

import time
from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth.signals import user_logged_in
from django.http import HttpRequest

from accounts.actions import record
from accounts.actors import Actor
from accounts.middleware import BEGAN, SEEN
from accounts.models import PasswordLink, User

_FACTOR = ((authenticator_added, "added"), (authenticator_removed, "removed"), (authenticator_reset, "renewed"))


def connect() -> None:
    user_logged_in.connect(_begin, dispatch_uid="accounts.begin")
    password_changed.connect(_password_changed, dispatch_uid="accounts.password_changed")
    for signal, what in _FACTOR:
        signal.connect(_factor_changed(what), weak=False, dispatch_uid=f"accounts.factor.{what}")


def _begin(request: HttpRequest, **kwargs: Any) -> None:
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def _password_changed(user: User, **kwargs: Any) -> None:
    PasswordLink.objects.filter(user=user).delete()
    record(Actor.of(user), "user.password_set", f"user:{user.pk}")


def _factor_changed(what: str) -> Any:
    def note(user: User, authenticator: Any, **kwargs: Any) -> None:
        record(Actor.of(user), f"user.second_factor_{what}", f"user:{user.pk}", type=str(authenticator.type))

    return note
