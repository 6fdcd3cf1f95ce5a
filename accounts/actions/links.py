"""Addresses that let somebody choose a password, once (`people.use_link`). A new one replaces the one before."""

from django.db import transaction
from django.utils import timezone

from accounts.actions.audit import record
from accounts.actors import Actor
from accounts.models import PasswordLink, User


@transaction.atomic
def make_link(actor: Actor, user: User) -> str:
    """Return the secret part of the address; it cannot be read again."""
    secret = PasswordLink.make_secret()
    fresh = {"digest": PasswordLink.digest_of(secret), "expires_at": timezone.now() + PasswordLink.lifetime_for(user)}
    PasswordLink.objects.update_or_create(user=user, defaults=fresh)
    record(actor, "user.link_made", f"user:{user.pk}")
    return secret
