"""Sealing: the inbox of a wave becomes responses and testimonies that nothing joins. Once, and irreversible.

Texts go on as they are encrypted, without the key that the receipt code opens. Where a rehearsal had no reading key,
nobody could ever read them, and they are not kept.
"""

import json
import time
from collections.abc import Callable

from django.db import connection, transaction
from django.utils import timezone

from accounts.actions import record
from accounts.actors import Actor
from survey.actions import locks
from survey.actions.plain import seal_plain_inbox
from survey.actions.second_person import check_second_person
from survey.actions.stores import rewrite_tables
from survey.enums import Step, WaveState
from survey.errors import WrongState
from survey.instrument.codebook import Codebook, encode
from survey.models import Wave
from survey.queries.instruments import codebook_of

_CHUNK = 2000
_ATTEMPTS = 100
_PAUSE = 0.1

# One statement a store: all its rows share one transaction and one command number. Each is put into its own order by
# the operating system's randomness (gen_random_uuid), and has a new random key: no system column tells who is who.
_RESPONSES = """
    INSERT INTO survey_response (id, wave_id, answers, codes, width)
    SELECT gen_random_uuid(), inbox.wave_id, (inbox.document -> 'answers') - %s::text[], seal_codes.codes, %s
    FROM survey_inbox AS inbox JOIN seal_codes USING (receipt) WHERE inbox.wave_id = %s
    ORDER BY gen_random_uuid()"""
_TESTIMONIES = """
    INSERT INTO survey_testimony (id, wave_id, language, use, tag, role_group, ciphertext, for_readers)
    SELECT gen_random_uuid(), wave_id, language, (document #>> '{answers,tst_use}')::smallint, tag,
           CASE WHEN tag = 3 THEN (document #>> '{answers,role_group}')::smallint END,
           ciphertext, for_readers
    FROM survey_inbox,
         LATERAL (SELECT nullif((document #>> '{answers,tst_tag}')::smallint, -7) AS tag) AS allowed
    WHERE wave_id = %s AND for_readers IS NOT NULL
    ORDER BY gen_random_uuid()"""


class _ErasureUnderWay(Exception):
    """Somebody asked to erase while the sealing ran: it starts over and finds their answers gone."""


def seal_wave(actor: Actor, wave: Wave, pause: Callable[[float], None] = time.sleep) -> None:
    """Split the inbox of a closed wave into responses and testimonies, then destroy inbox, receipts and their images.

    Raises WrongState for a wave that is not closed, and for a live one before its announced date, or with texts that
    nobody could read because no reading key has been made; NotAllowed where a second person must have confirmed.
    """
    for _ in range(_ATTEMPTS):
        try:
            _seal_once(actor, wave)
            break
        except _ErasureUnderWay:
            pause(_PAUSE)
    else:
        raise WrongState(f"{wave} could not be sealed: erasures kept coming. Try again.")
    rewrite_stores(actor, wave)


def _seal_once(actor: Actor, wave: Wave) -> None:
    with transaction.atomic():
        locked = locks.own_wave(wave.pk)
        wave.refresh_from_db()
        check_second_person(actor, wave, Step.SEAL)
        _check_may_seal(wave, locked)
        _split(wave)
        Wave.objects.filter(pk=wave.pk).update(state=WaveState.SEALED)
        record(actor, "wave.sealed", f"wave:{wave.pk}")
        if not locks.nobody_is_erasing(wave.pk):
            raise _ErasureUnderWay
    wave.refresh_from_db()


def check_may_seal(wave: Wave) -> None:
    """Raises WrongState with what stands in the way."""
    _check_may_seal(wave, locks.see_wave(wave.pk))


def _check_may_seal(wave: Wave, locked: locks.LockedWave) -> None:
    if locked.state != WaveState.CLOSED:
        raise WrongState(f"{wave} is {locked.state}; only a closed wave can be sealed.")
    if wave.survey.is_rehearsal:
        return
    if timezone.now().date() < wave.seal_on:
        raise WrongState(f"{wave} was promised to stay open to correction and erasure until {wave.seal_on}.")
    if not locked.is_late:
        raise WrongState(f"{wave} still takes answers that are on their way, until {locked.late_until:%Y-%m-%d %H:%M}.")


def _split(wave: Wave) -> None:
    codebook = codebook_of(wave.survey)
    _encode_inbox(wave, codebook)
    with connection.cursor() as cursor:
        seal_plain_inbox(wave)
        leaving = [variable.name for variable in codebook.variables if variable.testimony]
        cursor.execute(_RESPONSES, [leaving, codebook.width, wave.pk])
        cursor.execute(_TESTIMONIES, [wave.pk])
        cursor.execute("DELETE FROM survey_inbox WHERE wave_id = %s", [wave.pk])
        cursor.execute("DELETE FROM survey_tombstone WHERE wave_id = %s", [wave.pk])
        cursor.execute("DROP TABLE seal_codes")


def _encode_inbox(wave: Wave, codebook: Codebook) -> None:
    """Write one byte per position for each inbox row into a temporary table, in chunks: memory stays flat."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE seal_codes (receipt bytea PRIMARY KEY, codes bytea NOT NULL)")
        raw = connection.connection
        with raw.cursor(name="sealing") as rows, raw.cursor() as writer:
            rows.execute("SELECT receipt, document -> 'answers' FROM survey_inbox WHERE wave_id = %s", [wave.pk])
            while chunk := rows.fetchmany(_CHUNK):
                with writer.copy("COPY seal_codes FROM STDIN (FORMAT BINARY)") as copy:
                    copy.set_types(["bytea", "bytea"])
                    for receipt, answers in chunk:
                        copy.write_row((receipt, encode(codebook, json.loads(answers))))


def rewrite_stores(actor: Actor, wave: Wave) -> None:
    """Rewrite the stores as their owner, so that no page holds the image of a deleted or rolled back row.

    Safe to repeat; the sweep does it for a wave whose sealing was killed between commit and here.
    """
    rewrite_tables()
    if Wave.objects.filter(pk=wave.pk, state=WaveState.SEALED, rewritten=False).update(rewritten=True):
        record(actor, "wave.rewritten", f"wave:{wave.pk}")
