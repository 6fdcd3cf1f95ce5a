"""Surveys from their first word to their sealing, in a real browser, by two admins without a shell."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from accounts.enums import Role
from accounts.models import User
from survey import actions
from survey.models import Response, Wave
from survey.queries import details_of
from tests.cast import SHELL, insider, open_rehearsal, send
from tests.readers import readers
from tests.stack import Stack, running, wait_for

NARROW = 360


@pytest.fixture
def stack(own_database: str, tmp_path: Path) -> Iterator[Stack]:
    with running(own_database, tmp_path, "web", "worker", "beat") as stack:
        yield stack


def at_work(browser: Browser, stack: Stack, user: User) -> Page:
    client = Client()
    client.force_login(user)
    context = browser.new_context(base_url=stack.url, viewport={"width": NARROW, "height": 640})
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": stack.url}])
    return context.new_page()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def is_sound(page: Page) -> None:
    faults = [(fault["id"], fault["nodes"][0]["target"]) for fault in Axe().run(page).response["violations"]]
    assert (page.url, faults) == (page.url, [])
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW, page.url


def plan_a_live_survey(ada: Page) -> None:
    ada.goto("/admin/new-survey/")
    ada.get_by_label("Address").fill("goodbye")
    ada.get_by_label("A live survey").check()
    press(ada, "Make the survey")
    ada.get_by_role("link", name="Change who asks").click()
    for name in details_of("mris"):
        ada.locator(f"[id='{name}']").fill("Example")
    press(ada, "Save")
    is_sound(ada)
    ada.get_by_role("link", name="Plan a wave").click()
    for box in ada.get_by_role("checkbox").all()[1:]:
        box.uncheck()
    ada.get_by_label("Seal date").fill((timezone.now().date() + timedelta(days=60)).isoformat())
    press(ada, "Plan this wave")
    is_sound(ada)


def look_at_previews(page: Page) -> None:
    """Of the wave on the page. The script of the form runs there as well; what it sends is refused in words."""
    here = page.url
    for tag, direction in (("ja", "ltr"), ("ar", "rtl")):
        page.goto(f"{here}preview/{tag}/")
        expect(page.locator("html")).to_have_attribute("dir", direction)
        expect(page.get_by_text("Preview for admins")).to_be_visible()
        expect(page.locator('[data-do="next"]').first).to_be_visible()
    page.goto(here)


def test_two_admins_open_and_one_closes_and_a_worker_seals(stack: Stack, browser: Browser) -> None:
    ada, abe = (at_work(browser, stack, insider(Role.ADMIN)) for _ in range(2))
    plan_a_live_survey(ada)
    readers()
    look_at_previews(ada)
    press(ada, "Propose: open this wave")
    expect(ada.get_by_role("button", name="Confirm")).to_have_count(0)

    abe.goto("/admin/surveys/")
    abe.get_by_role("link", name="open this wave, goodbye wave 1").click()
    is_sound(abe)
    press(abe, "Confirm: open this wave")
    expect(abe.get_by_text("The wave is open.")).to_be_visible()
    abe.goto("/en/s/goodbye/")
    expect(abe.locator("#form")).to_have_count(1)
    ada.reload()
    ada.get_by_label("Close it").check()
    press(ada, "Close this wave")
    expect(ada.get_by_text("was promised to stay open to correction")).to_be_visible()

    wave = open_rehearsal()
    send(wave)
    actions.close_wave(SHELL, wave)
    ada.goto("/admin/surveys/rehearsal/waves/1/")
    press(ada, "Seal this wave")
    wait_for(lambda: Wave.objects.get(pk=wave.pk).rewritten, "the worker to seal what was ordered")
    assert Response.objects.count() == 1
    ada.goto("/admin/surveys/")
    expect(ada.get_by_text("about 0 responses")).to_be_visible()
    for path in ("/admin/surveys/", "/admin/help-lines/", "/admin/help-lines/mris/ar/", "/admin/events/mris/"):
        ada.goto(path)
        is_sound(ada)
