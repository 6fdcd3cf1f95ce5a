"""What respondents do: send and erase. No actor is named and no audit row is written, on purpose."""

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction

from survey import receipts
from survey.actions import locks
from survey.enums import EraseResult, SubmitResult, WaveState
from survey.instrument.validate import Submission
from survey.models import Inbox, Survey, Tombstone

# Not answers: the language of the form and what the page measured may differ between a send and its repeat.
_CIRCUMSTANCES = frozenset({"lang", "unproven", "fast", "straight", "flagged"})


@transaction.atomic
def submit(wave_id: int, survey_slug: str, language: str, submission: Submission, code: str) -> SubmitResult:
    """Store a validated submission under its receipt code, once.

    The code is the idempotency key: the same answers again are REPEATED, other answers under the same code CHANGED.
    """
    receipt = receipts.digest(survey_slug, code)
    wave = locks.share_wave(wave_id)
    locks.lock_receipt(receipt)
    if Tombstone.objects.filter(pk=receipt).exists():
        return SubmitResult.ERASED
    document = submission.as_document()
    if _takes_answers(wave) and _insert(receipt, wave_id, language, document):
        return SubmitResult.STORED
    return _compare_with_stored(receipt, document)


def _takes_answers(wave: locks.LockedWave) -> bool:
    return wave.state == WaveState.OPEN or (wave.state == WaveState.CLOSED and not wave.is_late)


def _insert(receipt: bytes, wave_id: int, language: str, document: Mapping[str, Any]) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO survey_inbox (receipt, wave_id, language, document) VALUES (%s, %s, %s, %s::jsonb) "
            "ON CONFLICT DO NOTHING",
            [receipt, wave_id, language, json.dumps(document, ensure_ascii=False)],
        )
        return bool(cursor.rowcount)


def _compare_with_stored(receipt: bytes, document: Mapping[str, Any]) -> SubmitResult:
    stored = Inbox.objects.filter(pk=receipt).values_list("document", flat=True).first()
    if stored is None:
        return SubmitResult.LATE
    return SubmitResult.REPEATED if _same_answers(stored, document) else SubmitResult.CHANGED


def _same_answers(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return one["texts"] == other["texts"] and _answers_only(one) == _answers_only(other)


def _answers_only(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document["answers"].items() if name not in _CIRCUMSTANCES}


@transaction.atomic
def erase(code: str) -> EraseResult:
    """Delete the answers of a receipt code and leave a tombstone, so that a late repeat stays erased.

    A program may have sent to several surveys under one code: all of it goes.
    """
    candidates = [receipts.digest(slug, code) for slug in Survey.objects.values_list("slug", flat=True)]
    rows = Inbox.objects.filter(pk__in=candidates).order_by("wave_id")  # who locks two waves does it in one order
    for receipt, wave_id in rows.values_list("receipt", "wave_id"):
        _erase_row(bytes(receipt), wave_id)
    return EraseResult.ERASED if Tombstone.objects.filter(pk__in=candidates).exists() else EraseResult.UNKNOWN


def _erase_row(receipt: bytes, wave_id: int) -> None:
    locks.announce_erasure(wave_id)
    locks.share_wave(wave_id)
    locks.lock_receipt(receipt)
    deleted, _ = Inbox.objects.filter(pk=receipt).delete()
    if deleted:
        Tombstone.objects.create(receipt=receipt, wave_id=wave_id)
