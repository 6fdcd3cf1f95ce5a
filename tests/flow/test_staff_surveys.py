"""A live survey from its first word to its sealing, by two admins in a real browser, without a shell."""

import re
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route

from accounts.enums import Role
from accounts.models import User
from survey.actions.schedule import finish_due_waves
from survey.enums import WaveState
from survey.models import Wave
from survey.pages import documents
from survey.queries import details_of
from tests.cast import insider

HOST = "http://localhost"


def serve(client: Client, route: Route) -> None:
    """Answer from this service as it would answer this person; redirects are followed on the way."""
    request, parts = route.request, urlsplit(route.request.url)
    if parts.path.startswith("/static/"):
        route.fulfill(path=str(finders.find(parts.path.removeprefix("/static/"))))
        return
    if request.method == "POST":
        kind = request.headers["content-type"]
        response = client.post(parts.path, data=request.post_data_buffer or b"", content_type=kind, follow=True)
    else:
        response = client.get(parts.path, follow=True)
    headers = {name: value for name, value in response.items() if name != "Content-Encoding"}
    route.fulfill(status=response.status_code, headers=headers, body=response.content)


def at_work(browser: Browser, user: User) -> Page:
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    page = browser.new_context(viewport={"width": 360, "height": 640}).new_page()
    page.route("**/*", lambda route: serve(client, route))
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def go(page: Page, path: str) -> None:
    documents.forget()
    page.goto(f"{HOST}{path}")


def is_sound(page: Page) -> None:
    faults = [(fault["id"], fault["nodes"][0]["target"]) for fault in Axe().run(page).response["violations"]]
    assert (page.url, faults) == (page.url, [])
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, page.url


def test_two_admins_run_a_live_survey(own_database: str, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("survey.tasks.nudge", lambda: None)
    admins = insider(Role.ADMIN), insider(Role.ADMIN)
    ada, abe = (at_work(browser, user) for user in admins)

    go(ada, "/admin/new-survey/")
    is_sound(ada)
    ada.get_by_label("Address").fill("goodbye")
    ada.get_by_label("A live survey").check()
    press(ada, "Make the survey")
    go(ada, "/admin/surveys/goodbye/operator/")
    for name in details_of("mris"):
        ada.locator(f"[id='{name}']").fill("Example")
    press(ada, "Save")
    is_sound(ada)
    go(ada, "/admin/surveys/goodbye/new-wave/")
    for box in ada.get_by_role("checkbox").all()[1:]:
        box.uncheck()
    ada.get_by_label("Seal date").fill((timezone.now().date() + timedelta(days=2)).isoformat())
    press(ada, "Plan this wave")

    for tag, direction in (("ja", "ltr"), ("ar", "rtl")):
        go(ada, f"/admin/surveys/goodbye/waves/1/preview/{tag}/")
        assert ada.locator("html").get_attribute("dir") == direction
        assert ada.get_by_text("Preview for admins").is_visible()
        assert ada.locator('[data-do="next"]').first.is_visible()  # the page's script runs here as well

    go(ada, "/admin/surveys/goodbye/waves/1/")
    is_sound(ada)
    press(ada, "Propose: open this wave")
    go(abe, "/admin/surveys/goodbye/waves/1/")
    is_sound(abe)
    press(abe, "Confirm: open this wave")
    assert Wave.objects.get().state == WaveState.OPEN
    go(abe, "/en/s/goodbye/")
    assert abe.locator("#form").count() == 1
    go(ada, "/admin/surveys/goodbye/waves/1/")
    ada.get_by_label("Close it").check()
    press(ada, "Close this wave")
    assert Wave.objects.get().state == WaveState.CLOSED

    later = timezone.now() + timedelta(days=3)
    Wave.objects.update(late_until=timezone.now() - timedelta(hours=1))
    monkeypatch.setattr(timezone, "now", lambda: later)
    ada, abe = (at_work(browser, user) for user in admins)
    go(ada, "/admin/surveys/goodbye/waves/1/")
    press(ada, "Propose: seal this wave")
    go(abe, "/admin/surveys/goodbye/waves/1/")
    press(abe, "Confirm: seal this wave")
    assert isinstance(later, datetime)
    finish_due_waves()
    assert Wave.objects.get().state == WaveState.SEALED
    go(ada, "/admin/surveys/")
    assert re.search(r"about 0 responses.*Sealed", " ".join(ada.locator("main").inner_text().split()))
    for path in ("/admin/surveys/goodbye/", "/admin/help-lines/", "/admin/help-lines/mris/ar/", "/admin/events/mris/"):
        go(ada, path)
        is_sound(ada)
