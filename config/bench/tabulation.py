"""Counting the whole plan, beside reading the same bytes by one binary COPY. Each in a process of its own."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

import numpy as np
from django.conf import settings
from django.db import connections
from numpy.typing import NDArray

from config.bench.case import Case
from config.bench.tabulating import TABLE
from config.protection import draw
from survey.queries import codebook, load
from survey.simulate.population import load_population

PEOPLE = 2_000
"""Invented once; the rows are these again and again, in random order."""


def measure(rows: Sequence[int], rounds: int) -> Iterator[Case]:
    """A case per number of rows, in this order. Raises RuntimeError if a process fails."""
    with _table():
        filled = 0
        for number in sorted(rows):
            _fill(number - filled)
            filled = number
            yield _case(number, rounds)


def _case(rows: int, rounds: int) -> Case:
    runs = [(_run("count"), _run("copy")) for _ in range(rounds)]
    ours, floor = (statistics.median(run["seconds"] for run in column) for column in zip(*runs, strict=True))
    peak = statistics.median(run["peak_mib"] for run, _ in runs)
    return Case("tabulate", f"{rows} rows", ours, "s", floor, peak)


def _run(what: str) -> dict[str, float]:
    command = [sys.executable, "-m", "config.bench.tabulating", what]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{what} failed: {done.stderr}")
    seen: dict[str, float] = json.loads(done.stdout)
    return seen


@contextmanager
def _table() -> Iterator[None]:
    role = connections["default"].settings_dict["USER"]
    with connections["owner"].cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
        cursor.execute(f"CREATE UNLOGGED TABLE {TABLE} (codes bytea NOT NULL)")
        cursor.execute(f'GRANT SELECT ON {TABLE} TO "{role}"')
        try:
            yield
        finally:
            cursor.execute(f"DROP TABLE {TABLE}")


def _fill(rows: int) -> None:
    people = _people()
    random = np.random.default_rng(1)
    with connections["owner"].cursor() as cursor:
        with cursor.copy(f"COPY {TABLE} (codes) FROM STDIN (FORMAT BINARY)") as copy:
            copy.set_types(["bytea"])
            for _ in range(rows):
                copy.write_row([people[random.integers(PEOPLE)]])
        cursor.execute(f"VACUUM ANALYZE {TABLE}")


@cache
def _people() -> list[bytes]:
    instrument, book = load("mris"), codebook("mris")
    codes: NDArray[np.uint8] = draw(load_population(instrument), instrument, book, PEOPLE, seed=1)
    return [row.tobytes() for row in codes]
