"""What is forgotten when its time is over, by beat, each with an audit row: ways in, parts, files, copies, erasures.

The days of the audit log are closed with it.
"""

from datetime import timedelta

from django.utils import timezone

from accounts.actions import close_audit_days, forget_ways_in, record
from accounts.actors import Actor
from accounts.models import AuditEntry
from config import backup
from config.selftest.run import SLUG
from reports.actions import forget_leftovers
from survey.actions import forget_erasures
from survey.enums import WaveState
from survey.models import Wave

LONGEST_SELF_TEST = timedelta(hours=2)


def keep_house(actor: Actor) -> None:
    """Safe to repeat: what is gone is gone. Not beside a self-test, which takes every row that appears for a trace."""
    if _self_test_runs():
        return
    close_audit_days(actor)
    forget_ways_in(actor)
    forget_erasures(actor)
    forget_leftovers(actor)
    for name in backup.purge():
        record(actor, "backup.expired", name)


def _self_test_runs() -> bool:
    """One that was killed leaves its wave open; that holds nothing up for long."""
    waves = Wave.objects.filter(survey__slug=SLUG, state=WaveState.OPEN).values_list("pk", flat=True)
    opened = AuditEntry.objects.filter(action="wave.opened", at__gt=timezone.now() - LONGEST_SELF_TEST)
    return opened.filter(subject__in=[f"wave:{pk}" for pk in waves]).exists()
