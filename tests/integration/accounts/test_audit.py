"""The audit log as a chain: no change goes unnoticed, not even a superuser's with the triggers off."""

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from accounts.actions import close_audit_days, record
from accounts.actors import WORKER
from accounts.audit import between, verify
from accounts.models import AuditEntry, AuditHead, AuditLink
from tests import services
from tests.cast import SHELL

HEAD_OF_NOTHING = "0" * 64


@pytest.fixture
def log(own_database: str) -> list[int]:
    """Six entries; their ids."""
    for number in range(6):
        record(SHELL, "test.done", f"thing:{number}", words='quotes " and \\ and\nlines, 例', number=number)
    return list(AuditEntry.objects.values_list("pk", flat=True))


@pytest.fixture
def superuser(own_database: str) -> Callable[..., None]:
    """Runs a statement with every trigger off."""

    def run(statement: str, *values: object) -> None:
        with psycopg.connect(services.superuser_url(own_database), autocommit=True) as session:
            session.execute("SET session_replication_role = replica")
            session.execute(statement, values)

    return run


def a_day_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    now = timezone.now()
    monkeypatch.setattr("accounts.actions.audit.timezone.now", lambda: now + timedelta(days=1))


def test_every_entry_is_linked_when_it_is_committed(log: list[int]) -> None:
    verdict = verify()

    assert (verdict.broken, verdict.entries, verdict.position) == (None, 6, 6)
    assert list(AuditLink.objects.order_by("position").values_list("entry_id", flat=True)) == log


def test_what_is_rolled_back_leaves_no_gap(log: list[int]) -> None:
    with transaction.atomic():
        record(SHELL, "test.undone")
        transaction.set_rollback(True)
    record(SHELL, "test.done")

    assert (verify().broken, verify().position) == (None, 7)


@pytest.mark.parametrize(
    "column", ["subject = 'thing:9'", "detail = '{}'", "at = at + '1 second'", "actor_name = 'x'", "action = 'x'"]
)
def test_a_changed_entry_is_named(column: str, log: list[int], superuser: Callable[..., None]) -> None:
    superuser(f"UPDATE accounts_auditentry SET {column} WHERE id = %s", log[2])

    broken = verify().broken or []

    assert len(broken) == 1
    assert re.fullmatch(rf"entry {log[2]} of 20..-..-.. was changed", broken[0])


def test_a_removed_entry_is_named(log: list[int], superuser: Callable[..., None]) -> None:
    superuser("DELETE FROM accounts_auditentry WHERE id = %s", log[2])

    assert verify().broken == [f"entry {log[2]} is gone"]


def test_a_removed_entry_with_its_link_is_missed(log: list[int], superuser: Callable[..., None]) -> None:
    superuser("DELETE FROM accounts_auditentry WHERE id = %s", log[2])
    superuser("DELETE FROM accounts_auditlink WHERE entry_id = %s", log[2])

    (first,) = verify().broken or []

    assert first.startswith(f"1 links are missing before entry {log[3]}")


def test_an_entry_slipped_in_is_named(log: list[int], superuser: Callable[..., None]) -> None:
    superuser(
        "INSERT INTO accounts_auditentry (at, actor_kind, actor_name, action, subject, detail) "
        "VALUES (now() - interval '1 day', 'user', '7', 'test.done', '', '{}')"
    )

    (first,) = verify().broken or []

    assert "has no link" in first


def test_the_end_cannot_be_cut_off_once_the_day_is_closed(
    log: list[int], superuser: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    a_day_passes(monkeypatch)
    assert close_audit_days(WORKER) is not None
    superuser("DELETE FROM accounts_auditentry WHERE id >= %s", log[4])
    superuser("DELETE FROM accounts_auditlink WHERE position >= 5")

    (first,) = verify().broken or []

    assert first == f"the head of {AuditHead.objects.get().day} is at 6, where the chain has nothing"


def test_a_chain_written_anew_lacks_the_head_that_was_kept_elsewhere(
    log: list[int], superuser: Callable[..., None]
) -> None:
    kept = verify().head.hex()
    assert verify([kept]).broken is None
    superuser("DELETE FROM accounts_auditlink")
    superuser("UPDATE accounts_auditentry SET subject = 'other' WHERE id = %s", log[0])
    before = b""
    for position, key in enumerate(log, 1):
        superuser("INSERT INTO accounts_auditlink VALUES (%s, %s, '')", position, key)
        (entry,) = [one for one in between(None, None) if one.id == key]
        before = entry.expected(before)
        superuser("UPDATE accounts_auditlink SET hash = %s WHERE position = %s", before, position)
    assert verify().broken is None

    (first,) = verify([kept]).broken or []

    assert "written anew" in first


def test_the_service_can_neither_write_links_nor_change_them(log: list[int]) -> None:
    for statement in (
        "INSERT INTO accounts_auditlink VALUES (99, 99, '')",
        "UPDATE accounts_auditlink SET hash = ''",
        "DELETE FROM accounts_audithead",
    ):
        with pytest.raises(DatabaseError), connection.cursor() as cursor:
            cursor.execute(statement)
    with pytest.raises(DatabaseError, match="append-only"), connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM accounts_auditlink")


def test_a_day_is_closed_once_and_said_to_the_log(
    log: list[int], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    close_audit_days(WORKER)
    assert close_audit_days(WORKER) is None
    a_day_passes(monkeypatch)
    head = close_audit_days(WORKER)

    assert head is not None
    assert AuditHead.objects.count() == 2
    assert f"audit head of {head.day}: {bytes(head.hash).hex()} at {head.position}" in caplog.text
    assert (verify().broken, verify().days) == (None, 2)


def test_an_empty_log_has_no_head(own_database: str) -> None:
    assert close_audit_days(WORKER) is None
    assert verify().broken is None


def test_the_command_says_where_the_chain_ends_and_what_breaks_it(
    log: list[int], superuser: Callable[..., None], capsys: Any
) -> None:
    call_command("audit", "verify")
    assert f"head {verify().head.hex()} at 6" in capsys.readouterr().out

    superuser("UPDATE accounts_auditentry SET subject = 'x' WHERE id = %s", log[1])

    with pytest.raises(CommandError, match=f"entry {log[1]} of .* was changed"):
        call_command("audit", "verify")
    with pytest.raises(CommandError, match="2 times"):
        call_command("audit", "verify", "--head", HEAD_OF_NOTHING)


def test_it_is_exported_by_days(log: list[int], superuser: Callable[..., None], capsys: Any) -> None:
    superuser("UPDATE accounts_auditentry SET at = '2026-01-02 23:59:59.5+00' WHERE id = %s", log[0])
    superuser("UPDATE accounts_auditentry SET at = '2026-01-04 00:00:00+00' WHERE id = %s", log[1])
    call_command("audit", "export", "--since", "2026-01-02", "--until", "2026-01-03")
    (row,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    assert (row["id"], row["position"], row["detail"]["number"], len(row["hash"])) == (log[0], 1, 0, 64)
    assert AuditEntry.objects.filter(action="audit.exported", detail__since="2026-01-02").count() == 1


def test_a_spreadsheet_calculates_nothing_of_it(own_database: str, capsys: Any) -> None:
    record(SHELL, "test.done", "=1+1", words="a, b")
    call_command("audit", "export", "--format", "csv")
    first, *_ = csv.DictReader(io.StringIO(capsys.readouterr().out))

    assert (first["subject"], json.loads(first["detail"])) == ("'=1+1", {"words": "a, b"})
