"""One run: `python -m config.bench.tabulating count|copy` prints {"seconds", "peak_mib"} as JSON.

count: the plan's tables, as a worker counts them. copy: the same COPY, its bytes dropped.
"""

import json
import os
import resource
import sys
import time

import django
from psycopg import sql

_MIB_IN_KIB = 1024


def main(what: str) -> dict[str, float]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    begun = time.perf_counter()
    {"count": _count, "copy": _copy}[what]()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MIB_IN_KIB
    return {"seconds": time.perf_counter() - begun, "peak_mib": round(peak, 1)}


def _count() -> None:
    from reports.queries import load_plan_for
    from reports.tabulate import count, workload
    from survey.queries import codebook, copied_codes

    book = codebook("mris")
    plan = load_plan_for("mris", "mris")
    count(copied_codes(_query(), book.width), workload(plan, book))


def _copy() -> None:
    from django.db import connection

    with connection.cursor() as cursor, cursor.copy(_query()) as copy:
        for _ in copy:
            pass


def _query() -> sql.Composed:
    from config.bench.tabulation import TABLE

    return sql.SQL("COPY (SELECT codes FROM {}) TO STDOUT (FORMAT BINARY)").format(sql.Identifier(TABLE))


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
