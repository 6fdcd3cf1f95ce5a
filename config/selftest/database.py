"""Where a trace could lie in PostgreSQL: rows, catalogues, statistics, sessions."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connections

from config.selftest.findings import Report
from config.selftest.marks import Marks
from config.selftest.times import Window

ALIASES = ("default", "owner")
STORES = ("survey_inbox", "survey_tombstone", "survey_response", "survey_testimony")
WRITTEN_BY_RESPONDENTS = ("survey_inbox", "survey_tombstone")
_SAMPLED = ("receipt", "language", "document", "ciphertext", "for_receipt", "for_readers")
_BLOCK = 2000

_TABLES = """
    SELECT format('%%I.%%I', nspname, relname), nspname = 'public', relname,
           has_table_privilege(%s, pg_class.oid, 'SELECT')
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'm') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e') ORDER BY 1"""
_TRIGGERS = """
    SELECT tgrelid::regclass::text, tgname FROM pg_trigger
    WHERE NOT tgisinternal AND tgrelid::regclass::text = ANY(%s) ORDER BY 1, 2"""
_SAMPLES = """
    SELECT tablename, attname, concat_ws(' ', most_common_vals, histogram_bounds)
    FROM pg_stats WHERE schemaname !~ '^pg_'"""
_TIMES = """
    SELECT relname, concat_ws(' ', last_vacuum, last_autovacuum, last_analyze, last_autoanalyze,
                              to_jsonb(s) ->> 'last_seq_scan', to_jsonb(s) ->> 'last_idx_scan')
    FROM pg_stat_user_tables AS s ORDER BY 1"""


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    """Quoted, with its schema."""
    own: str
    """As the models call it; empty outside the schema of the service."""
    alias: str
    """The connection that may read it; empty: none may."""


@dataclass(frozen=True, slots=True)
class Moment:
    """What the database stood at: the number of the next transaction, and each sequence."""

    transaction: int
    sequences: Mapping[str, int | None]


def moment() -> Moment:
    number = int(_one("SELECT pg_current_xact_id()::text"))
    sequences = _all("SELECT schemaname || '.' || sequencename, last_value FROM pg_sequences", alias="owner")
    return Moment(number, dict(map(tuple, sequences)))


def tables() -> list[Table]:
    readable: dict[str, Table] = {}
    for alias in ALIASES:
        role = connections[alias].settings_dict["USER"]
        for name, is_public, plain, may_read in _all(_TABLES, role):
            known = readable.get(name)
            if known is None or not known.alias:
                readable[name] = Table(name, plain if is_public else "", alias if may_read else "")
    return list(readable.values())


