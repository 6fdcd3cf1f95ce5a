"""The doctor on a real PostgreSQL: each guard is taken away for real, and its absence is named."""

import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections

from config.doctor import postgres, services
from config.doctor.findings import Check, Finding
from tests import services as servers
from tests.cast import open_rehearsal, send

# What to break, how to mend what lies outside the test's own database, who notices, and in which words.
BROKEN = (
    (
        """ALTER DATABASE "{db}" SET log_statement = 'all'""",
        "",
        postgres.settings_leave_no_trace,
        "log_statement is 'all'",
    ),
    (
        """ALTER ROLE sunset_owner IN DATABASE "{db}" SET log_min_duration_statement = 0""",
        "",
        postgres.settings_leave_no_trace,
        "log_min_duration_statement is '0' for the role sunset_owner",
    ),
    (
        """ALTER DATABASE "{db}" SET log_error_verbosity = verbose""",
        "",
        postgres.settings_leave_no_trace,
        "may quote the row of an answer",
    ),
    (
        """ALTER DATABASE "{db}" SET track_activities = on""",
        "",
        postgres.settings_leave_no_trace,
        "track_activities is 'on'",
    ),
    (
        """ALTER DATABASE "{db}" SET synchronous_commit = off""",
        "",
        postgres.settings_leave_no_trace,
        "synchronous_commit is 'off'",
    ),
    ("ALTER TABLE django_session OWNER TO sunset_app", "", postgres.the_role_owns_nothing, "sunset_app owns"),
    ("GRANT CREATE ON SCHEMA public TO sunset_app", "", postgres.the_role_has_no_powers, "may create objects"),
    (
        "ALTER ROLE sunset_app CREATEROLE",
        "ALTER ROLE sunset_app NOCREATEROLE",
        postgres.the_role_has_no_powers,
        "sunset_app has CREATEROLE",
    ),
    (
        "GRANT sunset_owner TO sunset_app",
        "REVOKE sunset_owner FROM sunset_app",
        postgres.the_role_has_no_powers,
        "a member of sunset_owner",
    ),
    (
        "GRANT DELETE ON accounts_auditentry TO sunset_app",
        "",
        postgres.what_was_appended_stays,
        "may change accounts_auditentry",
    ),
    (
        "SELECT pg_create_physical_replication_slot('elsewhere')",
        "SELECT pg_drop_replication_slot('elsewhere')",
        postgres.no_copies_leave,
        "The replication slot elsewhere",
    ),
    (
        "ALTER TABLE survey_inbox ALTER COLUMN document SET STATISTICS 100",
        "",
        postgres.the_planner_samples_no_answers,
        "samples of survey_inbox.document",
    ),
    (
        "ALTER TABLE survey_inbox SET (autovacuum_enabled = false)",
        "",
        postgres.erased_answers_are_vacuumed,
        "autovacuum is off for survey_inbox",
    ),
    (
        "DELETE FROM django_migrations WHERE app = 'survey' AND name >= '0003'",
        "",
        services.migrations_are_applied,
        "migrations are not applied, the first is survey.0",
    ),
    (
        "INSERT INTO django_migrations (app, name, applied) VALUES ('survey', '9999_later', now())",
        "",
        services.migrations_are_applied,
        "survey.9999_later, which this code does not know",
    ),
)


@pytest.fixture
def superuser(own_database: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    with psycopg.connect(servers.superuser_url(own_database), autocommit=True) as session:
        yield session


def said(check: Check) -> list[str]:
    # Settings of a database or a role hold from the next connection on.
    connections.close_all()
    return [finding.what for finding in check()]


@pytest.mark.parametrize(("breaking", "mending", "check", "words"), BROKEN, ids=[words for *_, words in BROKEN])
def test_what_is_broken_is_named(
    own_database: str,
    superuser: "psycopg.Connection[tuple[object, ...]]",
    breaking: str,
    mending: str,
    check: Check,
    words: str,
) -> None:
    assert not any(words in one for one in said(check))
    superuser.execute(breaking.replace("{db}", own_database).encode())
    try:
        assert any(words in one for one in said(check)), said(check)
    finally:
        superuser.execute(mending.encode() or b"SELECT 1")


def test_samples_that_are_there_are_named(superuser: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Forbidding new ones does not take the old ones away."""
    send(open_rehearsal())
    column = "ALTER TABLE survey_inbox ALTER COLUMN language SET STATISTICS"
    superuser.execute(f"{column} 100; ANALYZE survey_inbox; {column} 0".encode())

    assert said(postgres.the_planner_samples_no_answers) == ["Samples of survey_inbox lie in pg_stats."]


def test_the_servers_that_are_shipped_leave_no_trace(own_database: str) -> None:
    """The test's own server alone does not wait for the disk."""
    found: list[Finding] = [*postgres.settings_leave_no_trace(), *postgres.log_lines_have_no_time()]

    assert [one.what.split()[0] for one in found] == ["fsync", "full_page_writes"]


def test_a_clock_is_compared_with_that_of_the_database(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert said(services.clocks_agree) == []
    real = time.time
    monkeypatch.setattr(services.time, "time", lambda: real() + 3600)

    assert said(services.clocks_agree) == [
        f"The clock of {server} is -3600 seconds away from this machine's." for server in ("PostgreSQL", "Redis")
    ]
