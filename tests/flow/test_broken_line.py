"""Hundreds of people behind a line that drops, delays, truncates and repeats: each is stored once and has a receipt."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page

from survey import receipts
from survey.models import Inbox
from tests.cast import open_rehearsal
from tests.flow.line import Line, bad_line
from tests.readers import sent_texts
from tests.stack import Stack, running, wait_for

# The whole number takes half an hour; every run of the tests does some of them.
SUBMISSIONS = int(os.environ.get("SUBMISSIONS", "12"))
AT_ONCE = 6
FORM = "/en/s/line/"
CONSENT = ("con_age", "con_read", "con_store", "con_sens")
PATIENCE = 1200.0
"""One in a thousand is out of luck eight times in a row, and waits a minute each time by then."""

ANSWER = """words => {
    const press = name => document.querySelector(`[data-do=${name}]`).click();
    const tick = id => document.getElementById(id).click();
    ['con_age-1', 'con_read-1', 'con_store-1'].forEach(tick);
    press('next');
    tick('con_sens-1');
    while (document.querySelector('[data-do=send]').hidden) press('next');
    document.getElementById('tst').value = words;
    document.getElementById('tst').dispatchEvent(new Event('input', {bubbles: true}));
    tick('tst_use-1');
    press('send');
}"""


@pytest.fixture
def stack(own_database: str, tmp_path: Path) -> Iterator[Stack]:
    with running(own_database, tmp_path, "web") as stack:
        yield stack


def test_a_bad_line_loses_nothing_and_doubles_nothing(stack: Stack, browser: Browser) -> None:
    open_rehearsal("line")
    with bad_line(stack.port, seed=SUBMISSIONS) as line:
        context = browser.new_context(viewport={"width": 360, "height": 640})
        pages = [context.new_page() for _ in range(AT_ONCE)]
        codes: list[str] = []
        for start in range(0, SUBMISSIONS, AT_ONCE):
            batch = pages[: SUBMISSIONS - start]
            for number, page in enumerate(batch, start):
                visit(page, line)
                page.evaluate(ANSWER, f"words of person {number}")
            codes += [code_on(page, is_hasty=number % 2 == 1) for number, page in enumerate(batch)]
        context.close()
    each_is_stored_once(codes, SUBMISSIONS)
    assert len(line.fates) > 2


def test_without_script_a_second_press_is_enough(stack: Stack, browser: Browser) -> None:
    people = max(4, SUBMISSIONS // 5)
    open_rehearsal("line")
    with bad_line(stack.port, seed=people) as line:
        context = browser.new_context(java_script_enabled=False)
        codes = [code_without_script(context, line, number) for number in range(people)]
        context.close()
    each_is_stored_once(codes, people)
    assert len(line.fates) > 1


def visit(page: Page, line: Line) -> None:
    page.goto(f"http://127.0.0.1:{line.port}{FORM}")


def code_on(page: Page, is_hasty: bool) -> str:
    """Who is hasty presses "send now" instead of waiting for the next try."""

    def is_sent() -> bool:
        if is_hasty and page.locator("[data-do=now]:visible").count():
            page.evaluate("() => document.querySelector('[data-do=now]')?.click()")
        return page.locator("body").get_attribute("data-page") == "sent"

    wait_for(is_sent, "the page with the code", PATIENCE)
    return page.locator("strong.code").inner_text()


def code_without_script(context: BrowserContext, line: Line, number: int) -> str:
    page = context.new_page()
    visit(page, line)
    for name in CONSENT:
        page.click(f"label:has(#{name}-1)")
    page.fill("#tst", f"words of person {number}")
    page.click("label:has(#tst_use-1)")
    press(page, ".send button.main", "check")
    press(page, "button.main >> nth=0", "sent")
    code = page.locator("strong.code").inner_text()
    page.close()
    return code


def press(page: Page, button: str, wanted: str) -> None:
    """As a person does: press it, and while a whole page does not come, load it again."""
    try:
        page.click(button)
    except Error:
        assert page.url  # the line broke; what was sent is sent again below
    tries = 0
    while not came(page, wanted):
        tries += 1
        assert tries < 50, f"no page after {tries} tries"
        try:
            page.reload()
        except Error:
            continue


def came(page: Page, wanted: str) -> bool:
    try:
        page.wait_for_load_state(timeout=5000)
    except Error:
        return False  # the browser still waits for the rest of a page that was cut off
    body = page.locator("body")
    return body.get_attribute("data-page") == wanted and page.locator("footer#help .support p:last-child").count() == 1


def each_is_stored_once(codes: list[str], people: int) -> None:
    assert len(set(codes)) == len(codes) == people
    digests = {receipts.digest("line", code) for code in codes}
    assert {bytes(row.receipt) for row in Inbox.objects.all()} == digests
    words = sorted(sent_texts(code)["tst"] for code in codes)
    assert words == sorted(f"words of person {number}" for number in range(people))
