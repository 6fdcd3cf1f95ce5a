"""`make test`: unit and integration tests first, then the flow tests in a real browser."""

import os
import shutil
import subprocess
import sys

from config import embedded

_PYTEST = [sys.executable, "-m", "pytest"]


def test(arguments: list[str]) -> int:
    """Returns pytest's exit code: of the quick part if it fails, else of the flow tests."""
    subprocess.run([sys.executable, "manage.py", "compile_texts"], cwd=embedded.ROOT, check=True)
    if arguments:
        return subprocess.run([*_PYTEST, *arguments], cwd=embedded.ROOT, check=False).returncode
    # Each process has servers of its own. A file stays in one: what is made for its tests is made once.
    files = ["--dist", "loadfile", "--no-loadscope-reorder"]
    quick = subprocess.run(
        [*_PYTEST, "-q", "-n", "auto", *files, "tests/unit", "tests/integration"], cwd=embedded.ROOT, check=False
    ).returncode
    if quick:
        return quick
    provide_browser()
    flow = [*_PYTEST, "-v", "-n", "auto", *files, "tests/flow"]
    return subprocess.run(flow, cwd=embedded.ROOT, check=False).returncode


def provide_browser() -> None:
    """An installed Chromium, else the package manager's when root, else Playwright's own."""
    if browser():
        return
    if os.getuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium for the browser tests ...", file=sys.stderr)
        subprocess.run(["apt-get", "update", "-qq"], check=False)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "chromium", "fonts-noto-cjk"],
            check=False,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    if not browser():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def browser() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := shutil.which(name))), None)
