"""What all tests of accounts share."""

import pytest
from django.core.cache import cache
from pytest_django import Settings


@pytest.fixture(autouse=True)
def nothing_counted(django_db_setup: None) -> None:
    """Failed tries are counted in Redis, which tests share."""
    cache.clear()


@pytest.fixture(autouse=True)
def quick_hashes(settings: Settings) -> None:
    """Half a second for each password would be most of the time of these tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
