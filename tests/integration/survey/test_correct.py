"""Correcting: other answers take the place of the stored ones, and nothing tells that there was a correction."""

import secrets
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.db import connection, connections

from accounts.models import AuditEntry
from survey import actions, receipts
from survey.actions import sealing
from survey.enums import CorrectResult, EraseResult, SubmitResult
from survey.instrument.validate import Facts, Submission, validate
from survey.models import Inbox, Response, Testimony, Tombstone, Wave
from survey.queries import find_by_receipt, load
from tests.cast import CONSENT, SHELL, open_rehearsal, send, submission
from tests.integration.survey.test_seal import as_superuser, wait_for_a_waiting_lock
from tests.readers import read, readers

ROWS = [f"att_{row}" for row in ("s1", "s2", "s3_r", "b1", "b2", "b3_r", "d1", "d2", "d3_r", "u1", "u2", "u3_r")]


def judged(language: str = "en", fast: str = "unknown", unproven: bool = True, **fields: str | list[str]) -> Submission:
    sent = {name: [value] if isinstance(value, str) else value for name, value in fields.items()}
    facts = Facts(language=language, events={6: "announced"}, fast=fast, unproven=unproven)
    outcome = validate(load("mris"), {**CONSENT, **sent}, facts)
    assert outcome.submission is not None, outcome
    return outcome.submission


def correct(wave: Wave, code: str, language: str = "en", **fields: str | list[str]) -> CorrectResult:
    return actions.correct(wave.pk, wave.survey.slug, language, judged(language, **fields), code)


def in_thread[T](act: Callable[[], T]) -> T:
    try:
        return act()
    finally:
        connections.close_all()


@pytest.mark.django_db
def test_other_answers_take_the_place_of_the_stored_ones() -> None:
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1", tst="Old words", tst_use="1")

    assert correct(wave, code, "zh-Hans", mdl="2", tst="New words", tst_use="2") is CorrectResult.CORRECTED
    row = Inbox.objects.get()
    assert (row.language, row.wave_id) == ("zh-Hans", wave.pk)
    assert (row.document["answers"]["mdl"], row.document["answers"]["lang"]) == (2, "zh-Hans")
    stored = find_by_receipt(code)
    assert stored is not None
    assert stored.submission.texts == {"tst": "New words"}


@pytest.mark.django_db
def test_what_is_stored_is_what_sending_the_same_would_have_stored() -> None:
    wave, code, other = open_rehearsal(), receipts.make(), receipts.make()
    answers = {"mdl": "1", "elig": "1", "role": ["1", "7"], **dict.fromkeys(ROWS, "5")}
    send(wave, code, mdl="9")
    correct(wave, code, **answers)
    send(wave, other, **answers)

    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT language, document::text FROM survey_inbox")
        rows = cursor.fetchall()
    assert len(rows) == 1


@pytest.mark.django_db
def test_what_the_page_measured_stays_and_what_is_computed_follows() -> None:
    wave, code = open_rehearsal(), receipts.make()
    first = judged(mdl="1", fast="yes", unproven=False, **dict.fromkeys(ROWS, "5"))
    actions.submit(wave.pk, wave.survey.slug, "en", first, code)

    def stored(*names: str) -> tuple[object, ...]:
        answers = Inbox.objects.get().document["answers"]
        return tuple(answers[name] for name in names)

    assert stored("fast", "unproven", "straight", "att_band") == ("yes", 0, 1, 3)
    mixed = {**dict.fromkeys(ROWS, "1"), "att_s1": "2"}
    assert correct(wave, code, mdl="1", fast="yes", unproven=False, **mixed) is CorrectResult.CORRECTED
    assert stored("fast", "unproven", "straight", "att_band", "flagged") == ("yes", 0, 0, 1, 1)

    for measured in ({"fast": "no"}, {"unproven": True}):
        with pytest.raises(ValueError, match="as it was"):
            correct(wave, code, **{"mdl": "1", "fast": "yes", "unproven": False, **measured})


@pytest.mark.django_db
def test_a_repeated_correction_writes_nothing() -> None:
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1")

    def version() -> object:
        with connection.cursor() as cursor:
            cursor.execute("SELECT ctid FROM survey_inbox")
            return cursor.fetchone()

    places = [version()]
    for _ in range(3):
        assert correct(wave, code, mdl="2") is CorrectResult.CORRECTED
        places.append(version())
    assert len(set(places)) == 2


@pytest.mark.django_db
def test_the_first_sending_repeated_late_does_not_undo_a_correction() -> None:
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1")
    correct(wave, code, mdl="2")

    assert send(wave, code, mdl="1") is SubmitResult.CHANGED
    assert Inbox.objects.get().document["answers"]["mdl"] == 2


