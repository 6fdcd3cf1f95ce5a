import pytest
from django.test import Client
from pytest_django import Settings

from accounts.enums import Role
from config.tasks import beat_seen
from reports.models import Release
from tests.cast import open_rehearsal
from tests.integration.access.addresses import Guide
from tests.integration.access.company import Company, member


@pytest.fixture
def company(release: Release, settings: Settings) -> Company:
    settings.MFA_REQUIRED = True
    beat_seen()
    open_rehearsal()
    people = {
        "researcher": member("researcher", Role.RESEARCHER),
        "owner": member("owner", Role.RESEARCHER),
        "reviewer": member("reviewer", Role.REVIEWER),
        "admin": member("admin", Role.ADMIN),
    }
    clients = {"stranger": Client(), **{name: Client() for name in people}}
    for name, user in people.items():
        clients[name].force_login(user)
    return Company(clients, Guide(people["owner"]))
