"""Making a copy: one snapshot of the database, then the files that its rows name, in one encrypted ZIP."""

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.db import connections, transaction
from django.utils import timezone

from accounts.actions import record
from accounts.actors import Actor
from config.backup import folder, keys, tables
from config.backup.envelope import Writer
from config.backup.errors import BackupError
from reports.storage import store

MANIFEST = "manifest.json"
_SHARED_SNAPSHOT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


def make(
    actor: Actor,
    path: Path | None = None,
    inboxes: bool = False,
    passphrase: bool = False,
    days: int | None = None,
    say: Callable[[str], None] = print,
) -> Path:
    """Write a copy that only its owner may read, and return where it lies; half a copy is never left.

    `inboxes`: with the answers of waves that are not sealed. `days`: until it expires. Raises BackupError.
    """
    path = path or folder.new_path()
    if path.exists():
        raise BackupError(f"{path} exists already; a copy never replaces another.")
    expires_on = timezone.now().date() + timedelta(days=settings.BACKUP_DAYS if days is None else days)
    about = {"made_at": timezone.now().isoformat(), "expires_on": expires_on.isoformat(), "inboxes": inboxes}
    secret = keys.for_writing(passphrase, say)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as file:
            writer = Writer(file, secret, about)
            with zipfile.ZipFile(cast(Any, writer), "w", zipfile.ZIP_DEFLATED, compresslevel=3) as archive:
                _fill(archive, inboxes)
            writer.finish()
        unfinished.rename(path)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror}.") from error
    finally:
        unfinished.unlink(missing_ok=True)
    record(actor, "backup.made", path.name, inboxes=inboxes, expires_on=expires_on.isoformat())
    return path


def _fill(archive: zipfile.ZipFile, inboxes: bool) -> None:
    digests: dict[str, str] = {}
    with transaction.atomic(using="owner"):
        with connections["owner"].cursor() as cursor:
            cursor.execute(_SHARED_SNAPSHOT)
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        tables.keep_stores_in_place()
        known = tables.schema()
        for table in known.kept(inboxes):
            digests[f"tables/{table}"] = _add(archive, f"tables/{table}", tables.read(table, known.tables[table]))
        named = _named_files() if "reports_artifact" in known.tables else set()
        # Read after the rows: no row can have a number that its sequence has yet to give.
        sequences = tables.sequences()
    for sha256 in sorted(named):
        digests[f"files/{sha256}"] = _add(archive, f"files/{sha256}", [store().get(sha256)])
    manifest = {
        "migrations": known.migrations,
        "tables": known.tables,
        "left_out": sorted(set(known.emptied()) - set(known.kept(inboxes))),
        "sequences": sequences,
        "digests": digests,
    }
    archive.writestr(MANIFEST, json.dumps(manifest))


def _add(archive: zipfile.ZipFile, name: str, blocks: Iterable[bytes]) -> str:
    """SHA-256 of what was written."""
    digest = hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as part:
        for block in blocks:
            digest.update(block)
            part.write(block)
    return digest.hexdigest()


def _named_files() -> set[str]:
    """Files of reports that rows of this snapshot name."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT DISTINCT sha256 FROM reports_artifact")
        return {sha256 for (sha256,) in cursor.fetchall()}