@pytest.mark.django_db
def test_what_was_erased_cannot_be_corrected_back() -> None:
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1")
    actions.erase(code)

    assert correct(wave, code, mdl="2") is CorrectResult.ERASED
    assert (Inbox.objects.count(), Tombstone.objects.count()) == (0, 1)


@pytest.mark.django_db
def test_a_code_of_nobody_of_another_survey_or_of_another_wave_corrects_nothing() -> None:
    one, other, code = open_rehearsal(), open_rehearsal("another"), receipts.make()
    send(other, code, mdl="1")
    actions.close_wave(SHELL, other)
    later = open_rehearsal("another")

    for wave in (one, later):
        assert correct(wave, code, mdl="2") is CorrectResult.UNKNOWN
    assert correct(one, receipts.make(), mdl="2") is CorrectResult.UNKNOWN
    assert Inbox.objects.get().document["answers"]["mdl"] == 1


@pytest.mark.django_db
def test_a_closed_wave_can_be_corrected_until_it_is_sealed() -> None:
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1")
    actions.close_wave(SHELL, wave)
    Wave.objects.filter(pk=wave.pk).update(late_until="2026-01-01T00:00Z")

    assert correct(wave, code, mdl="2") is CorrectResult.CORRECTED
    assert send(wave, receipts.make(), mdl="2") is SubmitResult.LATE


def test_a_sealed_wave_is_not_corrected(own_database: str) -> None:
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1")
    actions.close_wave(SHELL, wave)
    actions.seal_wave(SHELL, wave)

    assert correct(wave, code, mdl="2") is CorrectResult.UNKNOWN
    assert Response.objects.get().answers["mdl"] == 1


@pytest.mark.django_db
def test_a_correction_leaves_no_audit_row_and_no_row_anywhere_else() -> None:
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1")
    tables = connection.introspection.table_names()

    def rows() -> dict[str, int]:
        with connection.cursor() as cursor:
            return {name: cursor.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}

    before, entries = rows(), AuditEntry.objects.count()
    correct(wave, code, mdl="2")
    assert (rows(), AuditEntry.objects.count()) == (before, entries)


def test_ten_corrections_at_once_end_in_one_of_them(own_database: str) -> None:
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1")
    assert wave.survey.slug

    with ThreadPoolExecutor(5) as pool:
        said = pool.map(lambda n: in_thread(lambda: correct(wave, code, mdl=str(2 + n % 2), clo_ai=str(n))), range(10))
        assert set(said) == {CorrectResult.CORRECTED}

    answers = Inbox.objects.get().document["answers"]
    assert answers["mdl"] == 2 + answers["clo_ai"] % 2


@pytest.mark.parametrize("attempt", range(5))
def test_an_erasure_beside_corrections_always_wins(own_database: str, attempt: int) -> None:
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1")
    assert wave.survey.slug

    def act(n: int) -> object:
        return actions.erase(code) if n == 4 else correct(wave, code, mdl=str(2 + n))

    with ThreadPoolExecutor(9) as pool:
        said = list(pool.map(lambda n: in_thread(lambda: act(n)), range(9)))

    assert said[4] is EraseResult.ERASED
    assert set(said) <= {EraseResult.ERASED, CorrectResult.CORRECTED, CorrectResult.ERASED}
    assert (Inbox.objects.count(), Tombstone.objects.count()) == (0, 1)


