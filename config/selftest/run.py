"""The self-test: a wave of its own, a visit, a search; then sealing, and a search for order and joins."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection
from django.utils import timezone

from accounts.actors import command
from config.selftest import search
from config.selftest.visitor import PLACES, Visitor
from survey import actions
from survey.enums import Mode
from survey.models import Survey, Wave

SLUG = "anonymity-selftest"
ARRIVALS = 1 << PLACES
_ACTOR = command("anonymity_selftest")
_MAY_CHANGE = {"survey_inbox", "survey_tombstone"}
_STORES = ("survey_response", "survey_testimony")
_EMPTIED = ("survey_inbox", "survey_tombstone")


@dataclass(frozen=True, slots=True)
class Finding:
    place: str
    what: str


class SelfTest:
    def __init__(self, url: str, folders: Sequence[Path]) -> None:
        self._url, self._folders = url, folders
        self.searched: list[str] = []

    def run(self) -> list[Finding]:
        wave = self._open_wave()
        try:
            visitor, window, found = self._visit()
        finally:
            actions.close_wave(_ACTOR, wave)  # also when nobody answers: the landing page must not offer it on
        actions.seal_wave(_ACTOR, wave)
        return [*found, *self._everywhere(visitor.markers, window), *self._sealed(wave)]

    def _visit(self) -> tuple[Visitor, search.Window, list[Finding]]:
        visitor = Visitor(self._url, SLUG)
        before = search.fingerprints()
        # A pause on both sides keeps what staff and services did at other times out of the window.
        time.sleep(1.1)
        start = datetime.now(UTC)
        visitor.visit(ARRIVALS)
        window = search.Window(start, datetime.now(UTC))
        time.sleep(1.1)
        self.searched.append(f"{len(visitor.seen)} requests sent: {self._kinds(visitor)}")
        return visitor, window, [*self._changed_tables(before), *self._everywhere(visitor.markers, window)]

    def _open_wave(self) -> Wave:
        survey = Survey.objects.filter(slug=SLUG).first()
        survey = survey or actions.create_survey(_ACTOR, SLUG, "mris", Mode.REHEARSAL)
        for old in survey.waves.filter(state="open"):
            actions.close_wave(_ACTOR, old)
        wave = actions.create_wave(_ACTOR, survey, ["en"], timezone.now().date() + timedelta(days=30))
        actions.open_wave(_ACTOR, wave)
        return wave

    def _kinds(self, visitor: Visitor) -> str:
        counts: dict[int, int] = {}
        for _, status in visitor.seen:
            counts[status] = counts.get(status, 0) + 1
        return ", ".join(f"{count} × {status or 'cut off'}" for status, count in sorted(counts.items()))

    def _changed_tables(self, before: dict[str, tuple[int, int]]) -> Iterator[Finding]:
        after = search.fingerprints()
        self.searched.append(f"{len(after)} tables compared before and after the visit")
        for table in after:
            if after[table] != before.get(table) and table not in _MAY_CHANGE:
                yield Finding(f"table {table}", "changed during the visit")

    def _everywhere(self, markers: Sequence[str], window: search.Window) -> Iterator[Finding]:
        for place, text in self._texts():
            yield from (Finding(place, trace) for trace in search.traces(text, markers, window))

    def _texts(self) -> Iterator[tuple[str, str]]:
        names, keys, paths = search.tables(), 0, 0
        for table in names:
            yield from ((f"table {table}", row) for row in search.rows(table))
        for place, text in search.cache_and_queue():
            keys += 1
            yield place, text
        for path in search.files(self._folders):
            paths += 1
            yield from ((str(path), text) for text in search.text_of(path))
        self.searched.append(
            f"{len(names)} tables, {keys} keys of cache and queue, {paths} files in "
            + ", ".join(map(str, self._folders))
        )

    def _sealed(self, wave: Wave) -> Iterator[Finding]:
        for table in _STORES:
            for column in ("xmin", "cmin"):
                if self._one(f"SELECT count(DISTINCT {column}::text) FROM {table} WHERE wave_id = %s", wave.pk) > 1:
                    yield Finding(f"table {table}", f"several values of {column} within the wave")
        for table in _EMPTIED:
            if self._one(f"SELECT count(*) FROM {table} WHERE wave_id = %s", wave.pk):
                yield Finding(f"table {table}", "rows of a sealed wave")
            if not self._one(f"SELECT count(*) FROM {table}") and self._one("SELECT pg_relation_size(%s)", table):
                yield Finding(f"table {table}", "pages with images of deleted rows")
            if self._one("SELECT count(*) FROM pg_stats WHERE tablename = %s AND attname = 'receipt'", table):
                yield Finding(f"pg_stats of {table}", "samples of receipts")
        if self._one("SELECT count(*) FROM survey_response AS r JOIN survey_testimony AS t ON r.id = t.id"):
            yield Finding("testimonies", "joined to responses by their key")
        yield from self._order(wave)
        self.searched.append("xmin, cmin, ctid order, keys, emptied pages and samples of the sealed stores")

    def _order(self, wave: Wave) -> Iterator[Finding]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT answers::text FROM survey_response WHERE wave_id = %s ORDER BY ctid", [wave.pk])
            places = [_place(json.loads(answers)) for (answers,) in cursor.fetchall()]
        if sorted(places) != list(range(ARRIVALS)):
            yield Finding("table survey_response", f"{len(places)} answers instead of {ARRIVALS}")
            return
        tau = _kendall(places)
        # In random order the standard deviation of tau is .085 at n = 64.
        if abs(tau) > 0.43:
            yield Finding("table survey_response", f"stored in order of arrival (Kendall's tau {tau:.2f})")

    def _one(self, statement: str, *values: int | str) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            row = cursor.fetchone()
        return int(row[0]) if row else 0


def _place(answers: dict[str, int]) -> int:
    return sum(1 << bit for bit in range(PLACES) if answers[f"acc_{bit + 1:02}"] == 1)


def _kendall(places: Sequence[int]) -> float:
    """Kendall's tau of positions against values without ties: (concordant - discordant) / all pairs."""
    pairs = [(one, other) for index, one in enumerate(places) for other in places[index + 1 :]]
    return sum(1 if one < other else -1 for one, other in pairs) / len(pairs)
