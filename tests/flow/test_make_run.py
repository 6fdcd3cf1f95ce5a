"""`make run` in a fresh clone: one ready line, a second call refuses, kill -9 and again, Ctrl-C stops all of it.

The clone lies in a folder that only its owner may enter, and the servers are those of the wheels, so that a machine
with installed servers tries both.
"""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from config import embedded
from tests.stack import _free_port, wait_for

READY_WITHIN = 600.0


class Clone:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, _free_port()
        self.started: list[subprocess.Popen[str]] = []

    def make_run(self) -> "subprocess.Popen[str]":
        environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
        with (self.folder / "errors.txt").open("w") as errors:
            process = subprocess.Popen(
                ["make", "run"], cwd=self.folder, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=errors, start_new_session=True,
                env={
                    **environment,
                    "PORT": str(self.port),
                    "SUNSET_SERVERS": "wheels",
                    "REPORT_LANGUAGES": "en,ar",  # All eight take a minute more, and are rendered in other tests.
                },
            )  # fmt: skip
        self.started.append(process)
        return process

    def ready_line(self, process: "subprocess.Popen[str]") -> dict:
        assert process.stdout
        os.set_blocking(process.stdout.fileno(), False)
        lines: list[str] = []
        wait_for(lambda: self._reads(process, lines), f"the ready line: {self.errors()}", READY_WITHIN)
        return json.loads(lines[0])

    def _reads(self, process: "subprocess.Popen[str]", lines: list[str]) -> bool:
        assert process.poll() is None, self.errors()
        assert process.stdout
        lines += [line for line in process.stdout.readlines() if line.startswith("{")]
        return bool(lines)

    def errors(self) -> str:
        return (self.folder / "errors.txt").read_text()[-2000:]

    def main_pid(self) -> int:
        return int(json.loads((self.folder / "var" / "run.json").read_text())["pid"])

    def processes(self) -> list[str]:
        """Commands of this clone that still run, its servers included."""
        listed = subprocess.run(["ps", "-eo", "pid=,args="], capture_output=True, text=True, check=True).stdout
        ours = re.compile(f"{re.escape(str(self.folder))}|{embedded.own_name(self.folder)}")
        return [line for line in listed.splitlines() if ours.search(line)]


@pytest.fixture
def clone(tmp_path: Path) -> Iterator[Clone]:
    folder = tmp_path / "clone"
    folder.mkdir(mode=0o700)
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=embedded.ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.split("\0"):
        if name and (embedded.ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(embedded.ROOT / name, folder / name)
    clone = Clone(folder)
    yield clone
    for process in clone.started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)
        if process.stdout:
            process.stdout.close()
    shutil.rmtree(Path("/var/lib") / embedded.own_name(folder), ignore_errors=True)
    shutil.rmtree(Path("/run") / embedded.own_name(folder), ignore_errors=True)


def test_it_starts_refuses_a_second_and_survives_a_kill(clone: Clone) -> None:
    before = {path: path.stat().st_mode for path in clone.folder.parents}
    first = clone.make_run()
    ready = clone.ready_line(first)

    assert (ready["ready"], ready["url"]) == (True, f"http://localhost:{clone.port}")
    assert {account["role"] for account in ready["accounts"]} == {"admin", "researcher", "reviewer"}
    for account in ready["accounts"]:
        more = {"passphrase"} if account["role"] == "reviewer" else set()
        assert set(account) == {"role", "email", "password"} | more
    with urlopen(f"{ready['url']}/en/s/mris/", timeout=10) as response:
        assert response.status == 200
    with urlopen(f"{ready['url']}/en/results/mris-demo-1/", timeout=10) as response:
        assert response.status == 200
    assert {path: path.stat().st_mode for path in clone.folder.parents} == before

    second = clone.make_run()
    assert second.wait(60) != 0
    assert "running in this folder already" in clone.errors()

    os.kill(clone.main_pid(), signal.SIGKILL)
    first.wait(30)
    third = clone.make_run()
    assert clone.ready_line(third)["ready"]

    os.killpg(third.pid, signal.SIGINT)
    third.wait(60)
    wait_for(lambda: not clone.processes(), f"all processes to end: {clone.processes()}", 30)
