"""Where a trace could lie in Redis: keys, their ages, the log of slow commands, files."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import redis
from django.conf import settings

from config.selftest.findings import Report
from config.selftest.marks import Marks
from config.selftest.times import Window

# The scheduler's heart-beat, what its tasks took, and Celery's queues and bindings: they change by themselves.
_SERVICE = re.compile(
    r".*:(beat-seen|task-seconds:.*)|_kombu\..*|default|reports|celery|unacked.*|.*\.reply\.celery\.pidbox"
)
_LEAST_DATABASES = 2


@dataclass(frozen=True, slots=True)
class Key:
    database: int
    name: str
    content: str
    idle: float | None
    """Seconds since it was last used; None where Redis does not say."""

    @property
    def place(self) -> str:
        return f"redis {self.database}: {self.name}"

    @property
    def is_of_the_service(self) -> bool:
        return _SERVICE.fullmatch(self.name) is not None


def keys() -> dict[tuple[int, str], Key]:
    found = {}
    for number in range(_databases()):
        client = _client(number)
        for name in client.scan_iter(count=1000):
            key = _read(client, number, name)
            found[number, key.name] = key
    return found


def _read(client: Any, number: int, name: bytes) -> Key:
    idle = None
    with suppress(redis.ResponseError):  # not kept under some policies of eviction
        idle = client.object("idletime", name)
    return Key(number, name.decode(errors="replace"), repr(_content(client, name)), idle)


def _content(client: Any, name: bytes) -> Any:
    """As it is, not as DUMP gives it: that is compressed."""
    match client.type(name):
        case b"string":
            return client.get(name)
        case b"list":
            return client.lrange(name, 0, -1)
        case b"hash":
            return client.hgetall(name)
        case b"set":
            return client.smembers(name)
        case b"zset":
            return client.zrange(name, 0, -1, withscores=True)
        case b"stream":
            return client.xrange(name)
        case _:
            return client.dump(name)


@dataclass
class Search:
    marks: Marks
    window: Window
    before: Mapping[tuple[int, str], Key]
    report: Report
    sealed: bool

    def run(self) -> None:
        now, present = datetime.now(UTC), keys()
        for identity, key in present.items():
            self._text(key.place, f"{key.name} {key.content}")
            if not key.is_of_the_service and not self.sealed:
                self._change(key, self.before.get(identity))
                self._use(key, now)
        self.report.add_searched("cache and queues (Redis)", len(present), "keys")
        self._logs()

    def _change(self, key: Key, earlier: Key | None) -> None:
        if earlier is None or earlier.content != key.content:
            self.report.add_found(key.place, "was written during the visit")

    def _use(self, key: Key, now: datetime) -> None:
        # Counted in whole seconds. Our own look before the visit lies before the window.
        if key.idle and self.window.holds(now - timedelta(seconds=key.idle)):
            self.report.add_found(key.place, "was used during the visit, and Redis knows when")

    def _text(self, place: str, text: str) -> None:
        for name in self.marks.in_text(text, "", self.sealed):
            self.report.add_found(place, name)
        for time in self.window.times_in(text):
            self.report.add_found(place, f"the time {time}, which is within the visit")

    def _logs(self) -> None:
        try:
            for entry in _client(0).slowlog_get(1000):
                self._slow(str(entry.get("command", b"")), str(entry))
        except redis.ResponseError:
            self.report.add_unseen("slow log of Redis", "this Redis does not show it")

    def _slow(self, command: str, entry: str) -> None:
        for name in self.marks.in_text(entry, "", self.sealed):
            self.report.add_found("slow log of Redis", f"{name} in {command[:20]}")


def folder() -> Path | None:
    """Where Redis keeps its files, if it says so and they lie on this machine."""
    with suppress(redis.ResponseError, PermissionError):
        path = Path(str(_client(0).config_get("dir").get("dir", "")))
        return path if path.is_absolute() and path.is_dir() else None
    return None


def _databases() -> int:
    with suppress(redis.ResponseError):
        return int(_client(0).config_get("databases").get("databases", _LEAST_DATABASES))
    return _LEAST_DATABASES


def _client(number: int) -> Any:
    return redis.Redis.from_url(address(number))


def address(number: int) -> str:
    plain = str(settings.REDIS_URL).replace("redis+socket://", "unix://").partition("?")[0]
    return f"{plain}?db={number}" if plain.startswith("unix") else f"{re.sub(r'/\d+$', '', plain)}/{number}"
