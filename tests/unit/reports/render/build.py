"""Prints the SHA-256 of a small report's bundle: what another process makes of the same answers."""

import hashlib
import sys
from datetime import date
from pathlib import Path

from reports.disclosure import protect
from reports.plan import load_plan
from reports.render import Meta, bundle, render_files
from reports.tabulate import count, workload
from tests.unit.reports.small import BOOK, responses

TEXTS = {"en": lambda text: text.source, "ar": lambda text: "هناك " + text.source}


def digest(path: Path) -> str:
    plan = load_plan(path, BOOK)
    exact = count([responses(400, {"att_1": {1: 40, 3: 60, 5: 100}})], workload(plan, BOOK), ("small/1",))
    meta = Meta("demo-1", "demo", rehearsal=True, instrument_digest="0" * 64, made_on=date(2026, 11, 23))
    return hashlib.sha256(bundle(render_files(protect(exact, plan, BOOK), plan, BOOK, TEXTS, meta))).hexdigest()


if __name__ == "__main__":
    print(digest(Path(sys.argv[1])))
