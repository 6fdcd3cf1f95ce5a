"""What is kept no longer than it is good for."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.actions.audit import record
from accounts.actors import Actor
from accounts.models import ApiToken

TOKENS_KEPT = timedelta(days=30)
"""Their owners may want to see for a while what was revoked or ran out."""


@transaction.atomic
def forget_ways_in(actor: Actor) -> None:
    """Delete sessions that are over, and tokens that have opened nothing for a month."""
    now = timezone.now()
    sessions, _ = Session.objects.filter(expire_date__lt=now).delete()
    ended = Q(expires_at__lt=now - TOKENS_KEPT) | Q(revoked_at__lt=now - TOKENS_KEPT)
    tokens, _ = ApiToken.objects.filter(ended).delete()
    if sessions or tokens:
        record(actor, "retention.ways_in", sessions=sessions, tokens=tokens)
