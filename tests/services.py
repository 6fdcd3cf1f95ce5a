"""The servers that the tests talk to: those of TEST_DATABASE_URL and TEST_REDIS_URL, else embedded ones of this run.

A pytest plugin, loaded before the settings, because the settings read the addresses. Servers start when the first
test asks for them.
"""

import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

from config import embedded
from dev.servers import Postgres, Redis, unprivileged_user, wait_until

TEMPLATE = f"sunset_template_{os.getpid()}"
ROOT = embedded.ROOT

_folder = Path(tempfile.gettempdir()) / f"sunset-test-{os.getpid()}"
_postgres = Postgres(_folder / "servers", _folder / "run", unprivileged_user(), durable=False)
_redis = Redis(_folder / "redis", _folder / "run")
_given_database = os.environ.get("TEST_DATABASE_URL", "")
_given_redis = os.environ.get("TEST_REDIS_URL", "")


def superuser_url(name: str) -> str:
    """Address of a database as a role that may make databases and roles."""
    if _given_database:
        return _given_database.rpartition("/")[0] + "/" + name
    return embedded.database_url(_folder / "run", "postgres", name)


def url_of(role: str, name: str) -> str:
    head, _, tail = superuser_url(name).partition("://")
    return f"{head}://{role}@{tail.rpartition('@')[2]}"


def redis_url() -> str:
    return _given_redis or embedded.redis_url(_folder / "run")


os.environ.update(
    DATABASE_URL=url_of(embedded.APP_ROLE, TEMPLATE),
    OWNER_DATABASE_URL=url_of(embedded.OWNER_ROLE, TEMPLATE),
    REDIS_URL=redis_url(),
    STORAGE_URL=(_folder / "storage").as_uri(),
    DATABASE_CONN_MAX_AGE="0",
    PUBLIC_URL="http://testserver",
    # Two of eight: what a language more would show is tested with the main job, when ALL_LANGUAGES is set.
    REPORT_LANGUAGES="en,zh-Hans",
)


def _start(command: list[str], log: str) -> "subprocess.Popen[bytes]":
    child = [sys.executable, str(ROOT / "dev" / "child.py")]
    user = ["--user", _postgres.user] if _postgres.user and "postgres" in command[0] else []
    with (_folder / log).open("ab") as errors:
        process = subprocess.Popen(
            [*child, *user, *command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors, cwd="/"
        )
    atexit.register(_end, process)
    return process


def _end(process: "subprocess.Popen[bytes]") -> None:
    # SIGINT is PostgreSQL's fast shutdown.
    process.send_signal(signal.SIGINT)
    process.wait(30)
    shutil.rmtree(_folder, ignore_errors=True)


@cache
def database_server() -> None:
    """Start PostgreSQL if none was given, and make sure of the two roles."""
    import psycopg

    if not _given_database:
        _folder.mkdir(exist_ok=True)
        _folder.chmod(0o755)
        _postgres.prepare()
        _start(_postgres.command(), "postgres.log")
        wait_until(_postgres.answers, "PostgreSQL")
    with psycopg.connect(superuser_url("postgres"), autocommit=True) as connection:
        for role in (embedded.OWNER_ROLE, embedded.APP_ROLE):
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
                connection.execute(f"CREATE ROLE {role} LOGIN")


def database_folder() -> Path:
    return _postgres.data


def server_log() -> Path:
    return _folder / "postgres.log"


@cache
def redis_server() -> None:
    if not _given_redis:
        _folder.mkdir(exist_ok=True)
        start_redis()


def start_redis() -> "subprocess.Popen[bytes]":
    _redis.prepare()
    process = _start(_redis.command(), "redis.log")
    wait_until(_redis.answers, "Redis")
    return process


def make_database(name: str, template: str = "template0") -> None:
    import psycopg

    with psycopg.connect(superuser_url("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" OWNER {embedded.OWNER_ROLE} TEMPLATE "{template}"')


def drop_database(name: str) -> None:
    import psycopg

    with psycopg.connect(superuser_url("postgres"), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
