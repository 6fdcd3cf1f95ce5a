"""The database as tables, columns and sequences, read and written as its owner by COPY in text format."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connections

LEFT_OUT = ("django_session", "accounts_apitoken")
"""Ways in that can be made again. In an old copy they would open the door to somebody who was shut out since."""

INBOXES = ("survey_inbox", "survey_tombstone")
_FIXED = "django_migrations"
"""Says which schema this is; a copy is restored into its equal only."""
_FILLED_BY_MIGRATING = (_FIXED, "django_content_type", "auth_permission")

_INSTEAD: Mapping[tuple[str, str], str] = {
    # Exact counts never leave. Workers count these parts again.
    ("reports_part", "cube"): "NULL::bytea",
    ("reports_part", "lease_until"): "NULL::timestamptz",
    ("reports_report", "lease_until"): "NULL::timestamptz",
}
_STORES = (*INBOXES, "survey_response", "survey_testimony")

_COLUMNS = """
    SELECT class.relname, attribute.attname, format_type(attribute.atttypid, attribute.atttypmod)
    FROM pg_class AS class JOIN pg_attribute AS attribute ON attribute.attrelid = class.oid
    WHERE class.relnamespace = 'public'::regnamespace AND class.relkind = 'r'
      AND attribute.attnum > 0 AND NOT attribute.attisdropped AND attribute.attgenerated = ''
    ORDER BY class.relname, attribute.attnum"""
_SEQUENCES = """
    SELECT sequencename, start_value, last_value FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename"""


@dataclass(frozen=True, slots=True)
class Schema:
    migrations: list[str]
    tables: dict[str, list[list[str]]]
    """Name -> [column, type] in order."""

    def kept(self, inboxes: bool) -> list[str]:
        """Tables whose rows go into a copy."""
        absent = {_FIXED, *LEFT_OUT, *(() if inboxes else INBOXES)}
        return [table for table in self.tables if table not in absent]

    def emptied(self) -> list[str]:
        """Tables that a restoration empties first."""
        return [table for table in self.tables if table != _FIXED]


def schema() -> Schema:
    tables: dict[str, list[list[str]]] = {}
    for table, column, kind in _rows(_COLUMNS):
        tables.setdefault(table, []).append([column, kind])
    applied = _rows("SELECT app || '.' || name FROM django_migrations ORDER BY 1") if _FIXED in tables else []
    return Schema([name for (name,) in applied], tables)


def is_blank(known: Schema) -> bool:
    """Nothing stands in it but what `migrate` writes."""
    return not any(_rows(f'SELECT 1 FROM "{table}" LIMIT 1') for table in _of_use(known))


def _of_use(known: Schema) -> list[str]:
    return [table for table in known.tables if table not in _FILLED_BY_MIGRATING]


def keep_stores_in_place() -> None:
    """Hold the stores of answers, before the first look at them, against being rewritten after a sealing.

    A rewriting beside a snapshot would keep the images of rows that the snapshot still sees.
    """
    _do(f"LOCK TABLE {', '.join(_STORES)} IN ACCESS SHARE MODE")


def read(table: str, columns: list[list[str]]) -> Iterator[bytes]:
    """Rows as COPY writes them. Answers come in an order of chance, never in that of the table."""
    chosen = ", ".join(_INSTEAD.get((table, name), f'"{name}"') for name, _ in columns)
    order = "gen_random_uuid()" if table in _STORES else "1"
    with (
        connections["owner"].cursor() as cursor,
        cursor.copy(f'COPY (SELECT {chosen} FROM "{table}" ORDER BY {order}) TO STDOUT') as copy,
    ):
        for block in copy:
            yield bytes(block)


def empty(tables: list[str]) -> None:
    _do(f"TRUNCATE {', '.join(f'"{table}"' for table in tables)}")


def write(table: str, columns: list[list[str]], blocks: Iterator[bytes]) -> None:
    names = ", ".join(f'"{name}"' for name, _ in columns)
    with connections["owner"].cursor() as cursor, cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
        for block in blocks:
            copy.write(block)


def silence_triggers(tables: list[str]) -> None:
    for table in tables:
        _do(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')


def wake_triggers(tables: list[str]) -> None:
    _do("SET CONSTRAINTS ALL IMMEDIATE")  # what refers to nothing is refused here; ALTER would not wait for it
    for table in tables:
        _do(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
    _do("SET CONSTRAINTS ALL DEFERRED")


def sequences() -> dict[str, list[int | None]]:
    """Name -> [its first value, the last it gave or None]."""
    return {name: [start, last] for name, start, last in _rows(_SEQUENCES)}


def set_sequences(known: Mapping[str, list[int | None]]) -> None:
    """Outside any transaction by nature, so this comes last."""
    for name, (start, last) in known.items():
        with connections["owner"].cursor() as cursor:
            cursor.execute("SELECT setval(%s::regclass, %s::bigint, %s::boolean)",
                           [f'public."{name}"', start if last is None else last, last is not None])  # fmt: skip


def _rows(statement: str) -> list[tuple[Any, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def _do(statement: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
