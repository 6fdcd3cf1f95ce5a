"""What is forgotten when its time is over, by beat, each with an audit row: ways in, parts, files, copies, erasures."""

from accounts.actions import forget_ways_in, record
from accounts.actors import Actor
from config import backup
from reports.actions import forget_leftovers
from survey.actions import forget_erasures


def keep_house(actor: Actor) -> None:
    """Safe to repeat: what is gone is gone."""
    forget_ways_in(actor)
    forget_erasures(actor)
    forget_leftovers(actor)
    for name in backup.purge():
        record(actor, "backup.expired", name)
