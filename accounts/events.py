"""What people do on the log-in library's pages, for the audit log and the session."""

import time
from typing import Any

from allauth.account.signals import password_changed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_removed
from django.contrib.auth.signals import user_logged_in
from django.db.models.signals import post_save
from django.http import HttpRequest

from accounts.actions import record
from accounts.actors import Actor
from accounts.enums import ActorKind
from accounts.middleware import BEGAN, SEEN
from accounts.models import PasswordLink, User


def connect() -> None:
    user_logged_in.connect(_begin, dispatch_uid="accounts.begin")
    password_changed.connect(_password_changed, dispatch_uid="accounts.password_changed")
    # Not the library's own signal, which comes after the transaction and would be lost with the process.
    post_save.connect(_factor_added, sender=Authenticator, dispatch_uid="accounts.factor_added")
    authenticator_removed.connect(_factor_removed, dispatch_uid="accounts.factor_removed")


def _begin(request: HttpRequest, **kwargs: Any) -> None:
    request.session[BEGAN] = request.session[SEEN] = int(time.time())


def _password_changed(user: User, **kwargs: Any) -> None:
    PasswordLink.objects.filter(user=user).delete()
    record(Actor.of(user), "user.password_set", f"user:{user.pk}")


def _factor_added(instance: Authenticator, created: bool, **kwargs: Any) -> None:
    if created:
        _record_factor("added", instance)


def _factor_removed(authenticator: Authenticator, **kwargs: Any) -> None:
    _record_factor("removed", authenticator)


def _record_factor(what: str, factor: Authenticator) -> None:
    record(
        Actor(ActorKind.USER, str(factor.user_id)),
        f"user.second_factor_{what}",
        f"user:{factor.user_id}",
        type=str(factor.type),
    )