@dataclass
class Search:
    """One search of the whole database, for a visit between two moments."""

    marks: Marks
    window: Window
    before: Moment
    after: Moment
    report: Report
    sealed: bool

    def run(self) -> None:
        listed = tables()
        rows = sum(self._table(table) for table in listed)
        self.report.add_searched("tables", len(listed), f"with {rows} rows read")
        self._samples()
        self._statements()
        self._large_objects()
        if not self.sealed:
            self._undeclared(listed)
            self._additions()
            self._counters()
            self._times_of_the_server()

    def _table(self, table: Table) -> int:
        if not table.alias:
            self.report.add_unseen(f"table {table.name}", "neither role of the service may read it")
            return 0
        place, number = f"table {table.own or table.name}", 0
        for row in self._rows(table):
            number += 1
            self._text(place, row, table.own)
        written = self._written_during_the_visit(table)
        if written and table.own not in WRITTEN_BY_RESPONDENTS and not self.sealed:
            self.report.add_found(place, f"{written} rows were written during the visit")
        return number

    def _rows(self, table: Table) -> Iterator[str]:
        """Every row as text; of the stores of answers only those that came since: the others are not ours to read."""
        statement = f"SELECT row.*::text FROM {table.name} AS row"
        if table.own in STORES:
            statement += " WHERE age(xmin) <= age((%s::text)::xid)"
        values = [str(self.before.transaction % 2**32)] if table.own in STORES else []
        with connections[table.alias].cursor() as cursor:
            cursor.execute(statement, values)
            while block := cursor.fetchmany(_BLOCK):
                yield from (text for (text,) in block)

    def _written_during_the_visit(self, table: Table) -> int:
        first, last = (str(moment.transaction % 2**32) for moment in (self.before, self.after))
        between = "age(xmin) < age((%s::text)::xid) AND age(xmin) > age((%s::text)::xid)"
        return int(_one(f"SELECT count(*) FROM {table.name} WHERE {between}", first, last, alias=table.alias))

    def _text(self, place: str, text: str, home: str = "") -> None:
        for name in self.marks.in_text(text, home, self.sealed):
            self.report.add_found(place, name)
        for time in self.window.times_in(text):
            self.report.add_found(place, f"the time {time}, which is within the visit")

    def _samples(self) -> None:
        found = _all(_SAMPLES, alias="owner")
        for table, column, values in found:
            self._text(f"pg_stats of {table}", values, table)
            if table in WRITTEN_BY_RESPONDENTS and column in _SAMPLED:
                self.report.add_found(f"pg_stats of {table}", f"samples of {column}")
        self.report.add_searched("samples of the planner (pg_stats)", len(found), "columns")

    def _statements(self) -> None:
        """What sessions did last, and what an extension may keep of statements."""
        sessions = _all("SELECT query FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        for (query,) in sessions:
            self._text("pg_stat_activity", query or "")
        self.report.add_searched("sessions (pg_stat_activity)", len(sessions), "sessions")
        if not _one("SELECT count(*) FROM pg_extension WHERE extname = 'pg_stat_statements'"):
            return
        for (row,) in _all("SELECT s::text FROM pg_stat_statements AS s"):
            self._text("pg_stat_statements", row)

    def _large_objects(self) -> None:
        number = int(_one("SELECT count(*) FROM pg_largeobject_metadata"))
        self.report.add_searched("large objects", number, "objects")
        if number:
            self.report.add_found("large objects", f"{number}, and the service makes none")

    def _undeclared(self, listed: list[Table]) -> None:
        known = declared_tables()
        for table in listed:
            if table.own not in known:
                self.report.add_found(f"table {table.own or table.name}", "no model declares it")

    def _additions(self) -> None:
        """What somebody added to the tables that respondents write."""
        for table, trigger in _all(_TRIGGERS, list(WRITTEN_BY_RESPONDENTS)):
            self.report.add_found(f"table {table}", f"the trigger {trigger} acts on answers")
        for model in apps.get_models():
            if model._meta.db_table in WRITTEN_BY_RESPONDENTS:
                self._columns(model._meta.db_table, {str(field.column) for field in model._meta.local_fields})
        published = _all("SELECT tablename FROM pg_publication_tables WHERE tablename = ANY(%s)", list(STORES))
        for (table,) in published:
            self.report.add_found(f"table {table}", "a publication copies its rows to another server")

    def _columns(self, table: str, declared: set[str]) -> None:
        listed = _all(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped", table
        )
        for (column,) in listed:
            if column not in declared:
                self.report.add_found(f"table {table}", f"the column {column} is in no model")

    def _counters(self) -> None:
        for name, value in self.after.sequences.items():
            if value != self.before.sequences.get(name):
                self.report.add_found(f"sequence {name}", "counted on during the visit")
        self.report.add_searched("sequences", len(self.after.sequences), "compared before and after the visit")

    def _times_of_the_server(self) -> None:
        if _one("SHOW track_commit_timestamp") == "on":
            self.report.add_found("pg_xact_commit_timestamp", "gives the time of every row")
        listed = _all(_TIMES)
        for table, times in listed:
            if table in STORES and any(self.window.times_in(times)):
                self.report.add_known("pg_stat_user_tables", f"the time at which {table} was last scanned or vacuumed")
        self.report.add_searched("times of the server (pg_stat_user_tables)", len(listed), "tables")


def declared_tables() -> set[str]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table for model in models} | {"django_migrations"}


def _all(statement: str, *values: str | list[str], alias: str = "default") -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


def _one(statement: str, *values: str, alias: str = "default") -> Any:
    rows = _all(statement, *values, alias=alias)
    return rows[0][0] if rows else None
