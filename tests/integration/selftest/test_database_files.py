"""What lies in the files of the database server: found after sealing, but for words where they are kept."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connections

from config.selftest import database_files
from config.selftest.findings import Report
from config.selftest.marks import Marks


def ask(question: str) -> str:
    with connections["owner"].cursor() as cursor:
        cursor.execute(question)
        return str((cursor.fetchone() or ("",))[0])


@pytest.fixture
def folder(own_database: str, tmp_path: Path) -> Path:
    """Laid out as PostgreSQL lays out its data."""
    for name in (ask("SELECT oid FROM pg_database WHERE datname = current_database()"), "1"):
        (tmp_path / "base" / name).mkdir(parents=True)
    (tmp_path / "pg_wal").mkdir()
    return tmp_path


def search(folder: Path, marks: Marks, since: datetime | None = None) -> Report:
    report = Report()
    database_files.search(folder, marks, report, since or datetime.now(UTC) - timedelta(minutes=1))
    return report


def test_words_are_found_in_our_files_alone(folder: Path) -> None:
    marks = Marks()
    erased, kept = marks.words("erased"), marks.words("kept")
    ours = folder / "base" / ask("SELECT oid FROM pg_database WHERE datname = current_database()")
    testimonies = ask("SELECT pg_relation_filenode('survey_testimony')")
    (ours / testimonies).write_text(f"{erased} {kept}")
    (ours / f"{testimonies}.1").write_text(kept)
    (ours / "77").write_text(kept)
    (folder / "base" / "1" / "77").write_text(erased)
    (folder / "pg_wal" / "0001").write_text(erased)
    report = search(folder, marks)

    assert {(Path(one.place.split()[1]).name, one.what) for one in report.found} == {
        (testimonies, "erased"),
        (testimonies, "kept"),
        (f"{testimonies}.1", "kept"),
        ("77", "kept"),
    }
    assert [one.what for one in report.known] == ["1 files hold answers until they are recycled"]


def test_files_from_before_are_left_alone(folder: Path) -> None:
    marks = Marks()
    (folder / "pg_wal" / "0001").write_text(marks.words("erased"))
    report = search(folder, marks, since=datetime.now(UTC) + timedelta(minutes=1))

    assert (report.found, report.known) == ([], [])
