"""Everything around the database: broker, workers, scheduler, storage, clocks, disks, and the way in."""

import shutil
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from config.doctor.findings import Finding, unseen, warning, wrong
from config.selftest.cache import address
from config.tasks import BEAT_SEEN
from reports import storage

_QUEUES = ("default", "reports")
_LONG_QUEUE = 100
_SKEW, _LARGE_SKEW = 2.0, 30.0
_MIB = 1 << 20
_LOW, _FULL = 1024 * _MIB, 100 * _MIB
_PATIENCE = 5


def migrations_are_applied() -> Iterator[Finding]:
    executor = MigrationExecutor(connections["owner"])
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        yield wrong(
            f"{len(waiting)} migrations are not applied, the first is {waiting[0][0]}.", "Run manage.py migrate."
        )
    unknown = [name for name in executor.loader.applied_migrations if name not in executor.loader.disk_migrations]
    ours = [".".join(name) for name in unknown if name[0] in ("accounts", "survey", "reports")]
    if ours:
        yield wrong(
            f"The database has {ours[0]}, which this code does not know.", "Run the newer version of the service."
        )


def redis_keeps_to_itself() -> Iterator[Finding]:
    client = _redis()
    if any("O" in str(one.get("flags", "")) for one in client.client_list()):
        yield wrong("Somebody watches every command of Redis (MONITOR).", "Find the session in CLIENT LIST and end it.")
    try:
        known = client.config_get("*")
    except redis.ResponseError:
        yield unseen("The settings of Redis: CONFIG is refused.", "Ask who runs it for maxmemory-policy = noeviction.")
        return
    yield from redis_settings(known)


def redis_settings(known: dict[str, str]) -> Iterator[Finding]:
    if known.get("aof-timestamp-enabled") == "yes":
        yield warning("Redis writes the time beside its commands.", "Set aof-timestamp-enabled no.")
    if known.get("maxmemory-policy", "noeviction") != "noeviction":
        yield warning("Redis may throw messages away when it is full.", "Set maxmemory-policy noeviction.")
    if known.get("appendonly") == "no" and not known.get("save"):
        yield warning("A restart of Redis loses its messages; the sweeps make up for it.", "Set appendonly yes.")


def queues_are_short() -> Iterator[Finding]:
    client = _redis()
    for queue in _QUEUES:
        length = client.llen(queue)
        if length > _LONG_QUEUE:
            yield wrong(f"{length} messages wait in the queue {queue}.", f"Start a worker for it: celery -Q {queue}.")


def the_scheduler_is_seen() -> Iterator[Finding]:
    if not cache.get(BEAT_SEEN):
        yield wrong(
            "Nothing was heard of beat and a worker for two minutes: waves are not sealed, reports do not move.",
            "Start celery beat and celery worker, and read their logs.",
        )


def storage_can_be_written() -> Iterator[Finding]:
    if not storage.store().is_writable():
        yield wrong(f"No file can be written to {settings.STORAGE_URL}.", "Mend its permissions or its disk.")


def disks_have_room() -> Iterator[Finding]:
    places = {"storage": _storage_folder(), "temporary files": Path(tempfile.gettempdir())}
    for name, folder in places.items():
        existing = next(path for path in (folder, *folder.parents) if path.exists())
        yield from room(name, shutil.disk_usage(existing).free)


def room(name: str, free: int) -> Iterator[Finding]:
    """`free`: bytes."""
    if free < _FULL:
        yield wrong(f"{free // _MIB} MiB are left for {name}.", "Make room now: what is sent cannot be kept for long.")
    elif free < _LOW:
        yield warning(f"{free // _MIB} MiB are left for {name}.", "Make room.")


def clocks_agree() -> Iterator[Finding]:
    """Seal dates, late answers and leases are judged by the database's clock and by this machine's."""
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        row = cursor.fetchone()
    yield from skew("PostgreSQL", float(row[0]) - time.time() if row else 0.0)
    seconds, microseconds = _redis().time()
    yield from skew("Redis", seconds + microseconds / 1e6 - time.time())


def skew(server: str, seconds: float) -> Iterator[Finding]:
    do = "Let both machines set their clocks by NTP."
    if abs(seconds) > _LARGE_SKEW:
        yield wrong(f"The clock of {server} is {seconds:+.0f} seconds away from this machine's.", do)
    elif abs(seconds) > _SKEW:
        yield warning(f"The clock of {server} is {seconds:+.0f} seconds away from this machine's.", do)


def the_way_in_sets_no_cookie() -> Iterator[Finding]:
    """Asks for the first page as the world does, through whatever stands in front."""
    try:
        with urllib.request.urlopen(f"{settings.PUBLIC_URL}/en/", timeout=_PATIENCE) as answer:
            headers = answer.headers
    except (urllib.error.URLError, OSError, ValueError) as error:
        yield warning(
            f"{settings.PUBLIC_URL} does not answer from here: {error}.", "Look whether it answers from outside."
        )
        return
    if headers.get("Set-Cookie"):
        yield wrong("Something in front of the service sets a cookie on the first page.", "Find it: a proxy or a CDN.")
    if settings.PRODUCTION and not headers.get("Strict-Transport-Security"):
        yield warning("The first page comes without Strict-Transport-Security.", "Let the proxy pass the header on.")


def the_proxy_keeps_no_log() -> Iterator[Finding]:
    file = settings.BASE_DIR / "deploy" / "Caddyfile"
    if not file.is_file():
        yield unseen(
            "The settings of the proxy: no deploy/Caddyfile lies here.", "Compare them with that file by hand."
        )
        return
    yield from caddyfile(file.read_text())


def caddyfile(text: str) -> Iterator[Finding]:
    """Judges the file that is shipped; whether Caddy runs with it is not to be seen from here."""
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    excluded = {word for words in lines if words[0] == "exclude" for word in words[1:]}
    for logger in ("http.log.access", "http.log.error", "http.handlers.reverse_proxy"):
        if logger not in excluded:
            yield wrong(f"deploy/Caddyfile lets {logger} name requests.", f"Write `exclude {logger}` in its log block.")
    if any(words[0] == "log" and words[1:2] != ["default"] for words in lines):
        yield wrong("deploy/Caddyfile switches on an access log.", "Take the `log` line out of the site.")
    dropped = {words[1].lstrip("-").lower() for words in lines if words[0] == "header_up" and words[1].startswith("-")}
    for header in ("X-Forwarded-For", "User-Agent", "Referer"):
        if header.lower() not in dropped:
            yield warning(f"The proxy passes {header} on.", f"Write `header_up -{header}` in deploy/Caddyfile.")


def _storage_folder() -> Path:
    return Path(unquote(urlsplit(settings.STORAGE_URL).path))


def _redis() -> Any:
    return redis.Redis.from_url(address(0), socket_timeout=_PATIENCE)
