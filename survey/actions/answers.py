"""What respondents do: send, correct and erase. No actor is named and no audit row is written, on purpose."""

from collections.abc import Mapping

from django.db import connection, transaction

from survey import receipts
from survey.actions import locks
from survey.actions.texts import Stored, stored_form
from survey.enums import CorrectResult, EraseResult, SubmitResult, WaveState
from survey.instrument.schema import Code
from survey.instrument.validate import Submission
from survey.models import Inbox, Survey, Tombstone
from survey.queries.receipts import stored_submission

# Not answers: the language of the form and what the page measured may differ between a send and its repeat.
_CIRCUMSTANCES = frozenset({"lang", "unproven", "fast", "straight", "flagged"})
# What was measured when the answers were first sent; a correction leaves it as it was.
_MEASURED = ("unproven", "fast")


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
    if _takes_answers(wave) and _insert(receipt, wave_id, language, stored_form(wave_id, submission, code)):
        return SubmitResult.STORED
    return _compare_with_stored(receipt, submission, code)


def _takes_answers(wave: locks.LockedWave) -> bool:
    return wave.state == WaveState.OPEN or (wave.state == WaveState.CLOSED and not wave.is_late)


def _insert(receipt: bytes, wave_id: int, language: str, stored: Stored) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO survey_inbox (receipt, wave_id, language, document, ciphertext, for_receipt, for_readers) "
            "VALUES (%s, %s, %s, %s::jsonb, %s, %s, %s) ON CONFLICT DO NOTHING",
            [receipt, wave_id, language, stored.document, stored.ciphertext, stored.for_receipt, stored.for_readers],
        )
        return bool(cursor.rowcount)


def _compare_with_stored(receipt: bytes, submission: Submission, code: str) -> SubmitResult:
    row = Inbox.objects.select_related("wave__survey").filter(pk=receipt).first()
    if row is None:
        return SubmitResult.LATE
    same = _same_answers(stored_submission(row, code), submission)
    return SubmitResult.REPEATED if same else SubmitResult.CHANGED


def _same_answers(one: Submission, other: Submission) -> bool:
    return one.texts == other.texts and _answers_only(one) == _answers_only(other)


def _answers_only(submission: Submission) -> dict[str, Code]:
    return {name: value for name, value in submission.answers.items() if name not in _CIRCUMSTANCES}


@transaction.atomic
def correct(wave_id: int, survey_slug: str, language: str, submission: Submission, code: str) -> CorrectResult:
    """Put a validated submission in the place of the answers stored in this wave under a receipt code.

    Possible until the wave is sealed, whether or not it still takes new answers. Nothing tells afterwards that there
    was a correction. Raises ValueError if `submission` was not judged with the stored `unproven` and `fast`.
    """
    receipt = receipts.digest(survey_slug, code)
    locks.share_wave(wave_id)
    locks.lock_receipt(receipt)
    row = Inbox.objects.select_related("wave__survey").filter(pk=receipt, wave_id=wave_id).first()
    if row is None:
        return CorrectResult.ERASED if Tombstone.objects.filter(pk=receipt).exists() else CorrectResult.UNKNOWN
    stored = stored_submission(row, code)
    _refuse_other_measures(stored.answers, submission.answers)
    if (row.language, stored) != (
        language,
        submission,
    ):  # every update leaves the image of the old row until the vacuum
        _replace(receipt, language, stored_form(wave_id, submission, code))
    return CorrectResult.CORRECTED


def _refuse_other_measures(stored: Mapping[str, Code], sent: Mapping[str, Code]) -> None:
    for name in _MEASURED:
        if stored[name] != sent[name]:
            raise ValueError(f"A correction leaves {name!r} as it was.")


def _replace(receipt: bytes, language: str, stored: Stored) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE survey_inbox SET language = %s, document = %s::jsonb, ciphertext = %s, for_receipt = %s, "
            "for_readers = %s WHERE receipt = %s",
            [language, stored.document, stored.ciphertext, stored.for_receipt, stored.for_readers, receipt],
        )


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
