"""`make check`: what people and CI share. Every step runs, then the failed ones are named."""

import os
import subprocess
import sys
from pathlib import Path

from config import embedded

_BIN = Path(sys.executable).parent
_STEPS: tuple[tuple[str, ...], ...] = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("lint-imports", "--no-cache"),
    ("mypy",),
    ("python", "manage.py", "makemigrations", "--check", "--dry-run", "--skip-checks"),
    ("python", "manage.py", "check"),
)


def check() -> int:
    failed = [step for step in _STEPS if _run(step) != 0]
    for step in failed:
        print(f"failed: {' '.join(step)}", file=sys.stderr)
    return 1 if failed else 0


def _run(step: tuple[str, ...]) -> int:
    print("$", *step, file=sys.stderr, flush=True)
    # makemigrations would warn that it cannot compare with a database: none is needed to check the files.
    environment = {**os.environ, "PYTHONWARNINGS": "ignore::RuntimeWarning"}
    return subprocess.run([str(_BIN / step[0]), *step[1:]], cwd=embedded.ROOT, env=environment, check=False).returncode
