"""Sending answers: once, whatever the line does."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import AuditEntry
from survey import actions, receipts
from survey.enums import EraseResult, SubmitResult
from survey.models import Inbox, Tombstone, Wave
from tests.cast import SHELL, open_rehearsal, send


def in_thread(*arguments: object, **fields: str) -> SubmitResult:
    try:
        return send(*arguments, **fields)  # type: ignore[arg-type]
    finally:
        connection.close()


@pytest.mark.django_db
def test_a_repeat_stores_nothing_and_says_so() -> None:
    wave, code = open_rehearsal(), receipts.make()

    assert [send(wave, code, mdl="1") for _ in range(3)] == [SubmitResult.STORED, *[SubmitResult.REPEATED] * 2]
    assert Inbox.objects.count() == 1


def test_ten_sends_five_at_once_make_one_row(own_database: str) -> None:
    wave, code = open_rehearsal(), receipts.make()
    assert wave.survey.slug

    with ThreadPoolExecutor(5) as pool:
        results = list(pool.map(lambda _: in_thread(wave, code, mdl="1"), range(10)))

    assert sorted(results) == sorted([SubmitResult.STORED, *[SubmitResult.REPEATED] * 9])
    assert Inbox.objects.count() == 1


@pytest.mark.django_db
def test_other_answers_under_the_same_code_are_refused() -> None:
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1")
    before = Inbox.objects.values_list("document", flat=True).get()

    assert send(wave, code, mdl="2") is SubmitResult.CHANGED
    assert Inbox.objects.values_list("document", flat=True).get() == before


@pytest.mark.django_db
def test_the_language_of_the_form_is_no_answer() -> None:
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1")

    assert send(wave, code, language="zh-Hans", mdl="1") is SubmitResult.REPEATED


@pytest.mark.django_db
def test_what_was_erased_cannot_be_brought_back_by_a_late_repeat() -> None:
    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1")

    assert actions.erase(code) is EraseResult.ERASED
    assert send(wave, code, mdl="1") is SubmitResult.ERASED
    assert (Inbox.objects.count(), Tombstone.objects.count()) == (0, 1)
    assert actions.erase(code) is EraseResult.ERASED


@pytest.mark.django_db
def test_a_code_that_was_used_in_two_surveys_erases_in_both() -> None:
    one, other, code = open_rehearsal(), open_rehearsal("another"), receipts.make()
    send(one, code, mdl="1")
    send(other, code, mdl="1")

    assert actions.erase(code) is EraseResult.ERASED
    assert Inbox.objects.count() == 0

    send(open_rehearsal("third"), code, mdl="1")

    assert actions.erase(code) is EraseResult.ERASED
    assert Inbox.objects.count() == 0


@pytest.mark.django_db
def test_an_unknown_code_erases_nothing() -> None:
    send(open_rehearsal(), mdl="1")

    assert actions.erase(receipts.make()) is EraseResult.UNKNOWN
    assert Inbox.objects.count() == 1


@pytest.mark.django_db
def test_answers_on_their_way_are_taken_for_two_days_after_closing() -> None:
    wave, known = open_rehearsal(), receipts.make()
    send(wave, known, mdl="1")
    actions.close_wave(SHELL, wave)

    assert send(wave, mdl="1") is SubmitResult.STORED
    Wave.objects.filter(pk=wave.pk).update(late_until="2026-01-01T00:00Z")
    assert send(wave, mdl="1") is SubmitResult.LATE
    assert send(wave, known, mdl="1") is SubmitResult.REPEATED


@pytest.mark.django_db
def test_respondents_leave_no_audit_row() -> None:
    wave, code = open_rehearsal(), receipts.make()
    before = AuditEntry.objects.count()
    send(wave, code, mdl="1")
    actions.erase(code)

    assert AuditEntry.objects.count() == before


@pytest.mark.django_db
def test_no_store_of_answers_has_a_column_that_could_hold_a_time() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_name IN "
            "('survey_inbox', 'survey_tombstone', 'survey_response', 'survey_testimony')"
        )
        columns = cursor.fetchall()

    assert len(columns) > 15
    assert {kind for _, _, kind in columns} <= {
        "bytea",
        "bigint",
        "character varying",
        "jsonb",
        "uuid",
        "smallint",
        "text",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"state": "planned"}, {"seal_on": "2026-12-01"}, {"form": "short"}])
def test_the_database_refuses_to_change_what_a_wave_promised(change: dict[str, str]) -> None:
    wave = open_rehearsal()

    with pytest.raises(IntegrityError), transaction.atomic():
        Wave.objects.filter(pk=wave.pk).update(**change)