def test_a_correction_inside_an_open_sealing_is_told_that_it_came_too_late(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It waits, then finds its wave sealed with the earlier answers: nothing is half of one and half of the other."""
    reader = readers()[0]
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1", tst="Old words", tst_use="1")
    actions.close_wave(SHELL, wave)
    said = race(own_database, monkeypatch, wave, lambda: correct(wave, code, mdl="2", tst="New words", tst_use="1"))

    assert said == [CorrectResult.UNKNOWN]
    assert [row.answers["mdl"] for row in Response.objects.all()] == [1]
    assert [read(reader, row) for row in Testimony.objects.all()] == [{"tst": "Old words"}]


def test_a_correction_and_an_erasure_inside_an_open_sealing_leave_nothing(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1")
    send(wave, mdl="9")
    actions.close_wave(SHELL, wave)
    said = race(own_database, monkeypatch, wave, lambda: correct(wave, code, mdl="2"), lambda: actions.erase(code))

    assert EraseResult.ERASED in said
    assert set(said) <= {EraseResult.ERASED, CorrectResult.CORRECTED, CorrectResult.ERASED}
    assert [row.answers["mdl"] for row in Response.objects.all()] == [9]


def race(database: str, monkeypatch: pytest.MonkeyPatch, wave: Wave, *acts: Callable[[], object]) -> list[object]:
    """Seal, and begin these acts when answers have been split but nothing is committed. Returns what they answered."""
    split, said, begun = sealing._split, [], []

    def split_while_others_act(wave: Wave) -> None:
        split(wave)
        if not begun:
            for act in acts:
                begun.append(threading.Thread(target=lambda act=act: said.append(in_thread(act))))
                begun[-1].start()
                wait_for_waiting_locks(database, len(begun))

    monkeypatch.setattr(sealing, "_split", split_while_others_act)
    actions.seal_wave(SHELL, wave)
    for thread in begun:
        thread.join()
    return said


def wait_for_waiting_locks(database: str, number: int) -> None:
    wait_for_a_waiting_lock(database)
    with as_superuser(database) as session:
        waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND cardinality(pg_blocking_pids(pid)) > 0"
        while session.execute(waiting, [database]).fetchone()[0] < number:
            pass


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_correction_beside_a_sealing_ends_in_one_of_the_two_orders(own_database: str, moment: str) -> None:
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1")
    for _ in range(20):
        send(wave, mdl="9")
    actions.close_wave(SHELL, wave)
    acts = [lambda: correct(wave, code, mdl="2"), lambda: actions.seal_wave(SHELL, Wave.objects.get(pk=wave.pk))]

    with ThreadPoolExecutor(2) as pool:
        running = [pool.submit(in_thread, act) for act in (acts if moment == "before" else reversed(acts))]
        said = {result for one in running if (result := one.result()) is not None}

    sealed = sorted(row.answers["mdl"] for row in Response.objects.all())
    assert (said, sealed[:1]) in (({CorrectResult.CORRECTED}, [2]), ({CorrectResult.UNKNOWN}, [1]))
    assert len(sealed) == 21


def kept_versions(database: str) -> tuple[int, int]:
    """How many row images stand on the inbox's pages, and how many chunks beside them, dead ones included."""
    with as_superuser(database) as session:
        session.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
        toast = session.execute("SELECT reltoastrelid::regclass FROM pg_class WHERE relname = 'survey_inbox'")
        return images(session, "survey_inbox"), images(session, str(toast.fetchone()[0]))


def images(session: psycopg.Connection, table: str) -> int:
    pages = session.execute("SELECT pg_relation_size(%s) / 8192", [table]).fetchone()[0]
    there = "SELECT count(*) FROM heap_page_items(get_raw_page(%s, %s)) WHERE lp_flags IN (1, 3)"
    return sum(session.execute(there, [table, page]).fetchone()[0] for page in range(pages))


def test_the_earlier_answers_are_gone_after_a_vacuum_and_after_sealing(own_database: str) -> None:
    wave, code = open_rehearsal(), receipts.make()
    with as_superuser(own_database) as session:
        options = session.execute("SELECT reloptions FROM pg_class WHERE relname = 'survey_inbox'").fetchone()[0]
        session.execute("ALTER TABLE survey_inbox SET (autovacuum_enabled = off)")  # it could come at any moment
        session.execute("VACUUM (FULL) survey_inbox")  # the copied database holds what other tests rolled back
    assert {"autovacuum_vacuum_scale_factor=0", "autovacuum_vacuum_threshold=1"} <= set(options)
    long_texts = ["".join(chr(0x4E00 + secrets.randbelow(20_000)) for _ in range(2000)) for _ in range(4)]
    send(wave, code, tst=long_texts[0], tst_use="1")
    one_row, its_chunks = kept_versions(own_database)
    for text in long_texts[1:]:
        correct(wave, code, tst=text, tst_use="1")
    rows, chunks = kept_versions(own_database)
    assert (rows > one_row, chunks > its_chunks > 0) == (True, True)

    with as_superuser(own_database) as session:
        session.execute("VACUUM survey_inbox")  # what the autovacuum does for every single dead row
    assert kept_versions(own_database) == (one_row, its_chunks)

    correct(wave, code, tst=long_texts[0], tst_use="1")
    actions.close_wave(SHELL, wave)
    actions.seal_wave(SHELL, wave)
    assert kept_versions(own_database) == (0, 0)


@pytest.mark.django_db
def test_the_stored_answers_are_found_in_their_survey_only() -> None:
    wave, code = open_rehearsal(), receipts.make()
    open_rehearsal("another")
    send(wave, code, mdl="1")

    found = find_by_receipt(code, "rehearsal")
    assert found is not None
    assert found.submission == submission(mdl="1")
    assert find_by_receipt(code) == found
    assert find_by_receipt(code, "another") is None
