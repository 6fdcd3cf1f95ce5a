"""Copies made by `manage.py backup`: can they be made, are they made, do they end?"""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from config import backup
from config.backup.keys import SHORTEST_KEY
from config.doctor.findings import Finding, warning, wrong

_OLD = timedelta(days=7)


def copies_have_a_key() -> Iterator[Finding]:
    if settings.BACKUP_KEY and len(settings.BACKUP_KEY) < SHORTEST_KEY:
        yield wrong("BACKUP_KEY is too short to make copies with.", "Make a new one: openssl rand -hex 32.")
    elif not settings.BACKUP_KEY and settings.PRODUCTION:
        yield warning(
            "There is no BACKUP_KEY: copies are made only where somebody types a passphrase.",
            "Set BACKUP_KEY_FILE, and keep the key on another machine, too.",
        )


def copies_are_made() -> Iterator[Finding]:
    made = [copy.made_at for copy in backup.copies()]
    if settings.PRODUCTION and (not made or timezone.now() - max(made) > _OLD):
        yield warning(
            f"No copy in {settings.BACKUP_FOLDER} is younger than {_OLD.days} days.",
            "Run manage.py backup every night, and carry the copy to another machine.",
        )


def copies_end() -> Iterator[Finding]:
    for copy in backup.expired():
        yield wrong(f"The copy {copy.path.name} expired on {copy.expires_on}.", "Delete it, wherever it lies.")
