"""One run: `python -m config.bench.tabulating count|copy` prints {"seconds", "peak_mib"} as JSON.

count: the plan's tables, as a worker counts them. copy: the same COPY, its bytes dropped.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable

import django
from psycopg import sql

TABLE = "bench_codes"
_QUERY = sql.SQL("COPY (SELECT codes FROM {}) TO STDOUT (FORMAT BINARY)").format(sql.Identifier(TABLE))


def main(what: str) -> dict[str, float]:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    work = {"count": _count, "copy": _copy}[what]()
    begun = time.perf_counter()
    work()
    seconds = time.perf_counter() - begun
    return {"seconds": seconds, "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)}


def _count() -> Callable[[], object]:
    """What a worker does once it has read its plan and is connected."""
    from django.db import connection

    from reports.queries import load_plan_for
    from reports.tabulate import count, workload
    from survey.queries import codebook, copied_codes

    book = codebook("mris")
    work = workload(load_plan_for("mris", "mris"), book)
    connection.ensure_connection()
    return lambda: count(copied_codes(_QUERY, book.width), work)


def _copy() -> Callable[[], object]:
    from django.db import connection

    connection.ensure_connection()

    def drop() -> None:
        with connection.cursor() as cursor, cursor.copy(_QUERY) as copy:
            for _ in copy:
                pass

    return drop


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
