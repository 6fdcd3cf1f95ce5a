"""Keys of the two reviewers of `make run`. Their passphrases are kept in a file, which real ones never are.

A password is new with every start. A passphrase cannot be: what was sealed for its key could not be read any more.
"""

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.conf import settings

from accounts.models import User
from survey import moderation
from survey.models import ReadingKeyShare, ReviewerKey
from survey.queries.keys import current_reading_key

_FILE = settings.BASE_DIR / "var" / "rehearsal-passphrases.json"


def prepare(reviewers: Sequence[User], file: Path = _FILE) -> Mapping[str, str]:
    """Each reviewer holds the reading key afterwards; gives their passphrases by e-mail address.

    Without the file, keys are made anew: texts of rehearsals that were sealed for the old ones are lost.
    """
    known = _read(file)
    passphrases = {user.email: known.get(user.email) or secrets.token_urlsafe(18) for user in reviewers}
    _write(file, passphrases)
    for user in reviewers:
        if user.email not in known or not ReviewerKey.objects.filter(user=user).exists():
            moderation.make_own_key(user, passphrases[user.email])
    holders = [user for user in reviewers if _holds_current(user)]
    if not holders:
        moderation.make_reading_key(reviewers[0])
        holders = [reviewers[0]]
    for user in reviewers:
        if not _holds_current(user):
            moderation.grant(holders[0], passphrases[holders[0].email], user)
    return passphrases


def _holds_current(user: User) -> bool:
    return ReadingKeyShare.objects.filter(reading_key=current_reading_key(), holder__user=user).exists()


def _read(file: Path) -> dict[str, str]:
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def _write(file: Path, passphrases: Mapping[str, str]) -> None:
    """Readable by its owner only, from the first byte on."""
    file.parent.mkdir(exist_ok=True)
    file.unlink(missing_ok=True)
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        json.dump(passphrases, opened)
