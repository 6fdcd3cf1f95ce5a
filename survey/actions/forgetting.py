"""Erasures of waves that are sealed have nothing left to hold back; sealing takes them along, and a fault might not."""

from django.db import transaction

from accounts.actions import record
from accounts.actors import Actor
from survey.enums import WaveState
from survey.models import Tombstone


@transaction.atomic
def forget_erasures(actor: Actor) -> None:
    """How many there were is nobody's business."""
    if Tombstone.objects.filter(wave__state=WaveState.SEALED).delete()[0]:
        record(actor, "retention.erasures")
