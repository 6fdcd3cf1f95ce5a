"""PostgreSQL's own files, after sealing: no image of a receipt or of any words may lie in them."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.db import connections

from config.selftest.files import File, blocks, walk
from config.selftest.findings import Report
from config.selftest.marks import Marks

_JOURNAL = "pg_wal"


class Closed(Exception):
    """The folder, or one inside it, may not be read by this user."""


def search(folder: Path, marks: Marks, report: Report, since: datetime) -> None:
    """Looks at what was written since, as far as it has reached the disk. Raises Closed."""
    base = folder / "base" / _number_of_the_database()
    listed = list(_changed(folder, since))
    ours = [file.path for file in listed if _is_ours(file.path, folder, base)]
    for path in ours:
        for name in _marks_in(path, marks):
            report.add_found(f"file {path.relative_to(folder)} of the database server", name)
    report.add_searched(
        f"files of the database server ({folder})", len(ours), "files that changed, as they are on disk"
    )
    journal = [file.path for file in listed if _JOURNAL in file.path.parts]
    holding = sum(bool(_marks_in(path, marks)) for path in journal)
    if holding:
        report.add_known(
            f"journal of the database ({_JOURNAL})", f"{holding} files hold answers until they are recycled"
        )


def _changed(folder: Path, since: datetime) -> Iterator[File]:
    def refuse(path: str) -> None:
        raise Closed(path)

    return (file for file in walk(folder, since, closed=refuse) if file)


def _is_ours(path: Path, folder: Path, base: Path) -> bool:
    """Of this database, or of the server as a whole; the journal is looked at apart."""
    of_others = path.is_relative_to(folder / "base") and not path.is_relative_to(base)
    return not of_others and _JOURNAL not in path.parts


def _marks_in(path: Path, marks: Marks) -> set[str]:
    return {name for block in blocks(path) for name in marks.in_bytes(block)}


def _number_of_the_database() -> str:
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT oid::text FROM pg_database WHERE datname = current_database()")
        row = cursor.fetchone()
    return str(row[0]) if row else ""
