"""What reviewers do with texts, and who can read them: the only door through which other apps reach testimonies.

Every call that opens a text takes the passphrase and forgets it.
"""

from survey.moderation.deciding import LONGEST, judge, propose
from survey.moderation.keys import (
    SHORTEST,
    change_passphrase,
    grant,
    make_own_key,
    make_reading_key,
    revoke,
)
from survey.moderation.queue import Task, Waiting, waiting
from survey.moderation.reading import Moderated, Reading, read_again, read_next
from survey.moderation.results import ModeratedTestimony, Page, read_moderated

__all__ = [
    "LONGEST",
    "SHORTEST",
    "Moderated",
    "ModeratedTestimony",
    "Page",
    "Reading",
    "Task",
    "Waiting",
    "change_passphrase",
    "grant",
    "judge",
    "make_own_key",
    "make_reading_key",
    "propose",
    "read_again",
    "read_moderated",
    "read_next",
    "revoke",
    "waiting",
]
