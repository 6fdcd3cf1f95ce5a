"""A copy that cannot be restored says why and what to do, and nothing is half-restored."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from pytest_django import Settings

from accounts.models import AuditEntry, User
from config.backup import BackupError, copies, expired, keys, make, purge, restore, tables
from reports.errors import FilesDiffer
from survey.models import Survey
from tests.cast import SHELL, open_rehearsal
from tests.flow.faults import snapshot
from tests.integration.reports.cast import colleague, in_review


@pytest.fixture
def copy(own_database: str) -> Path:
    colleague()
    return make(SHELL)


def test_a_database_that_is_not_empty(copy: Path, own_database: str) -> None:
    before = snapshot(own_database)

    with pytest.raises(BackupError, match="--replace"):
        restore(SHELL, copy)

    assert snapshot(own_database) == before


def test_another_key(copy: Path, settings: Settings) -> None:
    settings.BACKUP_KEY = "another key, which is as long as one must be"

    with pytest.raises(BackupError, match="The key does not fit"):
        restore(SHELL, copy, replace=True)


def test_no_key(copy: Path, settings: Settings, tmp_path: Path) -> None:
    settings.BACKUP_KEY, settings.BASE_DIR = "", tmp_path

    with pytest.raises(BackupError, match="BACKUP_KEY"):
        restore(SHELL, copy, replace=True)
    with pytest.raises(BackupError, match="There is no key"):
        make(SHELL)


@pytest.mark.parametrize("damage", [lambda whole: whole[:-1000], lambda whole: whole[:-1] + bytes([whole[-1] ^ 1])])
def test_a_damaged_file(damage: Callable[[bytes], bytes], copy: Path, own_database: str) -> None:
    before = snapshot(own_database)
    copy.write_bytes(damage(copy.read_bytes()))

    with pytest.raises(BackupError, match="cut off or was altered"):
        restore(SHELL, copy, replace=True)

    assert snapshot(own_database) == before


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("INSERT INTO django_migrations (app, name, applied) VALUES ('survey', '9999_later', now())", "older version"),
        ("DELETE FROM django_migrations WHERE app = 'survey' AND name LIKE '0004%%'", "newer version"),
        ("ALTER TABLE survey_survey ADD COLUMN more text", "tables of the copy"),
    ],
)
def test_another_schema(statement: str, message: str, copy: Path) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)

    with pytest.raises(BackupError, match=message):
        restore(SHELL, copy, replace=True)


def test_a_restoration_that_fails_at_its_end_changes_nothing(
    copy: Path, own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_rehearsal()
    before = snapshot(own_database)
    monkeypatch.setattr(tables, "set_sequences", lambda known: tables._do("SELECT 1 / 0"))

    with pytest.raises(BackupError, match="nothing was changed"):
        restore(SHELL, copy, replace=True)

    assert snapshot(own_database) == before
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled <> 'O'")
        assert cursor.fetchone() == (0,)
    assert Survey.objects.exists()


def test_an_expired_copy_is_restored_only_by_force(own_database: str) -> None:
    copy = make(SHELL, days=0)
    copy.write_bytes(copy.read_bytes().replace(*_yesterday(copy)))

    with pytest.raises(BackupError, match="--force"):
        restore(SHELL, copy, replace=True)
    # Who alters the date breaks the seal of the head; only time may make a copy expire.
    with pytest.raises(BackupError, match="altered"):
        restore(SHELL, copy, replace=True, force=True)


def _yesterday(copy: Path) -> tuple[bytes, bytes]:
    (one,) = [known for known in copies() if known.path == copy]
    return f'"{one.expires_on}"'.encode(), b'"2026-01-02"'


def test_expired_copies_are_deleted_and_others_stay(own_database: str, settings: Settings) -> None:
    new = make(SHELL, days=3)
    old = make(SHELL, Path(settings.BACKUP_FOLDER) / "old.sunset-copy")
    old.write_bytes(old.read_bytes().replace(*_yesterday(old)))
    assert [one.expires_on for one in expired()] == [date(2026, 1, 2)]

    assert purge() == ["old.sunset-copy"]

    assert [one.path for one in copies()] == [new]


def test_a_copy_replaces_no_other(copy: Path) -> None:
    with pytest.raises(BackupError, match="exists already"):
        make(SHELL, copy)


def test_half_a_copy_is_never_left(own_database: str, settings: Settings) -> None:
    in_review()  # names a file that is not there

    with pytest.raises(FilesDiffer, match="missing"):
        make(SHELL)

    assert list(Path(settings.BACKUP_FOLDER).iterdir()) == []
    assert not AuditEntry.objects.filter(action="backup.made").exists()


def test_the_commands_say_where_it_lies_and_what_is_missing(own_database: str, capsys: Any) -> None:
    colleague()
    call_command("backup")
    path = Path(capsys.readouterr().out.strip())
    assert path.is_file()

    call_command("restore", str(path), "--replace")

    assert "accounts_apitoken" in capsys.readouterr().out
    actions = list(AuditEntry.objects.order_by("id").values_list("action", "actor_kind", "subject"))
    assert actions[-1] == ("backup.restored", "command", path.name)
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        call_command("restore", "nowhere")


def test_a_passphrase_opens_what_it_closed(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_asked", lambda question: "correct horse battery staple")
    colleague()
    copy = make(SHELL, passphrase=True)

    restore(SHELL, copy, replace=True)
    assert User.objects.count() == 1

    monkeypatch.setattr(keys, "_asked", lambda question: "correct horse battery stable")
    with pytest.raises(BackupError, match="The key does not fit"):
        restore(SHELL, copy, replace=True)
