"""The live settings of PostgreSQL: nothing that a respondent sends, and no time of it, may reach its log or statistics.

Each is asked for as the service's own connections have it, so that what is set for a role or a database counts, too.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connections

from accounts.grants import append_only_tables
from config.doctor.findings import Finding, Level, unseen, warning, wrong

_TIME_OR_PLACE = re.compile(r"%[-\d]*[tmnshrb]")


@dataclass(frozen=True, slots=True)
class Wanted:
    values: tuple[str, ...]
    """Any of them will do; the first is what to set."""
    why: str
    level: Level = Level.WRONG


_STATEMENTS = "statements, and with them answers, may stand in the server's log"
_TIMES = "the time of a respondent's request may stand in the server's log"
_NOTES = "the server notes when a row was written"
_IMAGES = "the images of erased answers stay in the files of the table"
_LOST = "an answer that was acknowledged may be lost"
_COPIES = "copies of open inboxes may leave this server"
_LATER = "should statements ever be logged, answers would stand beside them"
WANTED: Mapping[str, Wanted] = {
    "log_statement": Wanted(("none",), _STATEMENTS),
    "log_min_duration_statement": Wanted(("-1",), _STATEMENTS),
    "log_min_duration_sample": Wanted(("-1",), _STATEMENTS),
    "log_transaction_sample_rate": Wanted(("0",), _STATEMENTS),
    "log_min_error_statement": Wanted(("panic",), _STATEMENTS),
    "log_error_verbosity": Wanted(("terse",), "the server's log may quote the row of an answer"),
    "log_parameter_max_length": Wanted(("0",), _LATER, Level.WARNING),
    "log_parameter_max_length_on_error": Wanted(("0",), _STATEMENTS),
    "debug_print_parse": Wanted(("off",), _STATEMENTS),
    "debug_print_rewritten": Wanted(("off",), _STATEMENTS),
    "debug_print_plan": Wanted(("off",), _STATEMENTS),
    "log_duration": Wanted(("off",), _TIMES),
    "log_lock_waits": Wanted(("off",), _TIMES),
    "log_connections": Wanted(("off", ""), _TIMES),
    "log_disconnections": Wanted(("off",), _TIMES),
    "log_checkpoints": Wanted(("off",), _TIMES),
    "log_autovacuum_min_duration": Wanted(("-1",), _TIMES),
    "track_activities": Wanted(("off",), "who may see sessions sees statements and their times"),
    "track_commit_timestamp": Wanted(("off",), _NOTES),
    "auto_explain.log_min_duration": Wanted(("-1",), _STATEMENTS),
    "pgaudit.log": Wanted(("none", ""), _STATEMENTS),
    "pg_stat_statements.track": Wanted(("none",), "the server counts and times every kind of statement", Level.WARNING),
    "archive_mode": Wanted(("off",), _COPIES, Level.WARNING),
    "autovacuum": Wanted(("on",), _IMAGES),
    "track_counts": Wanted(("on",), _IMAGES),
    "fsync": Wanted(("on",), _LOST),
    "full_page_writes": Wanted(("on",), _LOST),
    "synchronous_commit": Wanted(("on", "remote_apply", "remote_write", "local"), _LOST),
}
"""Settings of extensions are examined where the extension is loaded."""
_POWERS = {
    "rolsuper": "SUPERUSER",
    "rolcreaterole": "CREATEROLE",
    "rolcreatedb": "CREATEDB",
    "rolreplication": "REPLICATION",
    "rolbypassrls": "BYPASSRLS",
}
_INBOX = ["survey_inbox", "survey_tombstone"]


def settings_leave_no_trace() -> Iterator[Finding]:
    for name, wanted in WANTED.items():
        for role in connections:
            value = _one("SELECT current_setting(%s, true)", name, alias=role)
            if value is not None and value not in wanted.values:
                what = f"{name} is {value!r} for the role {_role(role)}: {wanted.why}."
                yield Finding(wanted.level, what, f"Set {name} = '{wanted.values[0]}' and reload or restart.")
                break


def log_lines_have_no_time() -> Iterator[Finding]:
    prefix = _one("SELECT current_setting('log_line_prefix')")
    if _TIME_OR_PLACE.search(prefix):
        yield warning(
            f"log_line_prefix is {prefix!r}: an error in a respondent's request is logged with its time.",
            "Set log_line_prefix = ''.",
        )


def no_setting_waits_for_a_restart() -> Iterator[Finding]:
    for (name,) in _all("SELECT name FROM pg_settings WHERE pending_restart"):
        yield warning(f"{name} was changed and is not in force yet.", "Restart PostgreSQL.")


def no_copies_leave() -> Iterator[Finding]:
    for (slot,) in _all("SELECT slot_name FROM pg_replication_slots"):
        yield warning(
            f"The replication slot {slot} keeps the journal: {_COPIES}.", "Drop it, or say so to respondents."
        )
    for (name,) in _all("SELECT pubname FROM pg_publication"):
        yield warning(f"The publication {name} sends rows elsewhere: {_COPIES}.", "Drop it.")
    if _one("SELECT count(*) FROM pg_stat_replication"):
        yield warning(f"Another server receives the journal: {_COPIES}.", "Give it the same settings and guards.")


def the_planner_samples_no_answers() -> Iterator[Finding]:
    sampled = """
        SELECT attrelid::regclass::text, attname FROM pg_attribute
        WHERE attrelid IN ('survey_inbox'::regclass, 'survey_tombstone'::regclass) AND attnum > 0
        AND attname IN ('receipt', 'language', 'document', 'ciphertext', 'for_receipt', 'for_readers')
        AND coalesce(attstattarget, -1) <> 0"""
    for table, column in _all(sampled):
        yield wrong(
            f"ANALYZE keeps samples of {table}.{column}, also of answers that were erased.",
            f"As the owner: ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0.",
        )
    for (table,) in _all(
        "SELECT DISTINCT tablename FROM pg_stats WHERE tablename = ANY(%s) AND attname <> 'wave_id'", _INBOX
    ):
        yield wrong(f"Samples of {table} lie in pg_stats.", "As the owner: ALTER its columns to the type they have.")


def erased_answers_are_vacuumed() -> Iterator[Finding]:
    off = "SELECT relname FROM pg_class WHERE relname = ANY(%s) AND 'autovacuum_enabled=false' = ANY(reloptions)"
    for (table,) in _all(off, _INBOX):
        yield wrong(f"autovacuum is off for {table}: {_IMAGES}.", f"ALTER TABLE {table} RESET (autovacuum_enabled).")


def the_role_owns_nothing() -> Iterator[Finding]:
    """Who owns a table can drop its triggers."""
    role = _role("default")
    if role == _role("owner"):
        yield wrong(f"The service runs as {role}, which owns the tables.", "Give it a role of its own in DATABASE_URL.")
    elif owned := _one("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole"):
        do = f"As a superuser: REASSIGN OWNED BY {role} TO {_role('owner')}."
        yield wrong(f"The role {role} owns {owned} tables, indexes or sequences.", do)


def the_role_has_no_powers() -> Iterator[Finding]:
    role = _role("default")
    for column, power in _POWERS.items():
        if _one(f"SELECT {column} FROM pg_roles WHERE rolname = current_user"):
            yield wrong(f"The role {role} has {power}.", f"ALTER ROLE {role} NO{power}.")
    for (group,) in _all("SELECT roleid::regrole::text FROM pg_auth_members WHERE member = current_user::regrole"):
        yield wrong(f"The role {role} is a member of {group}.", f"REVOKE {group} FROM {role}.")
    if _one("SELECT has_schema_privilege(current_user, 'public', 'CREATE')"):
        yield wrong(f"The role {role} may create objects.", "REVOKE CREATE ON SCHEMA public FROM it and from PUBLIC.")


def what_was_appended_stays() -> Iterator[Finding]:
    for table in sorted(append_only_tables()):
        if _one("SELECT has_table_privilege(current_user, %s, 'UPDATE, DELETE, TRUNCATE')", table):
            yield wrong(
                f"The role {_role('default')} may change {table}, which is only ever appended to.",
                "Run manage.py migrate, which sets the grants.",
            )


def the_server_shows_itself() -> Iterator[Finding]:
    """The embedded server's log lies in var/log; of another one only a superuser knows."""
    if not settings.EMBEDDED:
        yield unseen("Where PostgreSQL's log goes, and who keeps it.", "Ask who runs the server.")


def _role(alias: str) -> str:
    return str(connections[alias].settings_dict["USER"] or _one("SELECT current_user", alias=alias))


def _all(statement: str, *values: str | list[str], alias: str = "default") -> list[tuple[Any, ...]]:
    with connections[alias].cursor() as cursor:
        cursor.execute(statement, values or None)
        return list(cursor.fetchall())


def _one(statement: str, *values: str, alias: str = "default") -> Any:
    return _all(statement, *values, alias=alias)[0][0]
