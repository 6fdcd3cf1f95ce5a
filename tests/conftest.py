"""Real PostgreSQL under every database test. `db` tests share one database and are rolled back; `own_database` and
`sealed_database` tests get a fresh copy each, because sealing, triggers and worker processes need real commits."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import pytest
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connections
from pytest_django import DjangoDbBlocker

from tests import services

_numbers = count(1)


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    services.database_server()
    services.redis_server()
    stay_in_transactions()
    services.make_database(services.TEMPLATE)
    with django_db_blocker.unblock():
        call_command("migrate", verbosity=0, skip_checks=True)
    close_connections()
    yield
    with django_db_blocker.unblock():
        close_connections()
    services.drop_database(services.TEMPLATE)


def stay_in_transactions() -> None:
    """A test renders reports inside its transaction, which no worker does: the connection must outlast that on any
    machine. Processes that tests start keep the limit."""
    for alias in connections:
        options = connections[alias].settings_dict["OPTIONS"]
        options["options"] += " -c idle_in_transaction_session_timeout=0"


@pytest.fixture
def own_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database of one's own, a copy of the migrated one; both aliases point at it. Yields its name."""
    with django_db_blocker.unblock(), copy_of(services.TEMPLATE) as name:
        yield name


@pytest.fixture(scope="session")
def sealed_template(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A migrated database with the survey `mris`, whose only wave is sealed; as few answers as allow for
    tables of two questions. Made once, to be copied."""
    from tests.integration.reports.cast import sealed_survey

    name = f"{services.TEMPLATE}_sealed"
    services.make_database(name, template=services.TEMPLATE)
    with django_db_blocker.unblock():
        point_at(name)
        sealed_survey(responses=150)
        close_connections()
        point_at(services.TEMPLATE)
    yield name
    services.drop_database(name)


@pytest.fixture
def sealed_database(sealed_template: str, django_db_blocker: DjangoDbBlocker) -> Iterator[str]:
    """A database of one's own with a sealed wave; both aliases point at it. Yields its name."""
    with django_db_blocker.unblock(), copy_of(sealed_template) as name:
        yield name


@contextmanager
def copy_of(template: str) -> Iterator[str]:
    name = f"sunset_{os.getpid()}_{next(_numbers)}"
    close_connections()
    services.make_database(name, template=template)
    point_at(name)
    yield name
    close_connections()
    point_at(services.TEMPLATE)
    services.drop_database(name)


def point_at(name: str) -> None:
    for alias in connections:
        connections[alias].settings_dict["NAME"] = name


def close_connections() -> None:
    connections.close_all()


@pytest.fixture
def connections_stay() -> Iterator[None]:
    """A real request closes old connections when it begins and ends; those of the tests are not its to close."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)
