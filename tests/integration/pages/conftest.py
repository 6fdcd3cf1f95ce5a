"""Page tests: a respondent's client with an open rehearsal, and nothing remembered from the test before."""

import pytest
from django.test import Client

from survey.models import Wave
from survey.pages import documents
from tests.cast import open_rehearsal


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    """Tests share slugs and wave numbers, but not their database."""
    documents.forget()


@pytest.fixture
def wave(db: None) -> Wave:
    return open_rehearsal()


@pytest.fixture
def respondent(wave: Wave) -> Client:
    return Client(enforce_csrf_checks=True)
