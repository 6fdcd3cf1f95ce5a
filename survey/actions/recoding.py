"""Rebuilding the coded columns of sealed answers: the JSON answers are the truth, the codes are made from them."""

from django.db import connections, transaction

from accounts.actions import record
from accounts.actors import Actor
from survey.actions.sealing import rewrite_stores
from survey.enums import WaveState
from survey.errors import WrongState
from survey.instrument.codebook import Codebook, encode
from survey.models import Response, Survey, Wave
from survey.queries.instruments import codebook_of

_CHUNK = 2000

# All rows of the wave, changed or not: they go on sharing one transaction, and nothing tells which of them differed.
_UPDATE = """
    UPDATE survey_response SET codes = recoded.codes, width = %s
    FROM recoded WHERE recoded.id = survey_response.id AND wave_id = %s"""


def recode(actor: Actor, survey: Survey) -> dict[int, int]:
    """Encode the answers of every sealed wave anew: number of the wave -> how many rows differed.

    A wave of which nothing differs is left alone. Raises WrongState, and changes nothing, for answers that the
    codebook of today cannot encode.
    """
    codebook = codebook_of(survey)
    waves = survey.waves.filter(state=WaveState.SEALED).order_by("number")
    return {wave.number: _recode_wave(actor, wave, codebook) for wave in waves}


def _recode_wave(actor: Actor, wave: Wave, codebook: Codebook) -> int:
    with transaction.atomic(using="owner"):
        differing = _encode(wave, codebook)
        if differing:
            with connections["owner"].cursor() as cursor:
                cursor.execute(_UPDATE, [codebook.width, wave.pk])
    if differing:
        rewrite_stores(actor, wave)
        record(actor, "wave.recoded", f"wave:{wave.pk}")
    return differing


def _encode(wave: Wave, codebook: Codebook) -> int:
    """Write the new codes into a temporary table; how many differ from the old ones."""
    rows = Response.objects.using("owner").filter(wave=wave).values_list("id", "answers", "codes")
    differing = 0
    with connections["owner"].cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE recoded (id uuid PRIMARY KEY, codes bytea NOT NULL) ON COMMIT DROP")
    for chunk in _chunks(list(rows.values_list("id", flat=True))):
        found = [(key, _codes(wave, answers, codebook), old) for key, answers, old in rows.filter(id__in=chunk)]
        differing += sum(new != bytes(old) for _, new, old in found)
        with connections["owner"].cursor() as cursor:
            cursor.executemany("INSERT INTO recoded VALUES (%s, %s)", [(key, new) for key, new, _ in found])
    return differing


def _chunks[T](listed: list[T]) -> list[list[T]]:
    return [listed[first : first + _CHUNK] for first in range(0, len(listed), _CHUNK)]


def _codes(wave: Wave, answers: dict[str, int | str], codebook: Codebook) -> bytes:
    try:
        return encode(codebook, answers)
    except KeyError as error:
        raise WrongState(f"{wave}: the answers hold nothing that the codebook can encode as {error}.") from None
