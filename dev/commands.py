"""How the programs of the service are started on one machine: for `make run` and for the tests alike."""

import sys
from pathlib import Path

from config import embedded

_CELERY = [sys.executable, "-m", "celery", "-q", "-A", "config"]
"""Quietly: its banner is no line of JSON."""


def web(host: str, port: int | str) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)),
        *("--workers", "2", "--blocking-threads", "24", "--log-level", "warning"),
        *("--log-config", str(embedded.ROOT / "config" / "granian.json"), "--no-ws", "config.wsgi:application"),
    ]


def worker() -> list[str]:
    quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat")
    return [*_CELERY, "worker", "-Q", "default,reports", "-c", "2", "--loglevel", "warning", *quiet]


def beat(schedule: Path) -> list[str]:
    """`schedule`: the file in which beat remembers what it has sent."""
    return [*_CELERY, "beat", "--loglevel", "warning", "--schedule", str(schedule), "--pidfile", ""]
