"""Where a trace could lie, and what one looks like: markers as they are, and any time within the visit."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import redis
from django.conf import settings
from django.db import connection

_ISO = re.compile(r"(20\d\d-[01]\d-[0-3]\d)[T ]([0-2]\d:[0-5]\d:[0-5]\d)")
_EPOCH = re.compile(r"(?<![\d.])(1[6-9]\d{8})(?:\d{3}|\.\d+)?(?!\d)")
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Window:
    """From first to last request of the visit."""

    start: datetime
    end: datetime

    def times_in(self, text: str) -> Iterator[str]:
        for day, time in _ISO.findall(text):
            if self.holds(datetime.fromisoformat(f"{day}T{time}+00:00")):
                yield f"{day} {time}"
        for epoch in _EPOCH.findall(text):
            if self.holds(datetime.fromtimestamp(int(epoch), UTC)):
                yield epoch

    def holds(self, time: datetime) -> bool:
        return self.start.replace(microsecond=0) <= time <= self.end


def traces(text: str, markers: Sequence[str], window: Window) -> list[str]:
    return [marker for marker in markers if marker in text] + [f"time {time}" for time in window.times_in(text)]


def tables() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def rows(table: str) -> Iterator[str]:
    """Each row as text, document and byte columns included."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT row.*::text FROM "{table}" AS row')
        while block := cursor.fetchmany(2000):
            yield from (text for (text,) in block)


def fingerprints() -> dict[str, tuple[int, int]]:
    """Number and hash of the rows of each table, to see which ones a visit changed."""
    found = {}
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f'SELECT count(*), coalesce(sum(hashtextextended(row.*::text, 0)), 0) FROM "{table}" AS row')
            count, total = cursor.fetchone() or (0, 0)
            found[table] = (count, int(total))
    return found


def cache_and_queue() -> Iterator[tuple[str, str]]:
    """Every key of Redis, in every database, with its content."""
    for number in range(2):
        client = redis.Redis.from_url(_address(number))
        for key in client.scan_iter(count=1000):
            yield f"redis {number}: {key!r}", repr((key, client.dump(key)))


def _address(number: int) -> str:
    plain = settings.REDIS_URL.replace("redis+socket://", "unix://").partition("?")[0]
    return f"{plain}?db={number}" if plain.startswith("unix") else re.sub(r"/\d+$", f"/{number}", plain)


def files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file() and not path.is_symlink())


def text_of(path: Path) -> Iterator[str]:
    """The file in overlapping blocks, so that a marker across a border is found."""
    with path.open("rb") as file:
        tail = ""
        while block := file.read(_BLOCK):
            text = tail + block.decode("latin-1")
            yield text
            tail = text[-100:]
