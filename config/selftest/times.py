"""Times of requests, in every shape that a log, a table or a key might give them."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"(20\d\d-[01]\d-[0-3]\d)[T ]([0-2]\d:[0-5]\d:[0-5]\d)(?:[.,]\d+)?\s?(Z|[+-]\d\d(?::?\d\d)?)?")
_SLASHED = re.compile(r"(20\d\d)/([01]\d)/([0-3]\d) ([0-2]\d:[0-5]\d:[0-5]\d)")
_COMMON_LOG = re.compile(r"([0-3]\d)/([A-Z][a-z]{2})/(20\d\d):([0-2]\d:[0-5]\d:[0-5]\d) ([+-]\d{4})")
_SPOKEN = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? ([0-3 ]?\d) ([A-Z][a-z]{2}) (20\d\d) ([0-2]\d:[0-5]\d:[0-5]\d)"
)
_C_TIME = re.compile(r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ([A-Z][a-z]{2}) ([0-3 ]\d) ([0-2]\d:[0-5]\d:[0-5]\d) (20\d\d)")
_EPOCH = re.compile(r"(?<![\w.])(1[6-9]\d{8})(\d{3}|\d{6}|\d{9})?(?:\.\d+)?(?!\w)")
_UUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}-[0-9a-f]{4}-[17][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}(?![0-9a-f])")
_GREGORIAN = datetime(1582, 10, 15, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Window:
    """From the first to the last request of a visit."""

    start: datetime
    end: datetime

    def holds(self, time: datetime) -> bool:
        return self.start.replace(microsecond=0) <= time <= self.end

    def times_in(self, text: str) -> Iterator[str]:
        """The times within the window that are written in a text, as they are written."""
        for written, times in _read(text):
            if any(self.holds(time) for time in times):
                yield written


def _read(text: str) -> Iterator[tuple[str, list[datetime]]]:
    """What is written, and the times it may mean: one without a zone is either in UTC or in the machine's own."""
    for found in _ISO.finditer(text):
        yield found[0], _zoned(f"{found[1]}T{found[2]}", found[3] or "")
    for found in _SLASHED.finditer(text):
        yield found[0], _zoned(f"{found[1]}-{found[2]}-{found[3]}T{found[4]}", "")
    for found in _COMMON_LOG.finditer(text):
        yield found[0], _spoken(f"{found[1]} {found[2]} {found[3]} {found[4]} {found[5]}")
    for found in _SPOKEN.finditer(text):
        yield found[0], _spoken(f"{found[1].strip()} {found[2]} {found[3]} {found[4]} +0000")
    for found in _C_TIME.finditer(text):
        yield found[0], _spoken(f"{found[2].strip()} {found[1]} {found[4]} {found[3]} +0000")
    for found in _EPOCH.finditer(text):
        yield found[0], [datetime.fromtimestamp(int(found[1]), UTC)]
    for found in _UUID.finditer(text):
        yield found[0], [_time_of(uuid.UUID(found[0]))]


def _zoned(iso: str, zone: str) -> list[datetime]:
    try:
        if zone:
            return [datetime.fromisoformat(iso + (zone if len(zone) != 3 else f"{zone}:00"))]
        naive = datetime.fromisoformat(iso)
    except ValueError:
        return []
    return [naive.replace(tzinfo=UTC), naive.astimezone(UTC)]


def _spoken(text: str) -> list[datetime]:
    try:
        return [parsedate_to_datetime(text)]
    except ValueError:
        return []


def _time_of(key: uuid.UUID) -> datetime:
    """Versions 1 and 7 begin with the time at which they were made."""
    if key.version == 1:
        return _GREGORIAN + timedelta(microseconds=key.time // 10)
    return datetime.fromtimestamp((key.int >> 80) / 1000, UTC)
