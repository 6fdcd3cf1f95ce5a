"""Make `.venv` from requirements.txt, then run `python -m dev COMMAND` in it.

Standard library only and Python 3.8 syntax: this runs under whatever `python3` the machine has.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
TOOLS = ROOT / ".tools"
WANTED = ("3.14", "3.13", "3.12")
_PROBE = "import sys, ssl, ctypes; print('.'.join(map(str, sys.version_info[:2])))"


def main() -> None:
    if len(sys.argv) < 2:
        sys.exit("usage: bootstrap.py run|test|check|lock|install [ARGUMENTS]")
    os.chdir(str(ROOT))
    command = sys.argv[1]
    uv = install("requirements.txt" if command == "run" else "requirements-dev.txt", command == "lock")
    if command != "install":
        python = str(VENV / "bin" / "python")
        os.environ["UV"] = uv
        os.execv(python, [python, "-m", "dev", *sys.argv[1:]])


def install(requirements: str, needs_uv: bool) -> str:
    """Bring `.venv` to the pinned packages, unless it holds them or more. Returns the path of uv if it was needed."""
    stamp = VENV / "installed.txt"
    wanted = [fingerprint("requirements-dev.txt"), fingerprint(requirements)]
    if stamp.is_file() and stamp.read_text() in wanted and runs(VENV / "bin" / "python"):
        return find_uv() if needs_uv else ""
    uv = find_uv()
    say("Making .venv and installing the pinned packages ...")
    if not runs(VENV / "bin" / "python"):
        shutil.rmtree(str(VENV), ignore_errors=True)
        call(uv, "venv", "--quiet", "--python", find_python() or "3.13", str(VENV))
    call(
        uv,
        "pip",
        "sync",
        "--quiet",
        "--require-hashes",
        "--python",
        str(VENV / "bin" / "python"),
        "--compile-bytecode",
        requirements,
    )
    stamp.write_text(wanted[1])
    return uv


def fingerprint(requirements: str) -> str:
    return hashlib.sha256((ROOT / requirements).read_bytes()).hexdigest()


def find_python() -> str:
    """The first candidate that really runs and is new enough: a version manager's shims are files that may not."""
    for candidate in candidates():
        if runs(candidate):
            return str(candidate)
    return ""


def candidates() -> "list[Path]":
    found = [Path(sys.executable)]
    found += [Path(path) for path in (shutil.which("python" + version) for version in WANTED) if path]
    managers = [os.environ.get("PYENV_ROOT", ""), str(Path.home() / ".pyenv")]
    for manager in managers:
        if manager and os.access(manager, os.R_OK | os.X_OK):
            found += sorted(Path(manager).glob("versions/3.1[2-9]*/bin/python"), reverse=True)
    found += [Path("/usr/local/bin/python" + version) for version in WANTED]
    return found


def runs(python: Path) -> bool:
    try:
        answer = subprocess.run(
            [str(python), "-c", _PROBE],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            universal_newlines=True,
            timeout=30,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0 and answer.stdout.strip() in WANTED


def find_uv() -> str:
    for path in (shutil.which("uv"), str(TOOLS / "bin" / "uv")):
        if path and works(path, "--version"):
            return path
    say("Fetching uv, the package installer ...")
    for way in (uv_by_pip, uv_by_venv, uv_by_debian):
        path = way()
        if path:
            return path
    sys.exit("uv could not be installed: this Python has neither pip nor venv. Install uv or python3-venv, then again.")


def uv_by_pip() -> str:
    for python in [sys.executable, find_python()]:
        if python and works(
            python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--target", str(TOOLS), "uv"
        ):
            return str(TOOLS / "bin" / "uv")
    return ""


def uv_by_venv() -> str:
    for python in [sys.executable, find_python()]:
        folder = TOOLS / "venv"
        if (
            python
            and works(python, "-m", "venv", "--clear", str(folder))
            and works(str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "uv")
        ):
            return str(folder / "bin" / "uv")
    return ""


def uv_by_debian() -> str:
    """Debian ships Python without venv; root can add it."""
    if os.getuid() != 0 or not shutil.which("apt-get"):
        return ""
    works("apt-get", "update", "-qq")
    return uv_by_venv() if works("apt-get", "install", "-y", "-qq", "python3-venv") else ""


def works(*command: str) -> bool:
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


def call(*command: str) -> None:
    if subprocess.run(command).returncode != 0:
        sys.exit("failed: " + " ".join(command))


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
