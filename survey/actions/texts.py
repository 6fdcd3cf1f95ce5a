"""How a submission is written: its answers as a document, its texts encrypted."""

import json
from typing import NamedTuple

from django.db import connection

from survey.enums import Mode
from survey.instrument.validate import Submission
from survey.sealed_texts import Envelope, associated, seal_texts


class Stored(NamedTuple):
    """Columns of an inbox row."""

    document: str
    ciphertext: bytes | None = None
    for_receipt: bytes | None = None
    for_readers: bytes | None = None


class Readers(NamedTuple):
    """For whom the texts of a wave are sealed, and as what."""

    about: bytes
    public_key: bytes | None
    is_live: bool


def stored_form(wave_id: int, submission: Submission, code: str) -> Stored:
    """Without texts, nothing is asked and nothing encrypted.

    A live wave opens only with a reading key. One that an earlier version opened may have none yet: its texts stay in
    the document, as they were then, because what only the receipt opens would be lost at sealing. `doctor` names it.
    """
    if not submission.texts:
        return Stored(_as_json({"answers": submission.answers}))
    readers = readers_of(wave_id)
    if readers.is_live and readers.public_key is None:
        return Stored(_as_json(submission.as_document()))
    envelope: Envelope = seal_texts(submission.texts, readers.about, code, readers.public_key)
    return Stored(_as_json({"answers": submission.answers}), *envelope)


def readers_of(wave_id: int) -> Readers:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT slug, number, public_key, mode FROM survey_wave JOIN survey_survey ON survey_survey.id = survey_id "
            "LEFT JOIN survey_readingkey ON survey_readingkey.id = reading_key_id WHERE survey_wave.id = %s",
            [wave_id],
        )
        slug, number, public_key, mode = cursor.fetchone()
    return Readers(associated(slug, number), bytes(public_key) if public_key else None, mode == Mode.LIVE)


def _as_json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False)
