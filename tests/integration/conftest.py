"""One release for all tests that read one: made once, in a database of its own. What a test adds is rolled back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker, Settings

from reports.models import Release
from tests import services
from tests.conftest import close_connections, point_at
from tests.integration.reports.cast import released, sealed_survey


@pytest.fixture(scope="session")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("released")


@pytest.fixture(scope="session")
def released_database(django_db_setup: None, django_db_blocker: DjangoDbBlocker, storage: Path) -> Iterator[str]:
    """A database with the survey `mris`, 400 sealed responses and the release `mris-1`. Its name."""
    name = f"{services.TEMPLATE}_released"
    with django_db_blocker.unblock(), override_settings(STORAGE_URL=storage.as_uri()):
        close_connections()
        services.make_database(name, template=services.TEMPLATE)
        point_at(name)
        sealed_survey()
        released()
        close_connections()
        point_at(services.TEMPLATE)
    yield name
    services.drop_database(name)


@pytest.fixture
def release(
    released_database: str, django_db_blocker: DjangoDbBlocker, storage: Path, settings: Settings
) -> Iterator[Release]:
    """For tests without the mark `django_db`, whose transaction is open in another database."""
    settings.STORAGE_URL = storage.as_uri()
    assert not connection.in_atomic_block
    with django_db_blocker.unblock():
        close_connections()
        point_at(released_database)
        with transaction.atomic():
            yield Release.objects.get()
            transaction.set_rollback(True)
        close_connections()
        point_at(services.TEMPLATE)
