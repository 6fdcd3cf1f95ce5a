"""What reviewers do with texts, and who can read them: the only door through which other apps reach testimonies.

Every call that opens a text takes the passphrase and forgets it.
"""

from survey.moderation.deciding import judge, propose
from survey.moderation.keys import (
    SHORTEST,
    change_passphrase,
    grant,
    make_own_key,
    make_reading_key,
    revoke,
)
from survey.moderation.queue import Task, can_read_now, waiting
from survey.moderation.reading import Moderated, Reading, read_again, read_next
from survey.moderation.results import Page, read_moderated, studies_of
from survey.permissions import check_can_hold_keys, check_can_moderate
from survey.queries.keys import HOLDERS_WANTED, has_reading_key, holders

__all__ = [
    "HOLDERS_WANTED",
    "SHORTEST",
    "Moderated",
    "Page",
    "Reading",
    "Task",
    "can_read_now",
    "change_passphrase",
    "check_can_hold_keys",
    "check_can_moderate",
    "grant",
    "has_reading_key",
    "holders",
    "judge",
    "make_own_key",
    "make_reading_key",
    "propose",
    "read_again",
    "read_moderated",
    "read_next",
    "revoke",
    "studies_of",
    "waiting",
]
