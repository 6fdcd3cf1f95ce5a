"""Accounts: invited, changed, given a password. Roles and passwords are part of what a session is checked against."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import F

from accounts.actions.audit import record
from accounts.actions.notices import notify
from accounts.actors import Actor
from accounts.enums import NoticeKind, Role
from accounts.models import PasswordLink, User


@transaction.atomic
def create_user(actor: Actor, email: str, password: str | None, roles: list[Role], name: str = "") -> User:
    """With a password, for the shell and rehearsals. People are invited and choose one themselves: `invite`."""
    user = User.objects.create_user(email, password, roles=roles, name=name)
    record(actor, "user.created", f"user:{user.pk}", roles=[str(role) for role in roles])
    return user


@transaction.atomic
def invite(actor: Actor, email: str, roles: list[Role], name: str = "") -> User:
    """An account that nobody can enter yet. Where mail is sent, one with the way in is put into the outbox."""
    user = create_user(actor, email, None, roles, name)
    if settings.SENDS_MAIL:
        notify(actor, user, NoticeKind.INVITATION)
    return user


@transaction.atomic
def change_user(actor: Actor, user: User) -> None:
    """Store what was changed on `user`. Other roles, or none any more, end their sessions."""
    before = User.objects.select_for_update().get(pk=user.pk)
    user.save(update_fields=["email", "name", "roles", "is_active"])
    if sorted(before.roles) != sorted(user.roles) or before.is_active != user.is_active:
        _end_sessions(user)
    record(actor, "user.changed", f"user:{user.pk}", roles=[str(role) for role in user.roles], active=user.is_active)


@transaction.atomic
def set_password(actor: Actor, user: User, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    PasswordLink.objects.filter(user=user).delete()
    record(actor, "user.password_set", f"user:{user.pk}")


@transaction.atomic
def use_link(actor: Actor, user: User, secret: str, password: str) -> bool:
    """Set the password. False: the link was used, replaced or is too old; of two who use it, one is first."""
    found = PasswordLink.objects.usable(secret).filter(user=user)
    if not found.delete()[0]:
        return False
    set_password(actor, user, password)
    return True


@transaction.atomic
def remove_second_factor(actor: Actor, user: User) -> bool:
    """For somebody who lost their device and their recovery codes. False: there was none."""
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if removed:
        _end_sessions(user)
        record(actor, "user.second_factor_removed", f"user:{user.pk}")
    return bool(removed)


def _end_sessions(user: User) -> None:
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])
