"""With the code and without script, in a real browser: send, see, correct, take along, print, erase."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from survey.models import Inbox, Tombstone
from tests.cast import CONSENT, open_rehearsal
from tests.flow.looks import choose
from tests.stack import Stack, running

FORM, RECEIPT = "/en/s/rehearsal/", "/en/receipt/"
WORDS = "=1+1 was its last answer,\nand I miss it. 再见"
MODEL = "Which AI model or companion do you want to answer about? Choose the one that mattered most to you."
SENT = {**CONSENT, "mdl": ["1"], "elig": ["1"], "role": ["7"], "evt": ["4"]}


@pytest.fixture
def stack(own_database: str, tmp_path: Path) -> Iterator[Stack]:
    open_rehearsal()
    with running(own_database, tmp_path, "web") as stack:
        yield stack


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 640})
    yield context
    assert context.cookies() == []
    context.close()


def tick(page: Page, fields: dict[str, list[str]]) -> None:
    for name, values in fields.items():
        for value in values:
            choose(page.locator(f'input[name="{name}"][value="{value}"]'))


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def is_page(page: Page, kind: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-page", kind)


def send(page: Page, stack: Stack) -> str:
    """Returns the receipt code, as it is printed."""
    page.goto(stack.url + FORM)
    tick(page, SENT)
    page.fill('textarea[name="tst"]', WORDS)
    tick(page, {"tst_use": ["1"]})
    press(page, "Check my answers")
    press(page, "Send my answers")
    is_page(page, "sent")
    return page.inner_text(".code")


def see(page: Page, stack: Stack, code: str) -> None:
    page.goto(stack.url + RECEIPT)
    page.fill("#receipt", code.lower().replace("-", " "))
    press(page, "See, correct or download my answers")
    is_page(page, "stored")


def answers(page: Page) -> dict[str, str]:
    questions = page.locator(".answers dl > div:not(.group)")
    return {
        questions.nth(at).locator("dt").inner_text(): questions.nth(at).locator("dd").first.inner_text()
        for at in range(questions.count())
    }


def test_all_that_the_code_is_good_for(stack: Stack, context: BrowserContext, tmp_path: Path) -> None:
    page = context.new_page()
    code = send(page, stack)
    see(page, stack, code)
    assert answers(page)[MODEL] == "GPT-4o"

    correct(page)
    assert page.inner_text(".code") == code
    expect(page.locator("main")).to_contain_text("taken the place of the earlier ones")
    see(page, stack, code)
    assert answers(page)[MODEL] == "Replika"
    assert [row.document["answers"]["mdl"] for row in Inbox.objects.all()] == [8]

    take_along(page, tmp_path)
    erase(page)
    page.goto(stack.url + RECEIPT)
    page.fill("#receipt", code)
    press(page, "See, correct or download my answers")
    expect(page.locator("h1")).to_have_text("Your answers are erased")
    assert (Inbox.objects.count(), Tombstone.objects.count()) == (0, 1)


def correct(page: Page) -> None:
    press(page, "Correct my answers")
    is_page(page, "form")
    expect(page.locator("#mdl-1")).to_be_checked()
    expect(page.locator('textarea[name="tst"]')).to_have_value(WORDS)
    tick(page, {"mdl": ["8"]})
    press(page, "Check my answers")
    is_page(page, "check")
    expect(page.locator("main")).to_contain_text("replace the ones you sent earlier")
    press(page, "Change my answers")
    expect(page.locator("#mdl-8")).to_be_checked()
    press(page, "Check my answers")
    press(page, "Replace my earlier answers")
    is_page(page, "sent")


def take_along(page: Page, folder: Path) -> None:
    files = {}
    for kind, button in (("csv", "Download for a spreadsheet (CSV)"), ("json", "Download for a program (JSON)")):
        with page.expect_download() as download:
            press(page, button)
        assert download.value.suggested_filename == f"answers.{kind}"
        files[kind] = folder / f"answers.{kind}"
        download.value.save_as(files[kind])
    with files["csv"].open(encoding="utf-8-sig", newline="") as table:
        rows = {row["name"]: row for row in csv.DictReader(table, strict=True)}
    content = json.loads(files["json"].read_text(encoding="utf-8"))
    assert (rows["mdl"]["code"], rows["mdl"]["label"]) == ("8", "Replika")
    assert rows["tst"]["label"] == "'" + WORDS
    assert [text["text"] for text in content["texts"]] == [WORDS]
    assert {entry["name"]: entry["code"] for entry in content["answers"]}["mdl"] == 8


def erase(page: Page) -> None:
    press(page, "Erase my answers")
    is_page(page, "erase")
    press(page, "No, keep them")
    is_page(page, "stored")
    press(page, "Erase my answers")
    press(page, "Yes, erase them")
    expect(page.locator("h1")).to_have_text("Your answers are erased")


def test_a_change_of_language_on_the_way_keeps_the_code_and_the_changes(stack: Stack, context: BrowserContext) -> None:
    page = context.new_page()
    see(page, stack, send(page, stack))
    press(page, "Correct my answers")
    tick(page, {"mdl": ["9"]})
    page.locator(".languages summary").click()
    press(page, "简体中文")
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    is_page(page, "form")
    expect(page.locator("#mdl-9")).to_be_checked()
    press(page, "核对我的回答")
    press(page, "取代我之前的回答")
    is_page(page, "sent")
    assert [(row.language, row.document["answers"]["mdl"]) for row in Inbox.objects.all()] == [("zh-Hans", 9)]


def test_different_answers_under_one_code_have_two_ways_on(stack: Stack, context: BrowserContext) -> None:
    """The page to check was kept, gone back to, and sent again with other answers in it."""
    page = context.new_page()
    code = send(page, stack)
    fields = {**CONSENT, "wave": "1", "mdl": "2", "receipt": code}

    def changed() -> None:
        body = "".join(f'<input name="{name}" value="{value}">' for name, value in plain(fields).items())
        page.set_content(f'<form method="post" action="{stack.url}{FORM}">{body}<button>Again</button></form>')
        press(page, "Again")
        is_page(page, "returned")

    changed()
    press(page, "Send these as a new answer")
    is_page(page, "sent")
    assert page.inner_text(".code") != code
    changed()
    press(page, "Correct the earlier answers with these")
    is_page(page, "sent")
    assert page.inner_text(".code") == code
    assert [row.document["answers"]["mdl"] for row in Inbox.objects.all()] == [2, 2]


def plain(fields: dict[str, object]) -> dict[str, str]:
    return {name: value[0] if isinstance(value, list) else str(value) for name, value in fields.items()}


@pytest.fixture
def scripted(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 640})
    yield context.new_page()
    assert context.cookies() == []
    context.close()


def to_the_end(page: Page) -> None:
    while page.locator("[data-do=next]").is_visible():
        page.click("[data-do=next]")


def test_with_script_the_same_form_corrects_page_by_page(stack: Stack, context: BrowserContext, scripted: Page) -> None:
    code = send(context.new_page(), stack)
    before = Inbox.objects.get().document["answers"]
    see(scripted, stack, code)
    press(scripted, "Correct my answers")
    is_page(scripted, "form")
    while not scripted.locator("#mdl-9").is_visible():
        scripted.click("[data-do=next]")
    expect(scripted.locator("#mdl-1")).to_be_checked()
    scripted.locator("label:has(#mdl-9)").click()
    to_the_end(scripted)
    scripted.click("[data-do=send]")
    is_page(scripted, "sent")
    expect(scripted.locator(".code")).to_have_text(code)
    after = Inbox.objects.get().document["answers"]
    assert (before["mdl"], after["mdl"]) == (1, 9)
    assert (after["fast"], after["unproven"]) == (before["fast"], before["unproven"])


def test_with_script_an_ending_answer_offers_to_erase_what_was_sent(
    stack: Stack, context: BrowserContext, scripted: Page
) -> None:
    see(scripted, stack, send(context.new_page(), stack))
    press(scripted, "Correct my answers")
    scripted.locator("label:has(#con_age-0)").click()
    scripted.click("[data-do=next]")
    expect(scripted.get_by_role("heading", name="Nothing was changed")).to_be_visible()
    expect(scripted.locator(".panel")).not_to_contain_text("Nothing was stored")
    press(scripted, "Erase my answers")
    is_page(scripted, "erase")
    press(scripted, "Yes, erase them")
    expect(scripted.locator("h1")).to_have_text("Your answers are erased")
    assert not Inbox.objects.exists()


def visits(page: Page, stack: Stack) -> Iterator[str]:
    """Every page that the code leads to, and those that say that there is no form here; names each."""
    code = send(page, stack)
    yield "sent"
    see(page, stack, code)
    yield "stored"
    press(page, "Erase my answers")
    yield "erase"
    press(page, "No, keep them")
    press(page, "Correct my answers")
    yield "correcting"
    press(page, "Check my answers")
    yield "correction, last look"
    press(page, "Change my answers")
    tick(page, {"con_age": ["0"]})
    press(page, "Check my answers")
    yield "correction that would end"
    press(page, "Back to my answers")
    tick(page, {"con_age": ["1"], "mdl": ["2"]})
    press(page, "Check my answers")
    press(page, "Replace my earlier answers")
    yield "corrected"
    Inbox.objects.all().delete()
    page.goto(stack.url + RECEIPT)
    page.fill("#receipt", code)
    press(page, "See, correct or download my answers")
    yield "unknown code"
    page.fill("#receipt", code[:-1] + ("0" if code[-1] != "0" else "1"))
    press(page, "See, correct or download my answers")
    yield "mistyped code"
    assert stack.manage("wave", "close", "rehearsal").returncode == 0
    page.goto(stack.url + RECEIPT)  # until the server looks again, a moment passes
    yield "receipt"
    page.goto(stack.url + "/en/s/nothing/")
    yield "nothing"
    expect_closed(page, stack)
    yield "closed"


def expect_closed(page: Page, stack: Stack) -> None:
    page.goto(stack.url + FORM)
    while page.inner_text("h1") != "This survey is closed":
        page.goto(stack.url + FORM)


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_no_page_of_the_code_has_an_accessibility_fault_or_runs_out_of_the_screen(
    stack: Stack, context: BrowserContext, browser: Browser, width: int, scheme: Literal["light", "dark"]
) -> None:
    looking = browser.new_context(viewport={"width": width, "height": 640}, color_scheme=scheme, bypass_csp=True)
    page, seen = context.new_page(), []
    for name in visits(page, stack):
        shown = looking.new_page()
        shown.set_content(page.content())
        faults = [(fault["id"], fault["nodes"][0]["target"]) for fault in Axe().run(shown).response["violations"]]
        assert (name, faults) == (name, [])
        assert (name, shown.evaluate("document.documentElement.scrollWidth")) == (name, width)
        shown.close()
        seen.append(name)
    assert len(seen) == 12
    looking.close()


def test_the_code_and_the_answers_print_without_what_cannot_be_pressed(stack: Stack, context: BrowserContext) -> None:
    page = context.new_page()
    code = send(page, stack)
    page.emulate_media(media="print", color_scheme="dark")
    for hidden in ("nav.bar", "footer", ".ways"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".code")).to_have_text(code)
    expect(page.locator("main")).to_contain_text("If that could put you at risk, do not keep it.")
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1

    page.emulate_media(media="screen")
    see(page, stack, code)
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("main button").first).to_be_hidden()
    expect(page.locator("main")).to_contain_text("GPT-4o")
    expect(page.locator("main")).not_to_contain_text(code)
