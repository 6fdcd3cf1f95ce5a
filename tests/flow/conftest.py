"""A real browser: an installed Chromium, else Playwright's own. With CI=true its absence is a failure, not a skip."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from dev.testing import browser as installed_browser

# Playwright keeps an event loop running in this thread; Django takes that for an asynchronous view.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# As root Chromium has no sandbox of its own; the rest keeps it from calling home.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        try:
            chromium = playwright.chromium.launch(executable_path=installed_browser(), args=ARGUMENTS)
        except Error as error:
            if os.environ.get("CI") == "true":
                raise
            pytest.skip(f"no browser: {str(error).splitlines()[0]}")
        yield chromium
        chromium.close()
