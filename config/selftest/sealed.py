"""After sealing: does anything tell in which order people came, or which testimony belongs to which response?

Texts are encrypted, and stay as they are when they are sealed. Which ciphertext is whose is looked up by receipt code
before sealing; that nobody else can do so afterwards is what the search for codes and their hashes shows.
"""

import json
import math
from collections.abc import Mapping, Sequence

from django.db import connection

from config.selftest.findings import Report
from config.selftest.journey import ARRIVALS, LATER
from survey import receipts
from survey.models import Wave

_STORES = ("survey_response", "survey_testimony")
_EMPTIED = ("survey_inbox", "survey_tombstone")
_ORDERS = ("ctid", "id")
_MOST = 5.5
"""Standard deviations of Kendall's tau in random order: beyond it, once in twenty-six million."""


type Arrivals = Mapping[bytes, int]
"""Ciphertext -> number of arrival."""


def arrivals(survey_slug: str, codes: Sequence[str]) -> Arrivals:
    """Before sealing: what the texts of these codes are stored as."""
    numbers = {receipts.digest(survey_slug, code): number for number, code in enumerate(codes)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT receipt, ciphertext FROM survey_inbox WHERE receipt = ANY(%s)", [list(numbers)])
        return {bytes(ciphertext): numbers[bytes(receipt)] for receipt, ciphertext in cursor.fetchall() if ciphertext}


def check(wave: Wave, arrived: Arrivals, report: Report) -> None:
    wave_id = wave.pk
    for table in _STORES:
        _check_transactions(table, wave_id, report)
    for table in _EMPTIED:
        _check_emptied(table, wave_id, report)
    if wave.reading_key_id is None:
        report.add_unseen("order of the testimonies", "no reviewer has made a reading key, so none were kept")
    else:
        _check_order(wave_id, arrived, report)
    if _number("SELECT count(*) FROM survey_response AS r JOIN survey_testimony AS t ON r.id = t.id"):
        report.add_found("table survey_testimony", "joined to responses by its key")
    report.add_searched("sealed stores", len(_STORES), "searched for order and joins: xmin, cmin, ctid, keys")


def _check_transactions(table: str, wave_id: int, report: Report) -> None:
    for column in ("xmin", "cmin"):
        if _number(f"SELECT count(DISTINCT {column}::text) FROM {table} WHERE wave_id = %s", wave_id) > 1:
            report.add_found(f"table {table}", f"several values of {column} within the wave")


def _check_emptied(table: str, wave_id: int, report: Report) -> None:
    if _number(f"SELECT count(*) FROM {table} WHERE wave_id = %s", wave_id):
        report.add_found(f"table {table}", "rows of a sealed wave")
    if not _number(f"SELECT count(*) FROM {table}") and _number("SELECT pg_relation_size(%s)", table):
        report.add_found(f"table {table}", "pages with images of deleted rows")


def _check_order(wave_id: int, arrived: Arrivals, report: Report) -> None:
    """Each store against the order of arrival, and the stores against each other."""
    for order in _ORDERS:
        responses, testimonies = _responses(wave_id, order), _testimonies(wave_id, arrived, order)
        for table, places in zip(_STORES, (responses, testimonies), strict=True):
            if sorted(places) != list(range(ARRIVALS)):
                report.add_found(f"table {table}", f"{len(places)} marked answers instead of {ARRIVALS}")
                return
            if is_ordered(places):
                report.add_found(f"table {table}", f"by {order}, it stands in the order of arrival")
        position = {place: number for number, place in enumerate(responses)}
        if is_ordered([position[place] for place in testimonies]):
            report.add_found("table survey_testimony", f"by {order}, it stands in the order of the responses")


def _responses(wave_id: int, order: str) -> list[int]:
    statement = f"SELECT answers::text FROM survey_response WHERE wave_id = %s ORDER BY {order}"
    with connection.cursor() as cursor:
        cursor.execute(statement, [wave_id])
        answers = [json.loads(text) for (text,) in cursor.fetchall()]
    return [_place(one) for one in answers if one["age"] == 3]


def _testimonies(wave_id: int, arrived: Arrivals, order: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ciphertext FROM survey_testimony WHERE wave_id = %s ORDER BY {order}", [wave_id])
        return [arrived[bytes(text)] for (text,) in cursor.fetchall() if bytes(text) in arrived]


def _place(answers: Mapping[str, int]) -> int:
    ticks = sum(1 << bit for bit in range(LATER - 1) if answers[f"acc_{bit + 1:02}"] == 1)
    return ticks + (answers["lang_main"] << (LATER - 1))


def is_ordered(places: Sequence[int]) -> bool:
    size = len(places)
    deviation = math.sqrt(2 * (2 * size + 5) / (9 * size * (size - 1)))
    return abs(kendall(places)) > _MOST * deviation


def kendall(places: Sequence[int]) -> float:
    """Kendall's tau of positions against values without ties: (concordant - discordant) / all pairs."""
    pairs = [(one, other) for index, one in enumerate(places) for other in places[index + 1 :]]
    return sum(1 if one < other else -1 for one, other in pairs) / len(pairs)


def _number(statement: str, *values: int | str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None)
        row = cursor.fetchone()
    return int(row[0]) if row else 0
