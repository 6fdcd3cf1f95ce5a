"""supervisord does the supervision: start in order, restart what dies, stop in reverse order."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from config import embedded
from dev.servers import ServerError

_LOG_LIMIT = "5MB"


@dataclass(frozen=True)
class Program:
    name: str
    command: list[str]
    user: str | None = None
    stop: str = "TERM"
    first: bool = False
    """Started at once; the others when asked."""


def start(programs: Sequence[Program], var: Path) -> "subprocess.Popen[bytes]":
    (var / "log").mkdir(parents=True, exist_ok=True)
    config = var / "supervisord.conf"
    config.write_text(_config(programs, var))
    command = [
        sys.executable,
        str(embedded.ROOT / "dev" / "child.py"),
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "supervisor.supervisord",
        "-n",
        "-c",
        str(config),
    ]
    return subprocess.Popen(
        command,
        cwd=embedded.ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def is_running(var: Path) -> bool:
    """Whether the supervisor of an earlier run still lives; it removes its pid file when it ends in peace."""
    try:
        pid = int((var / "supervisord.pid").read_text())
        os.kill(pid, 0)
        command = subprocess.run(["ps", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False)
    except (OSError, ValueError):
        return False
    return "supervisord" in command.stdout


def stop(supervisor: "subprocess.Popen[bytes]") -> None:
    if supervisor.poll() is None:
        supervisor.terminate()
    try:
        supervisor.wait(60)
    except subprocess.TimeoutExpired:
        supervisor.kill()


def control(var: Path, *words: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "supervisor.supervisorctl", "-c", str(var / "supervisord.conf"), *words],
        cwd=embedded.ROOT,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        raise ServerError(f"supervisorctl {' '.join(words)} failed: {done.stdout.strip()} {done.stderr.strip()}")


def _config(programs: Sequence[Program], var: Path) -> str:
    socket = embedded.socket_folder() / "supervisor.sock"
    head = f"""[supervisord]
logfile={var}/log/supervisord.log
logfile_maxbytes={_LOG_LIMIT}
loglevel=warn
pidfile={var}/supervisord.pid
{"user=root" if os.getuid() == 0 else ""}
childlogdir={var}/log
[unix_http_server]
file={socket}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://{socket}
"""
    return head + "".join(_program(program, var) for program in programs)


def _program(program: Program, var: Path) -> str:
    user = ["--user", program.user] if program.user else []
    words = [sys.executable, str(embedded.ROOT / "dev" / "child.py"), *user, *program.command]
    command = " ".join(f'"{word}"' if word == "" or " " in word else word for word in words).replace("%", "%%")
    return f"""[program:{program.name}]
command={command}
directory={embedded.ROOT}
environment=PYTHONUNBUFFERED="1"
autostart={str(program.first).lower()}
autorestart=true
startsecs=1
startretries=20
priority={1 if program.first else 10}
stopsignal={program.stop}
stopwaitsecs=30
killasgroup=true
redirect_stderr=true
stdout_logfile={var}/log/{program.name}.log
stdout_logfile_maxbytes={_LOG_LIMIT}
stdout_logfile_backups=1
"""
