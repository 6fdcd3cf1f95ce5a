"""What passes by itself is told from what is wrong with the program, by the state that PostgreSQL names."""

import psycopg
import pytest
from django.db import Error, connection

from survey.pages.outage import is_transient


@pytest.mark.parametrize(
    ("sqlstate", "passes"),
    [
        ("08006", True),  # the line broke
        ("25006", True),  # the server has become a standby
        ("25P03", True),  # ended while idle in a transaction
        ("40001", True),  # lost a race
        ("40P01", True),  # deadlock
        ("53100", True),  # disk full
        ("53300", True),  # too many connections
        ("55P03", True),  # waited too long for a lock
        ("57014", True),  # cancelled
        ("57P01", True),  # shutting down
        ("57P03", True),  # starting up
        ("58030", True),  # the disk fails
        ("22001", False),
        ("23505", False),
        ("25P02", False),
        ("42501", False),
        ("42P01", False),
        ("XX000", False),
    ],
)
def test_states_of_postgresql(sqlstate: str, passes: bool) -> None:
    with pytest.raises(Error) as raised, connection.wrap_database_errors:
        raise psycopg.errors.lookup(sqlstate)
    assert is_transient(raised.value) is passes


@pytest.mark.parametrize(("error", "passes"), [(psycopg.OperationalError, True), (psycopg.InterfaceError, True)])
def test_a_lost_connection_names_no_state(error: type[Exception], passes: bool) -> None:
    with pytest.raises(Error) as raised, connection.wrap_database_errors:
        raise error("the connection is closed")
    assert is_transient(raised.value) is passes
    assert not is_transient(ValueError())
