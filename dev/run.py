"""`make run`: the whole service on this machine. Ctrl-C stops all of it; a second call refuses."""

import fcntl
import json
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from types import FrameType
from typing import IO

from config import embedded
from dev import commands, supervision
from dev.servers import Postgres, Redis, ServerError, unprivileged_user, wait_until

VAR = embedded.ROOT / "var"
PYTHON = sys.executable


def run() -> int:
    lock = take_lock()
    os.environ.setdefault("PUBLIC_URL", base_url())
    user = unprivileged_user()
    sockets, home = embedded.socket_folder(), embedded.data_folder()
    postgres, redis = Postgres(home, sockets, user), Redis(VAR / "redis", sockets)
    # Whatever a killed run left behind is stopping now; two servers on one folder or socket would spoil both.
    wait_until(
        lambda: not (supervision.is_running(VAR) or postgres.answers() or redis.answers()), "the end of the last run"
    )
    postgres.prepare()
    redis.prepare()
    stop_when_asked()
    supervisor = supervision.start(programs(postgres, redis), VAR)
    try:
        return serve(supervisor, postgres, redis)
    except Stop:
        return 0
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        supervision.stop(supervisor)
        lock.close()


def serve(supervisor: "subprocess.Popen[bytes]", postgres: Postgres, redis: Redis) -> int:
    say("Starting PostgreSQL and Redis ...")
    wait_until(postgres.answers, "PostgreSQL")
    wait_until(redis.answers, "Redis")
    postgres.make_database()
    manage("migrate", "--verbosity", "0")
    manage("compile_texts")
    supervision.control(VAR, "start", "web", "worker", "beat")
    say("Building the rehearsals ...")
    accounts = json.loads(manage("rehearsals", "--password-seed", secrets.token_hex(16)))
    wait_until(lambda: answers(f"{base_url()}/readyz"), "the service", 90)
    print(json.dumps({"ready": True, "url": base_url(), "accounts": accounts}), flush=True)
    return supervisor.wait()


def programs(postgres: Postgres, redis: Redis) -> list[supervision.Program]:
    host, port = os.environ.get("HOST", "127.0.0.1"), os.environ.get("PORT", "8000")
    return [
        supervision.Program("postgres", postgres.command(), postgres.user, stop="INT", first=True),
        supervision.Program("redis", redis.command(), first=True),
        supervision.Program("web", commands.web(host, port)),
        supervision.Program("worker", commands.worker()),
        supervision.Program("beat", commands.beat(VAR / "beat-schedule")),
    ]


def base_url() -> str:
    host = os.environ.get("HOST", "127.0.0.1")
    shown = "localhost" if host in ("0.0.0.0", "::", "127.0.0.1") else host
    return f"http://{shown}:{os.environ.get('PORT', '8000')}"


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def manage(*arguments: str) -> str:
    # In a session of its own: Ctrl-C is for us, and we end it.
    done = subprocess.run(
        [PYTHON, "manage.py", *arguments],
        cwd=embedded.ROOT,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        check=False,
    )
    if done.returncode != 0:
        raise ServerError(f"manage.py {arguments[0]} failed; see above and var/log/.")
    return done.stdout


def take_lock() -> IO[str]:
    """A POSIX lock: it is this process's alone and gone with it, whatever its children do."""
    VAR.mkdir(exist_ok=True)
    lock = (VAR / "run.lock").open("a")
    deadline = time.monotonic() + 20
    while True:
        try:
            fcntl.lockf(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            # A run whose `make` was killed needs a moment to stop.
            if time.monotonic() > deadline or not orphaned():
                raise ServerError("`make run` is running in this folder already.") from None
            time.sleep(0.5)
        else:
            (VAR / "run.json").write_text(json.dumps({"pid": os.getpid(), "parent": os.getppid()}))
            return lock


def orphaned() -> bool:
    try:
        run = json.loads((VAR / "run.json").read_text())
        os.kill(run["parent"], 0)
    except (ValueError, KeyError, ProcessLookupError):
        return True
    except OSError:
        return False
    return False


class Stop(Exception):
    """Somebody asked the run to end."""


def stop_when_asked() -> None:
    """Ctrl-C, a polite kill and the death of `make` all end the run: its programs are stopped in order."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise Stop

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    threading.Thread(target=watch_parent, args=(os.getppid(),), daemon=True).start()


def watch_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGTERM)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
