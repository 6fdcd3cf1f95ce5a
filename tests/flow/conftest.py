"""A PostgreSQL for one test alone, and a real browser: an installed Chromium, else Playwright's own. With CI=true the
absence of a browser is a failure, not a skip."""

import os
from collections.abc import Iterator

import pytest
from django.db import connections
from playwright.sync_api import Browser, Error, expect, sync_playwright
from pytest_django import DjangoDbBlocker

from dev.testing import browser as installed_browser
from tests.flow.faults import Cluster, own_cluster

# Playwright keeps an event loop running in this thread; Django takes that for an asynchronous view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# Two browsers and their servers share two cores: what is expected may take a while, and what fails, fails anyway.
expect.set_options(timeout=20_000)

# As root Chromium has no sandbox of its own; the rest keeps it from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def browser(django_db_setup: None) -> Iterator[Browser]:
    # Playwright keeps an event loop in this thread, and Django keeps other connections inside a loop than outside:
    # each side is closed before the other is entered, or a test's own database could not be copied.
    connections.close_all()
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as environment:
        # Django is called between the browser's steps, never inside one.
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        try:
            chromium = playwright.chromium.launch(executable_path=installed_browser(), args=ARGUMENTS)
        except Error as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"no browser: {str(error).splitlines()[0]}")
        yield chromium
        connections.close_all()
        chromium.close()


@pytest.fixture
def cluster(django_db_blocker: DjangoDbBlocker) -> Iterator[Cluster]:
    """A PostgreSQL of the test's own with an empty database; both aliases point at it."""
    with django_db_blocker.unblock(), own_cluster() as cluster, cluster.under_django():
        yield cluster
