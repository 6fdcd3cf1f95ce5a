"""What nothing needs any more: counts of rounds that are over, and files that no row names."""

from datetime import timedelta

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.actions import record
from accounts.actors import Actor
from reports.enums import State
from reports.models import Artifact, Part
from reports.storage import store

ORPHANS_KEPT = timedelta(days=7)
"""Files are stored before the rows that name them, and a restored database may name files that lie here still."""


def forget_leftovers(actor: Actor) -> None:
    with transaction.atomic():
        over = ~Q(round=F("report__round")) | ~Q(report__state=State.COMPUTING)
        parts, _ = Part.objects.filter(over).delete()
        if parts:
            record(actor, "retention.parts", number=parts)
    files = store().forget(set(Artifact.objects.values_list("sha256", flat=True)), timezone.now() - ORPHANS_KEPT)
    if files:
        record(actor, "retention.files", number=files)
