"""What goes wrong while the answers are being read: the connection is then busy with sending them."""

from collections.abc import Iterator

import psycopg
import pytest
from django.db import DatabaseError, connection

from accounts.actors import WORKER
from reports import queries
from reports.actions import request_report, work_on_part, work_on_report
from reports.enums import State
from reports.models import Part, Report
from survey.queries import responses
from survey.queries.responses import Codes
from tests import services
from tests.cast import SHELL
from tests.integration.reports.cast import requester, sealed_survey

MORE_THAN_A_SOCKET_HOLDS = 4000
_rows = responses._rows


@pytest.fixture
def report(own_database: str) -> Report:
    sealed_survey(responses=MORE_THAN_A_SOCKET_HOLDS)
    report = request_report(SHELL, requester(), "mris", "mris")
    work_on_report(WORKER, report.pk)
    return report


def count(report: Report) -> None:
    work_on_part(WORKER, *queries.parts_to_count(report.pk))
    report.refresh_from_db()


def end_the_connection(copy: Iterator[memoryview], width: int, chunk: int) -> Iterator[Codes]:
    """As PostgreSQL does when it stops."""
    with psycopg.connect(services.superuser_url(connection.settings_dict["NAME"])) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
    yield from _rows(copy, width, chunk)


def send_nonsense(copy: Iterator[memoryview], width: int, chunk: int) -> Iterator[Codes]:
    for rows in _rows(copy, width, 100):
        yield rows[:, :7]


def test_a_lost_connection_fails_no_report(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(responses, "_rows", end_the_connection)
        with pytest.raises(DatabaseError):
            count(report)
    connection.close()
    Part.objects.update(lease_until=None)

    count(report)

    assert (report.state, report.parts_done) == (State.COMPUTING, 1)


def test_an_error_ends_the_reading_and_the_round(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "_rows", send_nonsense)

    count(report)

    assert report.state == State.FAILED
    assert not Part.objects.exists()
