"""Copy, wipe, restore: the same rows, numbers and files, the same promises."""

import shutil
import zipfile
from io import BufferedReader
from pathlib import Path

import psycopg
import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.utils import timezone

from accounts.actions import create_token
from accounts.models import ApiToken, AuditEntry, User
from config.backup import make, restore
from config.backup.envelope import Reader, read_head
from config.backup.keys import for_reading
from reports import queries
from reports.models import Part, Release
from reports.queries import is_counted
from reports.storage import store
from survey import receipts
from survey.models import Inbox, Response, Tombstone
from tests import services
from tests.cast import SHELL, open_rehearsal, send
from tests.flow.faults import snapshot
from tests.integration.reports.cast import colleague, queued, released

SEEN_OUTSIDE = {"accounts_auditentry", "accounts_auditlink", "django_session", "accounts_apitoken"}
"""What differs on purpose after a round trip."""


def wipe(database: str, storage: Path) -> None:
    shutil.rmtree(storage, ignore_errors=True)
    with psycopg.connect(services.superuser_url(database), autocommit=True) as session:
        session.execute("SET session_replication_role = replica")
        tables = session.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        for (table,) in tables:
            if table != "django_migrations":
                session.execute(f'ALTER TABLE "{table}" DISABLE TRIGGER ALL')
                session.execute(f'TRUNCATE "{table}" RESTART IDENTITY CASCADE')
                session.execute(f'ALTER TABLE "{table}" ENABLE TRIGGER ALL')
    connections.close_all()


def triggers() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal")
        return set(cursor.fetchall())


def test_all_comes_back_as_it_was(sealed_database: str, tmp_path: Path) -> None:
    release = released()
    before, guards = snapshot(sealed_database), triggers()
    audit = list(AuditEntry.objects.values_list())
    files = {one.path: (one.sha256, store().get(one.sha256)) for one in queries.artifacts(release.report)}
    copy = make(SHELL)
    wipe(sealed_database, tmp_path / "storage")
    assert User.objects.count() == 0

    done = restore(SHELL, copy)

    after = snapshot(sealed_database)
    assert {name for name in before if before[name] != after[name]} <= SEEN_OUTSIDE
    assert list(AuditEntry.objects.values_list())[: len(audit)] == audit
    assert AuditEntry.objects.order_by("id").last().action == "backup.restored"  # type: ignore[union-attr]
    assert triggers() == guards
    again = queries.artifacts(Release.objects.get().report)
    assert {one.path: (one.sha256, store().get(one.sha256)) for one in again} == files
    assert done.files == len({sha256 for sha256, _ in files.values()})
    assert colleague().pk > User.objects.exclude(email__startswith="colleague").count()


def test_what_the_database_refuses_is_refused_again(sealed_database: str) -> None:
    copy = make(SHELL)
    restore(SHELL, copy, replace=True)

    with pytest.raises(IntegrityError, match="immutable"), transaction.atomic():
        Response.objects.filter(pk=Response.objects.values("pk")[:1]).update(width=1)
    with pytest.raises(IntegrityError, match="append-only"), connections["owner"].cursor() as cursor:
        cursor.execute("DELETE FROM accounts_auditentry")


def test_numbers_go_on_where_they_were(own_database: str) -> None:
    for _ in range(3):
        last = colleague().pk
    copy = make(SHELL)
    colleague()

    restore(SHELL, copy, replace=True)

    assert colleague().pk == last + 1


def test_sealed_answers_come_back_in_another_order_and_one_transaction(sealed_database: str) -> None:
    def stored() -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT id, xmin::text, cmin::text FROM survey_response ORDER BY ctid")
            return cursor.fetchall()

    before = stored()
    restore(SHELL, make(SHELL), replace=True)
    after = stored()

    assert sorted(row[0] for row in after) == sorted(row[0] for row in before)  # type: ignore[type-var]
    assert [row[0] for row in after] != [row[0] for row in before]
    assert len({row[1:] for row in after}) == 1


def test_open_inboxes_stay_behind_unless_asked_for(own_database: str) -> None:
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code)
    Tombstone.objects.create(receipt=b"t" * 32, wave=wave)
    without, with_inboxes = make(SHELL), make(SHELL, inboxes=True)

    done = restore(SHELL, without, replace=True)
    assert (Inbox.objects.count(), Tombstone.objects.count()) == (0, 0)
    assert {"survey_inbox", "survey_tombstone"} <= set(done.left_out)

    restore(SHELL, with_inboxes, replace=True)
    assert bytes(Inbox.objects.get().receipt) == receipts.digest("rehearsal", code)
    assert Tombstone.objects.count() == 1


def test_ways_in_stay_behind(own_database: str) -> None:
    create_token(SHELL, colleague(), "script")

    restore(SHELL, make(SHELL), replace=True)

    assert not ApiToken.objects.exists()


def test_exact_counts_and_leases_stay_behind(own_database: str) -> None:
    report = queued()
    part = Part.objects.create(report=report, round=1, first=0, size=400, cube=b"exact", lease_until=timezone.now())

    restore(SHELL, make(SHELL), replace=True)

    part.refresh_from_db()
    assert (part.cube, part.lease_until, part.size) == (None, None, 400)
    assert is_counted(report) is False


def test_a_blank_database_is_migrated_first(own_database: str) -> None:
    colleague()
    copy = make(SHELL)
    connections.close_all()
    services.make_database(own_database)

    restore(SHELL, copy)

    assert User.objects.count() == 1


def test_nothing_can_be_read_without_the_key(own_database: str) -> None:
    queued(title="A title to look for")
    copy = make(SHELL)

    assert copy.stat().st_mode & 0o777 == 0o600
    assert b"A title to look for" not in copy.read_bytes()
    with copy.open("rb") as file:
        secret = for_reading(read_head(file)[0], print)
        archive = zipfile.ZipFile(BufferedReader(Reader(file, secret)))
        assert b"A title to look for" in archive.read("tables/reports_report")
