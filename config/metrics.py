"""`/metrics` for Prometheus: facts about the service, looked up when they are asked for.

Nothing is counted in the processes, so it does not matter which of them answers, and nothing here grows with what
respondents do: an exact size, a number of requests or a processor's time would tell when somebody answered.
"""

import platform
import re
import secrets
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import django
import redis
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.registry import Collector

from config.backup import copies
from config.celery import SECONDS_OF
from config.selftest.cache import address
from config.tasks import BEAT_KEPT, BEAT_SEEN
from reports.enums import State

_QUEUES = ("default", "reports")
_PATIENCE = 2
_STEP = 64 << 20
"""Bytes: the size of the database is told in steps of it, or it would grow with every few answers."""
_LOOPBACK = ("127.0.0.1", "::1")


def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever sends METRICS_TOKEN; in a rehearsal without one, for this machine. Others find no such page."""
    if not _may_read(request):
        raise Http404
    registry = CollectorRegistry()
    registry.register(_Facts())
    return HttpResponse(
        generate_latest(registry), content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"}
    )


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        sent = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(sent.encode(), settings.METRICS_TOKEN.encode())
    # Behind a proxy on the same machine everybody would come from it, so in production there is no such way in.
    return not settings.PRODUCTION and request.META.get("REMOTE_ADDR") in _LOOPBACK


class _Facts(Collector):
    def collect(self) -> Iterator[Metric]:
        failed = GaugeMetricFamily("sunset_unknown", "1: these facts could not be looked up.", labels=["facts"])
        for name, look in _LOOKS.items():
            try:
                found = list(look())
            except Exception:
                # Whatever is wrong with one service, what the others say is wanted all the more.
                failed.add_metric([name], 1)
            else:
                yield from found
        yield failed

    def describe(self) -> Iterator[Metric]:
        """Nothing is looked up before somebody asks."""
        return iter(())


def _build() -> Iterator[Metric]:
    facts = {"revision": settings.REVISION, "python": platform.python_version(), "django": django.get_version()}
    yield InfoMetricFamily("sunset_build", "What runs.", facts)


def _reports() -> Iterator[Metric]:
    known = dict.fromkeys((str(state.value) for state in State), 0)
    known |= dict(_all("SELECT state, count(*) FROM reports_report GROUP BY state"))
    family = GaugeMetricFamily("sunset_reports", "Reports by state.", labels=["state"])
    for state, number in sorted(known.items()):
        family.add_metric([state], number)
    yield family


def _leases() -> Iterator[Metric]:
    """A worker at work renews its lease; what has not been renewed for longer than LEASE_SECONDS, nobody works on."""
    held = "SELECT lease_until FROM {} WHERE lease_until IS NOT NULL"
    ((number, age),) = _all(
        "SELECT count(*), coalesce(extract(epoch FROM max(now() - lease_until)), 0)::float8 "
        f"FROM ({held.format('reports_report')} UNION ALL {held.format('reports_part')}) AS held"
    )
    yield _gauge("sunset_leases", "Pieces of work that a worker holds.", number)
    oldest = max(0.0, age + settings.LEASE_SECONDS) if number else 0.0
    yield _gauge("sunset_oldest_lease_seconds", "Since the lease was renewed that waits longest for it.", oldest)


def _database() -> Iterator[Metric]:
    ((size,),) = _all("SELECT pg_database_size(current_database())")
    yield _gauge("sunset_database_bytes", "Size of the database, in steps of 64 MiB.", -(-size // _STEP) * _STEP)


def _queues() -> Iterator[Metric]:
    client = _redis(0)
    family = GaugeMetricFamily("sunset_queue_messages", "Messages that wait for a worker.", labels=["queue"])
    for queue in _QUEUES:
        family.add_metric([queue], int(client.llen(queue)))
    yield family


def _beat() -> Iterator[Metric]:
    left = int(_redis(1).ttl(cache.make_key(BEAT_SEEN)))
    age = BEAT_KEPT - left if left >= 0 else float("inf")
    yield _gauge("sunset_beat_age_seconds", "Since beat and a worker were last seen; Inf: for longer.", age)


def _sweeps() -> Iterator[Metric]:
    family = GaugeMetricFamily("sunset_task_seconds", "How long the last run of a regular task took.", labels=["task"])
    for entry in settings.CELERY_BEAT_SCHEDULE.values():
        seconds = cache.get(SECONDS_OF.format(entry["task"]))
        if seconds is not None:
            family.add_metric([str(entry["task"])], float(seconds))
    yield family


def _storage() -> Iterator[Metric]:
    folder = Path(unquote(urlsplit(settings.STORAGE_URL).path))
    size = sum(path.stat().st_size for path in folder.glob("??/*") if path.is_file())
    yield _gauge("sunset_storage_bytes", "Size of the files of reports.", size)
    yield _gauge("sunset_storage_free_bytes", "Room that is left for them.", shutil.disk_usage(folder).free)


def _copies() -> Iterator[Metric]:
    made = [copy.made_at for copy in copies()]
    age = (timezone.now() - max(made)).total_seconds() if made else float("inf")
    yield _gauge("sunset_newest_copy_age_seconds", "Since the newest copy in BACKUP_FOLDER was made; Inf: none.", age)


def _process() -> Iterator[Metric]:
    found = re.search(r"^VmRSS:\s+(\d+) kB", Path("/proc/self/status").read_text(), re.MULTILINE)
    if found:
        size = int(found[1]) * 1024
        yield _gauge("sunset_process_memory_bytes", "Memory of the web process that answers.", size)


_LOOKS: dict[str, Callable[[], Iterator[Metric]]] = {
    "build": _build,
    "reports": _reports,
    "leases": _leases,
    "database": _database,
    "queues": _queues,
    "beat": _beat,
    "tasks": _sweeps,
    "storage": _storage,
    "copies": _copies,
    "process": _process,
}


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, about, value=value)


def _all(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def _redis(number: int) -> Any:
    return redis.Redis.from_url(address(number), socket_timeout=_PATIENCE)
