"""The folder where copies lie, and their end: a copy is kept no longer than its head says."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from config.backup.envelope import read_head
from config.backup.errors import BackupError

SUFFIX = ".sunset-copy"


@dataclass(frozen=True, slots=True)
class Copy:
    path: Path
    made_at: datetime
    expires_on: date
    inboxes: bool
    """It holds the answers of waves that were not sealed yet."""

    @property
    def is_expired(self) -> bool:
        return timezone.now().date() > self.expires_on


def folder() -> Path:
    return Path(settings.BACKUP_FOLDER)


def new_path() -> Path:
    """A name by the time of today, in the folder of copies, which is made if need be."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder() / f"{timezone.now():%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}{SUFFIX}"


def look(path: Path) -> Copy:
    """What the head of a copy says. Raises BackupError, or OSError."""
    with path.open("rb") as file:
        head, _ = read_head(file)
    try:
        made_at, expires_on = datetime.fromisoformat(head["made_at"]), date.fromisoformat(head["expires_on"])
        return Copy(path, made_at.astimezone(UTC), expires_on, bool(head["inboxes"]))
    except (KeyError, TypeError, ValueError):
        raise BackupError(f"The head of {path.name} is damaged.") from None


def copies() -> Iterator[Copy]:
    """Those in the folder whose head can be read, the oldest first."""
    for path in sorted(folder().glob(f"*{SUFFIX}")):
        try:
            yield look(path)
        except BackupError:
            continue


def expired() -> list[Copy]:
    return [copy for copy in copies() if copy.is_expired]


def purge() -> list[str]:
    """Delete the copies whose time is over; their names."""
    gone = expired()
    for copy in gone:
        copy.path.unlink(missing_ok=True)
    return [copy.path.name for copy in gone]
