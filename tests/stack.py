"""The whole service as processes of their own: web server, Celery worker and beat, on one test's own database."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from config import embedded
from dev import commands
from tests import services

PATIENCE = 300.0


@dataclass
class Stack:
    """Processes by name. Each can be killed and started again; `logs` holds what they printed.

    A name may end in a number, as `worker-2`: another process of the same kind.
    """

    database: str
    folder: Path
    extra: dict[str, str] = field(default_factory=dict)
    port: int = 0
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DATABASE_URL": services.url_of(embedded.APP_ROLE, self.database),
            "OWNER_DATABASE_URL": services.url_of(embedded.OWNER_ROLE, self.database),
            "REDIS_URL": services.redis_url(),
            "STORAGE_URL": (self.folder / "storage").as_uri(),
            "PUBLIC_URL": self.url,
            "DATABASE_CONN_MAX_AGE": "60",
            "PYTHONWARNINGS": "default",
            **self.extra,
        }

    def start(self, *names: str) -> None:
        self.logs.mkdir(exist_ok=True)
        for name in names:
            command = [sys.executable, str(embedded.ROOT / "dev" / "child.py"), *self._command(name)]
            with (self.logs / f"{name}.log").open("ab") as log:
                self.processes[name] = subprocess.Popen(
                    command,
                    cwd=embedded.ROOT,
                    env=self.environment(),
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                )

    def _command(self, name: str) -> list[str]:
        match name.partition("-")[0]:
            case "web":
                return commands.web("127.0.0.1", self.port)
            case "worker":
                return commands.worker()
            case _:
                return commands.beat(self.folder / name)

    def log(self, name: str) -> str:
        return (self.logs / f"{name}.log").read_text()

    def signal(self, name: str, number: signal.Signals) -> None:
        """To the process and all its children."""
        os.killpg(self.processes[name].pid, number)

    def kill(self, *names: str) -> None:
        """kill -9 of the processes and all their children."""
        for name in names:
            with suppress(ProcessLookupError):
                self.signal(name, signal.SIGKILL)
            self.processes.pop(name).wait()

    def check(self) -> None:
        """Raises AssertionError, with the end of its log, if a process has ended by itself."""
        for name, process in self.processes.items():
            assert process.poll() is None, f"{name} ended: {self.log(name)[-2000:]}"

    def stop(self) -> None:
        """End all processes politely: what they have begun they finish."""
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(20)
        self.kill(*self.processes)

    def manage(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=embedded.ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )

    def wait_until_ready(self, path: str = "/readyz") -> None:
        wait_for(lambda: _answers(self.url + path), f"{path}, see {self.logs}")


@contextmanager
def running(database: str, folder: Path, *names: str, **extra: str) -> Iterator[Stack]:
    stack = Stack(database, folder, extra, _free_port())
    stack.start(*names)
    try:
        if "web" in names:
            stack.wait_until_ready("/readyz" if "beat" in names else "/healthz")
        yield stack
    finally:
        stack.stop()


def wait_for(condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
