"""Sealed answers for counting. Only sealed waves are ever read here."""

from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.db import connection, transaction
from django.db.models import Count
from psycopg import sql

from survey.enums import WaveState
from survey.models import Inbox, Response, Wave
from survey.queries.waves import band

type Codes = np.ndarray[tuple[int, int], np.dtype[np.uint8]]

# Binary COPY: a header of 19 bytes, then for each row the number of fields (2 bytes), the length of the field
# (4 bytes) and the field; two bytes of -1 end it. https://www.postgresql.org/docs/15/sql-copy.html
_HEADER = 19
_BEFORE_FIELD = 6


@dataclass(frozen=True, slots=True)
class SealedWave:
    id: int
    number: int
    survey_slug: str
    seal_on: date
    """Announced: from this day nobody could find, change or erase an answer."""
    responses: int
    """Exact: for gates inside a worker. What staff see is rounded to 5."""


def sealed_waves(survey_slug: str) -> list[SealedWave]:
    waves = Wave.objects.filter(survey__slug=survey_slug, state=WaveState.SEALED).order_by("number")
    counts = dict(Response.objects.filter(wave__in=waves).order_by().values_list("wave_id").annotate(n=Count("pk")))
    return [SealedWave(wave.pk, wave.number, survey_slug, wave.seal_on, counts.get(wave.pk, 0)) for wave in waves]


def count_responses(wave_ids: Sequence[int]) -> int:
    return Response.objects.filter(wave_id__in=wave_ids, wave__state=WaveState.SEALED).count()


def attendance_band(wave_id: int) -> str:
    """How many have answered an open wave, as coarsely as staff may know it."""
    return band(Inbox.objects.filter(wave_id=wave_id).count())


def stream_codes(
    wave_ids: Sequence[int], width: int, offset: int = 0, limit: int | None = None, chunk: int = 32_768
) -> Generator[Codes]:
    """Coded columns of sealed waves as arrays of shape (up to `chunk`, `width`), in a fixed order of the random keys.

    `offset` and `limit` cut a part of a large report; memory is bounded by `chunk` rows. Until the generator ends or is
    closed, the connection can do nothing else. Raises django.db.DatabaseError.
    """
    statement = (
        "COPY (SELECT codes FROM survey_response JOIN survey_wave ON survey_wave.id = wave_id "
        "WHERE wave_id = ANY({}) AND state = 'sealed' AND width = {} {}) TO STDOUT (FORMAT BINARY)"
    )
    page = sql.SQL("ORDER BY survey_response.id OFFSET {} LIMIT {}").format(sql.Literal(offset), sql.Literal(limit))
    whole = offset == 0 and limit is None
    query = sql.SQL(statement).format(sql.Literal(list(wave_ids)), sql.Literal(width), sql.SQL("") if whole else page)
    yield from copied_codes(query, width, chunk)


def copied_codes(query: sql.Composed, width: int, chunk: int = 32_768) -> Generator[Codes]:
    """What a binary COPY of one column of `width` bytes brings, as `stream_codes` gives it."""
    wrapped = connection.wrap_database_errors
    with transaction.atomic(), wrapped, connection.cursor() as cursor, cursor.copy(query) as copy:
        yield from _rows(copy, width, chunk)


def _rows(copy: Iterator[bytes | memoryview], width: int, chunk: int) -> Iterator[Codes]:
    stride = _BEFORE_FIELD + width
    buffer = bytearray()
    skip = _HEADER
    for data in copy:
        buffer += data
        if skip and len(buffer) >= skip:
            del buffer[:skip]
            skip = 0
        if len(buffer) >= chunk * stride:
            yield _take(buffer, chunk, stride)
    whole = len(buffer) // stride
    if whole:
        yield _take(buffer, whole, stride)


def _take(buffer: bytearray, rows: int, stride: int) -> Codes:
    taken = np.frombuffer(bytes(memoryview(buffer)[: rows * stride]), dtype=np.uint8).reshape(rows, stride)
    del buffer[: rows * stride]
    return taken[:, _BEFORE_FIELD:]
