"""Restoring a copy: everything is checked before anything is touched, then one transaction writes all rows."""

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.db import DatabaseError, connections, transaction

from accounts.actions import record
from accounts.actors import Actor
from config.backup import folder, keys, tables
from config.backup.envelope import CHUNK, Reader, read_head
from config.backup.errors import BackupError
from config.backup.making import MANIFEST
from reports.storage import store


@dataclass(frozen=True, slots=True)
class Restored:
    left_out: list[str]
    """Tables that are empty now, because the copy does not hold them."""
    files: int


def restore(
    actor: Actor, path: Path, replace: bool = False, force: bool = False, say: Callable[[str], None] = print
) -> Restored:
    """Put a copy into the database and the storage; all of it or nothing.

    `replace`: what the database holds is destroyed, open inboxes included. `force`: although the copy has expired.
    Raises BackupError, and has then changed no row.
    """
    try:
        copy = folder.look(path)
        if copy.is_expired and not force:
            raise BackupError(f"The copy expired on {copy.expires_on}. Use --force if nothing newer is left.")
        with path.open("rb") as file:
            secret = keys.for_reading(read_head(file)[0], say)
            stream = BufferedReader(Reader(file, secret), CHUNK)
            with zipfile.ZipFile(stream) as archive:
                return _restore(actor, archive, path.name, replace)
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror or error}.") from error
    except (zipfile.BadZipFile, KeyError, EOFError) as error:
        raise BackupError("What the file holds is not a whole copy.") from error


def _restore(actor: Actor, archive: zipfile.ZipFile, name: str, replace: bool) -> Restored:
    manifest = json.loads(archive.read(MANIFEST))
    _check_parts(archive, manifest["digests"])
    known = _target()
    _check_schema(manifest, known)
    if not replace and not tables.is_blank(known):
        raise BackupError(
            "The database is not empty. Use --replace to destroy all it holds, answers of open waves included."
        )
    files = [part.removeprefix("files/") for part in manifest["digests"] if part.startswith("files/")]
    for sha256 in files:
        # Named by their content: should the rest fail, they are files that nothing names, and go in time.
        store().put(archive.read(f"files/{sha256}"))
    try:
        _write_rows(actor, archive, manifest, known, name)
    except DatabaseError as error:
        raise BackupError(f"The database refused the copy ({type(error).__name__}); nothing was changed.") from error
    return Restored(manifest["left_out"], len(files))


def _check_parts(archive: zipfile.ZipFile, digests: dict[str, str]) -> None:
    if {*archive.namelist()} != {*digests, MANIFEST}:
        raise BackupError("The copy holds other parts than its list names.")
    for part, expected in digests.items():
        digest = hashlib.sha256()
        for block in _blocks(archive, part):
            digest.update(block)
        if digest.hexdigest() != expected:
            raise BackupError(f"{part} is not what the list of the copy promises.")


def _target() -> tables.Schema:
    """The schema of the database; one without any table is migrated first."""
    known = tables.schema()
    if known.tables:
        return known
    call_command("migrate", verbosity=0)
    return tables.schema()


def _check_schema(manifest: dict[str, Any], known: tables.Schema) -> None:
    theirs, ours = set(manifest["migrations"]), set(known.migrations)
    if theirs - ours:
        raise BackupError(
            f"The copy comes from a newer version ({min(theirs - ours)} is not here). Restore it with that version."
        )
    if ours - theirs:
        raise BackupError(
            f"The copy comes from an older version (without {min(ours - theirs)}). Check that version out, restore "
            "into an empty database, then come back and run manage.py migrate."
        )
    if manifest["tables"] != known.tables:
        raise BackupError("The tables of the copy are not those of this database, although the migrations are.")


def _write_rows(
    actor: Actor, archive: zipfile.ZipFile, manifest: dict[str, Any], known: tables.Schema, name: str
) -> None:
    with transaction.atomic(using="owner"):
        with connections["owner"].cursor() as cursor:
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        tables.silence_triggers(known.emptied())
        tables.empty(known.emptied())
        for table in known.tables:
            if f"tables/{table}" in manifest["digests"]:
                tables.write(table, known.tables[table], _blocks(archive, f"tables/{table}"))
        tables.wake_triggers(known.emptied())
        tables.set_sequences(manifest["sequences"])
        record(actor, "backup.restored", name, using="owner")


def _blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as part:
        while block := part.read(CHUNK):
            yield block
