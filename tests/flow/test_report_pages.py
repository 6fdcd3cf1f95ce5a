"""The pages of reviewers, researchers and the public in a real browser: accessible, and narrow enough for a phone."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page
from pytest_django import DjangoDbBlocker

from accounts.enums import Role
from accounts.models import User
from reports.actions import object_to, request_report
from reports.enums import Verdict
from tests.cast import SHELL
from tests.conftest import copy_of
from tests.integration.reports.cast import colleague, computed, queued, released, requester, vote

SMALL_TEXT = """() => [...document.querySelectorAll('body *')].filter(element =>
    [...element.childNodes].some(node => node.nodeType == 3 && node.data.trim())
    && parseFloat(getComputedStyle(element).fontSize) < 16).map(element => element.outerHTML.slice(0, 80))"""
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, summary, select, .choice')]
    .filter(element => !element.closest('p, dd, td, th, details li, nav li') && !element.matches('.skip'))
    .filter(element => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && box.height < 43.5;
    }).map(element => element.outerHTML.slice(0, 80))"""


WITHOUT_BODY = """() => document.querySelectorAll('.figure, details').forEach(
    (element, place) => { if (place > 20) element.remove() })"""
"""All of the hundreds of tables are tried on one page, on a phone."""


def all_pages() -> Iterator[tuple[str, str]]:
    """(what it is, its HTML) for every page there is."""
    asked, reviewer, admin = requester(), colleague(Role.REVIEWER), colleague(Role.ADMIN)
    slug = released().slug
    report = computed(request_report(SHELL, asked, "mris", "mris", replace=True, purpose="A label was wrong."))
    waiting = queued(asked, waves=[2])

    def got(path: str, user: User | None = None) -> str:
        client = Client()
        if user:
            client.force_login(user)
        return client.get(path).content.decode()

    yield "queue", got("/review/", reviewer)
    object_to(reviewer, report.pk, "The labels of table 3 are swapped.")
    yield "to review", got(f"/review/{report.pk}/", reviewer)
    yield "own report", got(f"/review/{report.pk}/", asked)
    vote(report, Verdict.ASK_FOR_CHANGES, reviewer)
    yield "reviewed by me", got(f"/review/{report.pk}/", reviewer)
    vote(report)
    yield "reviewed by both", got(f"/review/{report.pk}/", reviewer)
    yield "releases", got("/portal/", asked)
    yield "release", got(f"/portal/releases/{slug}/", admin)
    yield "release in Chinese", got(f"/portal/releases/{slug}/?lang=zh-Hans", asked)
    yield "request", got("/portal/reports/new/", asked)
    yield "in the queue", got(f"/portal/reports/{waiting.pk}/", asked)
    yield "changes asked", got(f"/portal/reports/{report.pk}/", asked)
    yield "tokens", got("/portal/tokens/", asked)
    yield "refused", got("/review/", colleague(Role.RESEARCHER))
    yield "log-in", got("/accounts/login/")
    for language in ("en", "zh-hans"):
        yield f"results {language}", got(f"/{language}/results/")
        yield f"result {language}", got(f"/{language}/results/{slug}/")


@pytest.fixture(scope="module")
def made_pages(sealed_template: str, django_db_blocker: DjangoDbBlocker) -> list[tuple[str, str]]:
    """Made once, before any is looked at."""
    with django_db_blocker.unblock(), copy_of(sealed_template):
        return list(all_pages())


def opened(browser: Browser, html: str, width: int, scheme: Literal["light", "dark"] = "light") -> Page:
    """The page with its one style sheet in it: nothing is served here."""
    sheet = Path(str(finders.find("reports/reports.css"))).read_text(encoding="utf-8")
    inlined, links = re.subn(r'<link rel="stylesheet"[^>]+>', lambda _: f"<style>{sheet}</style>", html)
    assert links == 1
    context = browser.new_context(viewport={"width": width, "height": 640}, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.set_content(inlined)
    return page


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (1280, "dark")])
def test_no_page_has_an_accessibility_fault(
    browser: Browser, made_pages: list[tuple[str, str]], width: int, scheme: Literal["light", "dark"]
) -> None:
    seen = []
    for name, html in made_pages:
        page = opened(browser, html, width, scheme)
        if name != "release" or width > 360:
            page.evaluate(WITHOUT_BODY)
        faults = [(fault["id"], fault["nodes"][0]["target"]) for fault in Axe().run(page).response["violations"]]
        assert (name, faults) == (name, [])
        page.context.close()
        seen.append(name)
    assert len(seen) == 18


@pytest.mark.parametrize("width", [320, 1280])
def test_text_and_targets_are_large_and_nothing_runs_out_of_the_screen(
    browser: Browser, made_pages: list[tuple[str, str]], width: int
) -> None:
    for name, html in made_pages:
        page = opened(browser, html, width)
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, width)
        assert (name, page.evaluate(SMALL_TEXT)) == (name, [])
        assert (name, page.evaluate(SMALL_TARGETS)) == (name, [])
        page.context.close()
