"""Ways to hurt a running service at a chosen moment, and to see what is left of it.

Moments are chosen by locks, not by the clock: the test holds a table, waits until a process waits for it, and strikes.
"""

import http.client
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psycopg
import pytest
import redis
from celery import Task
from django.core.management import call_command
from django.db import connections

from config import embedded
from config.celery import app
from dev.servers import Postgres, Redis, unprivileged_user, wait_until
from tests import services
from tests.conftest import close_connections
from tests.stack import Stack, wait_for

RECOVERY = 120.0
"""Seconds after a restart within which everything that was under way must be finished."""


@dataclass
class Server:
    """One PostgreSQL or Redis of a test's own, which may be killed."""

    program: Postgres | Redis
    process: "subprocess.Popen[bytes] | None" = field(default=None)
    disk: "Disk | None" = None

    def start(self) -> None:
        self.program.prepare()
        user = getattr(self.program, "user", None)
        child = [sys.executable, str(embedded.ROOT / "dev" / "child.py"), *(["--user", user] if user else [])]
        log = self.program.home.parent / f"{type(self.program).__name__}.log"
        with log.open("ab") as errors:
            self.process = subprocess.Popen(
                [*child, *self.program.command()], stdin=subprocess.DEVNULL, stdout=errors, stderr=errors, cwd="/"
            )
        wait_until(self.program.answers, type(self.program).__name__)

    def stop(self, how: signal.Signals) -> None:
        if self.process:
            self.process.send_signal(how)
            self.process.wait(60)
            self.process = None


@contextmanager
def own_folder() -> Iterator[Path]:
    """Short enough for sockets, and open to the user that PostgreSQL runs as."""
    folder = Path(tempfile.mkdtemp(prefix="sunset-fault-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@dataclass(frozen=True)
class Disk:
    """A disk of its own, small enough to be full."""

    folder: Path

    def resize(self, size: str) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", str(self.folder)], check=True)

    def fill(self) -> Path:
        """Take all that is left; delete the file that is returned to give it back."""
        ballast = self.folder / "ballast"
        with ballast.open("wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12):
                with suppress(OSError):
                    while True:
                        file.write(bytes(size))
        return ballast


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Disk]:
    """`size` as mount knows it: 300k, 200m. Only root may mount; others skip the test."""
    if os.getuid() != 0:
        pytest.skip("only root can make a small disk")
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def own_broker() -> Iterator["Broker"]:
    with own_folder() as folder:
        broker = Broker(Redis(folder / "redis", folder / "run"))
        broker.start()
        yield broker
        broker.stop(signal.SIGKILL)


class Broker(Server):
    program: Redis

    @property
    def url(self) -> str:
        return embedded.redis_url(self.program.sockets)

    def flush(self) -> None:
        with self._client() as client:
            client.flushall()

    def is_idle(self) -> bool:
        """No message waits for a worker."""
        with self._client() as client:
            return client.llen("default") + client.llen("reports") + client.hlen("unacked") == 0

    def deliver(self, task: "Task[..., object]", *arguments: int, times: int = 1) -> None:
        """Send a Celery message, as often as is asked for."""
        with app.connection_for_write(self.url) as connection:
            for _ in range(times):
                task.apply_async(arguments, connection=connection)

    def _client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.program.socket))


@contextmanager
def own_cluster(size: str = "") -> Iterator["Cluster"]:
    """`size`: on a disk of that size, see `small_disk`."""
    with own_folder() as folder, small_disk(folder / "servers", size) if size else nullcontext() as disk:
        cluster = Cluster(Postgres(folder / "servers", folder / "run", unprivileged_user()), disk=disk)
        cluster.start()
        cluster.program.make_database()
        yield cluster
        cluster.stop(signal.SIGINT)


class Cluster(Server):
    program: Postgres
    database = embedded.DATABASE

    @contextmanager
    def under_django(self) -> Iterator[None]:
        """Both aliases point at it, and its database is migrated."""
        kept = {alias: dict(connections[alias].settings_dict) for alias in connections}
        close_connections()
        for alias in connections:
            connections[alias].settings_dict.update(HOST=str(self.program.sockets), NAME=self.database)
        try:
            call_command("migrate", verbosity=0, skip_checks=True)
            yield
        finally:
            close_connections()
            for alias in connections:
                connections[alias].settings_dict.update(kept[alias])

    def addresses(self) -> dict[str, str]:
        roles = {"DATABASE_URL": embedded.APP_ROLE, "OWNER_DATABASE_URL": embedded.OWNER_ROLE}
        return {name: embedded.database_url(self.program.sockets, role) for name, role in roles.items()}

    @property
    def superuser_url(self) -> str:
        return embedded.database_url(self.program.sockets, "postgres")

    def crash(self) -> None:
        """PostgreSQL's immediate shutdown: no good-byes, recovery from the log at the next start."""
        self.stop(signal.SIGQUIT)


@dataclass
class Hold:
    """A table that the test holds against everybody else."""

    session: "psycopg.Connection[tuple[object, ...]]"
    table: str

    def wait_for_somebody(self, stack: Stack) -> None:
        def is_wanted() -> bool:
            stack.check()
            wanting = "SELECT FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
            return self.session.execute(wanting, [self.table]).fetchone() is not None

        wait_for(is_wanted, f"somebody to want {self.table}, see {stack.logs}", RECOVERY)


@contextmanager
def hold(database_url: str, table: str, mode: str) -> Iterator[Hold]:
    """`mode`: SHARE lets others read and not write, ACCESS EXCLUSIVE neither."""
    session = psycopg.connect(database_url)
    try:
        session.execute(f"LOCK TABLE {table} IN {mode} MODE")
        yield Hold(session, table)
    finally:
        # Not rolled back but left: the server may be gone meanwhile.
        session.close()


def snapshot(database: str) -> dict[str, object]:
    """Table -> digest of all its rows: two equal snapshots mean that nothing was written in between."""
    with psycopg.connect(services.superuser_url(database)) as session:
        tables = session.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        digest = "SELECT md5(string_agg(row::text, E'\\n' ORDER BY row::text)) FROM {} AS row"
        return {str(table): session.execute(digest.format(table)).fetchone() for (table,) in tables}


def post(stack: Stack, path: str, fields: Mapping[str, str | Sequence[str]]) -> tuple[int, bytes]:
    """Status and page. Raises OSError when the server dies before it has answered."""
    line = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=RECOVERY)
    try:
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", path, urlencode(fields, doseq=True), form)
        answer = line.getresponse()
        return answer.status, answer.read()
    except http.client.HTTPException as error:
        raise ConnectionError from error
    finally:
        line.close()
