"""Sealing: nothing is lost, nothing can be joined, nothing of the inbox remains."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from accounts.models import User
from survey import actions, receipts
from survey.actions import sealing
from survey.enums import EraseResult, Mode, SubmitResult, WaveState
from survey.errors import WrongState
from survey.instrument.codebook import encode
from survey.models import Inbox, Response, Testimony, Tombstone, Wave
from survey.queries import codebook_of, stream_codes
from survey.queries.keys import current_reading_key
from tests import services
from tests.cast import SHELL, open_rehearsal, send
from tests.readers import read, readers

TESTIMONY = {"tst": "What I want to tell", "tst_use": "3", "tst_tag": "2"}


def filled_wave(people: int = 60) -> tuple[Wave, list[str]]:
    """Closed, with `people` answers; the n-th has ticked its place in binary, so that order can be looked for."""
    if current_reading_key() is None:
        readers()
    wave, codes = open_rehearsal(), [receipts.make() for _ in range(people)]
    for place, code in enumerate(codes):
        ticked = [str(bit + 1) for bit in range(6) if place >> bit & 1]
        send(wave, code, mdl="1", elig="1", acc=ticked or ["90"], **TESTIMONY)
    actions.close_wave(SHELL, wave)
    return wave, codes


def place_of(answers: dict[str, int]) -> int:
    return sum(1 << bit for bit in range(6) if answers[f"acc_{bit + 1:02}"] == 1)


def system_columns(table: str, *columns: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY ctid")
        return cursor.fetchall()


@contextmanager
def as_superuser(database: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(services.superuser_url(database), autocommit=True) as session:
        yield session


def test_it_splits_answers_and_texts_and_destroys_the_inbox(own_database: str) -> None:
    wave, codes = filled_wave()
    actions.erase(codes[0])

    actions.seal_wave(SHELL, wave)

    wave.refresh_from_db()
    assert (wave.state, wave.rewritten) == (WaveState.SEALED, True)
    assert (Inbox.objects.count(), Tombstone.objects.count()) == (0, 0)
    assert sorted(place_of(row.answers) for row in Response.objects.all()) == list(range(1, 60))
    kept = Testimony.objects.filter(use=3, tag=2, role_group=None).select_related("wave__survey", "wave__reading_key")
    reader = User.objects.get(email="reader1@example.org")
    assert [read(reader, testimony) for testimony in kept] == [{"tst": TESTIMONY["tst"]}] * 59
    assert actions.erase(codes[1]) is EraseResult.UNKNOWN
    assert send(wave, codes[1], mdl="1") is SubmitResult.LATE


def test_a_response_holds_nothing_of_the_testimony(own_database: str) -> None:
    wave, _ = filled_wave(2)
    actions.seal_wave(SHELL, wave)

    answers = Response.objects.values_list("answers", flat=True)[0]
    assert not {"tst", "tst_2", "tst_use", "tst_tag"} & answers.keys()
    assert {"con_sens", "mdl", "att_band", "lang", "flagged"} <= answers.keys()


def test_the_coded_column_is_the_answers_encoded(own_database: str) -> None:
    wave, _ = filled_wave(5)
    actions.seal_wave(SHELL, wave)
    codebook = codebook_of(wave.survey)

    rows = list(Response.objects.all())
    assert [bytes(row.codes) for row in rows] == [encode(codebook, row.answers) for row in rows]
    streamed = [bytes(row) for block in stream_codes([wave.pk], codebook.width, chunk=2) for row in block]
    assert sorted(streamed) == sorted(bytes(row.codes) for row in rows)


def test_no_system_column_tells_order_or_joins_the_stores(own_database: str) -> None:
    wave, _ = filled_wave()
    actions.seal_wave(SHELL, wave)

    for table in ("survey_response", "survey_testimony"):
        assert len(set(system_columns(table, "xmin", "cmin", "xmax"))) == 1
    order = [
        place_of(answers)
        for (answers,) in system_columns("survey_response", "answers::text")
        for answers in [__import__("json").loads(str(answers))]
    ]
    assert sorted(order) == list(range(60))
    # Kendall's tau: in random order its standard deviation is .089 at n = 60, so .4 is never reached by chance.
    agreeing = sum((order[i] < order[j]) for i in range(60) for j in range(i + 1, 60))
    assert abs(2 * agreeing / (60 * 59 / 2) - 1) < 0.4


def test_no_dead_row_remains_on_any_page(own_database: str) -> None:
    wave, codes = filled_wave()
    actions.erase(codes[3])
    actions.seal_wave(SHELL, wave)

    with as_superuser(own_database) as session:
        session.execute("CREATE EXTENSION IF NOT EXISTS pageinspect")
        for table, alive in (
            ("survey_inbox", 0),
            ("survey_tombstone", 0),
            ("survey_response", 59),
            ("survey_testimony", 59),
        ):
            pages = session.execute("SELECT pg_relation_size(%s) / 8192", [table]).fetchone()[0]
            items = [
                flags
                for page in range(pages)
                for (flags,) in session.execute(
                    "SELECT lp_flags FROM heap_page_items(get_raw_page(%s, %s))", [table, page]
                )
            ]
            assert len(items) == alive, table


def test_the_planner_keeps_no_sample_of_receipts(own_database: str) -> None:
    wave, codes = filled_wave()
    for code in codes[:30]:
        actions.erase(code)
    with as_superuser(own_database) as session:
        session.execute("ANALYZE survey_inbox, survey_tombstone")
        actions.seal_wave(SHELL, wave)
        sampled = session.execute(
            "SELECT tablename, attname FROM pg_stats WHERE tablename IN ('survey_inbox', 'survey_tombstone') ORDER BY 1"
        ).fetchall()
    # Which waves there are is no secret; that they stand here shows that ANALYZE did look.
    assert sampled == [("survey_inbox", "wave_id"), ("survey_tombstone", "wave_id")]


def test_an_erasure_inside_an_open_sealing_wins(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wave, codes = filled_wave(3)
    split, erased, waiting = sealing._split, [], []

    def erase() -> None:
        erased.append(actions.erase(codes[0]))
        connection.close()

    def split_while_somebody_erases(wave: Wave) -> None:
        split(wave)
        if not waiting:
            waiting.append(threading.Thread(target=erase))
            waiting[0].start()
            wait_for_a_waiting_lock(own_database)

    monkeypatch.setattr(sealing, "_split", split_while_somebody_erases)
    actions.seal_wave(SHELL, wave)
    waiting[0].join()

    assert erased == [EraseResult.ERASED]
    assert sorted(place_of(row.answers) for row in Response.objects.all()) == [1, 2]
    assert Testimony.objects.count() == 2


def wait_for_a_waiting_lock(database: str) -> None:
    with as_superuser(database) as session:
        while not session.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone():
            pass


def test_an_answer_on_its_way_is_sealed_or_told_that_it_is_late(own_database: str) -> None:
    wave, _ = filled_wave(2)
    actions.seal_wave(SHELL, wave)

    assert send(wave, mdl="1") is SubmitResult.LATE
    assert Inbox.objects.count() == 0


def test_a_sealing_killed_before_the_rewrite_is_finished_by_the_sweep(
    own_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from survey.actions.schedule import finish_due_waves

    wave, _ = filled_wave(2)
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "rewrite_stores", lambda *_: None)
        actions.seal_wave(SHELL, wave)
    assert not Wave.objects.get().rewritten

    finish_due_waves()

    assert Wave.objects.get().rewritten


@pytest.mark.django_db
def test_only_a_closed_wave_is_sealed() -> None:
    with pytest.raises(WrongState, match="is open"):
        actions.seal_wave(SHELL, open_rehearsal())


@pytest.mark.django_db
def test_a_live_wave_is_not_sealed_before_its_date() -> None:
    wave = open_rehearsal()
    actions.close_wave(SHELL, wave)
    wave.survey.mode = Mode.LIVE
    wave.survey.save()

    with pytest.raises(WrongState, match="promised"):
        actions.seal_wave(SHELL, wave)


@pytest.mark.parametrize("role", ["app", "owner"])
def test_sealed_answers_are_immutable(own_database: str, role: str) -> None:
    wave, _ = filled_wave(2)
    actions.seal_wave(SHELL, wave)
    url = services.url_of(f"sunset_{role}", own_database)

    for statement in (
        "UPDATE survey_response SET answers = '{}'",
        "DELETE FROM survey_response",
        "UPDATE survey_testimony SET ciphertext = for_readers",
        "UPDATE survey_testimony SET language = '', use = NULL, tag = NULL, ciphertext = NULL, for_readers = NULL",
        "UPDATE survey_testimony SET plain = '{}'",
        "DELETE FROM survey_testimony",
    ):
        with psycopg.connect(url) as session, pytest.raises(psycopg.Error):
            session.execute(statement)


@pytest.mark.django_db
def test_the_database_refuses_codes_of_another_length() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Response.objects.create(wave=open_rehearsal(), answers={}, codes=b"123", width=4)


@pytest.mark.django_db
def test_the_application_cannot_drop_a_trigger() -> None:
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER response_guard ON survey_response")
