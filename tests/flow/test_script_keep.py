"""What stays on the device: nothing, unless somebody ticks it; and nothing at all after the ways out."""

import json
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from survey import receipts
from tests.flow.script import ORIGIN, Desk, at_desk, broken, consent, go_on, in_view, sent, to_the_end, with_answers

KEY = "sunset-survey:mris:1"
FORM = f"{ORIGIN}/en/s/mris/"


def kept(page: Page) -> dict[str, Any] | None:
    text = page.evaluate(f"localStorage.getItem({KEY!r})")
    return json.loads(text) if text else None


def begun(page: Page, keeps: bool = True) -> None:
    consent(page)
    page.check("#mdl-8")
    if keeps:
        page.check("[data-do=keep]")


def test_nothing_is_written_unless_it_is_ticked(browser: Browser) -> None:
    with at_desk(browser, Desk()) as page:
        begun(page, keeps=False)
        assert not page.is_checked("[data-do=keep]")
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        page.check("[data-do=keep]")
        draft = kept(page)
        assert draft
        assert sorted(draft) == ["code", "day", "fields", "page", "tried"]
        assert draft["page"] == "P2"
        page.uncheck("[data-do=keep]")
        assert kept(page) is None


def test_kept_answers_are_offered_and_taken_up_where_they_stood(browser: Browser) -> None:
    desk = Desk()
    with at_desk(browser, desk) as page:
        begun(page)
        go_on(page)
        page.check("#role-7")
        code = kept(page)["code"]  # type: ignore[index]
        page.goto(FORM)
        expect(page.locator(".panel h2")).to_have_text("Answers are kept on this device")
        assert in_view(page) == []
        assert page.locator("input:checked").count() == 0
        page.click("[data-do=restore]")
        assert in_view(page) == ["P3"]
        assert page.is_checked("#role-7")
        assert page.is_checked("[data-do=keep]")
        to_the_end(page)
        page.click("[data-do=send]")
        expect(page.locator("h1")).to_have_text("sent")
        assert page.evaluate("localStorage.length") == 0
    assert receipts.normalise(desk.posts[0]["receipt"][0]) == code
    assert "fast" not in desk.posts[0]


def test_kept_answers_can_be_erased_instead(browser: Browser) -> None:
    with at_desk(browser, Desk()) as page:
        begun(page)
        page.goto(FORM)
        page.click("[data-do=discard]")
        assert in_view(page) == ["P1a"]
        assert page.evaluate("localStorage.length") == 0
        assert page.locator("input:checked").count() == 0


def test_a_try_that_was_cut_short_goes_on_with_its_code(browser: Browser) -> None:
    desk = Desk(replies=[broken, sent])
    with at_desk(browser, desk) as page:
        begun(page)
        to_the_end(page)
        page.click("[data-do=send]")
        expect(page.locator("[data-do=now]")).to_be_visible()
        page.goto(FORM)
        page.click("[data-do=restore]")
        page.click("[data-do=send]")
        expect(page.locator("h1")).to_have_text("sent")
    assert desk.posts[0]["receipt"] == desk.posts[1]["receipt"]


@pytest.mark.parametrize(("age", "stays"), [(0, True), (29, True), (30, False), (-2, False)])
def test_after_thirty_days_every_draft_of_the_site_is_gone(browser: Browser, age: int, stays: bool) -> None:
    with at_desk(browser, Desk(), "/blank/") as page:
        page.evaluate(
            """([key, age]) => {
                const day = Math.floor(Date.now() / 864e5) - age;
                localStorage.setItem(key, JSON.stringify({ day, page: 'P2', fields: [['mdl', ['8']]] }));
                localStorage.setItem('sunset-survey:other:7', JSON.stringify({ day }));
                localStorage.setItem('sunset-survey:odd', 'not JSON');
                localStorage.setItem('something else', 'stays');
            }""",
            [KEY, age],
        )
        page.goto(FORM)
        names = sorted(page.evaluate("Object.keys(localStorage)"))
        assert names == (
            ["something else", "sunset-survey:mris:1", "sunset-survey:other:7"] if stays else ["something else"]
        )
        assert page.locator(".panel").is_visible() == stays


def test_a_change_of_language_goes_on_keeping(browser: Browser) -> None:
    desk = Desk(replies=[lambda fields: (200, with_answers(fields, tag="zh-Hans"), {}), sent])
    with at_desk(browser, desk) as page:
        begun(page)
        code = kept(page)["code"]  # type: ignore[index]
        page.click(".languages summary")
        page.click(".languages button[lang=zh-Hans]")
        page.wait_for_url("**/zh-hans/s/mris/")
        assert in_view(page) == ["P2"]
        assert page.is_checked("[data-do=keep]")
        page.check("#elig-2")
        assert ["elig", ["2"]] in kept(page)["fields"]  # type: ignore[index]
        to_the_end(page)
        page.click("[data-do=send]")
        expect(page.locator("h1")).to_have_text("sent")
    assert receipts.normalise(desk.posts[1]["receipt"][0]) == code


def test_a_browser_that_keeps_nothing_breaks_nothing(browser: Browser) -> None:
    with at_desk(browser, Desk(), "/blank/") as page:
        page.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('denied') } });")
        page.goto(FORM)
        consent(page)
        page.locator("[data-do=keep]").click()
        expect(page.locator("[data-kept]")).to_be_visible()
        assert not page.is_checked("[data-do=keep]")
        to_the_end(page)
        page.click("[data-do=send]")
        expect(page.locator("h1")).to_have_text("sent")


def test_an_answer_that_ends_the_form_takes_the_draft_along(browser: Browser) -> None:
    with at_desk(browser, Desk()) as page:
        page.check("[data-do=keep]")
        go_on(page, "con_age-0")
        assert kept(page) is None
        page.click("[data-do=return]")
        assert kept(page)


def test_stop_and_erase_asks_once_and_leaves_nothing(browser: Browser) -> None:
    desk = Desk()
    with at_desk(browser, desk) as page:
        begun(page)
        page.click("[data-do=stop]")
        expect(page.locator(".panel h2")).to_be_focused()
        page.click("text=No, go on")
        assert in_view(page) == ["P2"]
        assert page.is_checked("#mdl-8")
        page.click("[data-do=stop]")
        page.click("[data-do=erase]")
        page.wait_for_url("**/en/stop/")
        assert page.evaluate("localStorage.length") == 0
        page.go_back()
        expect(page.locator("#P1a")).to_be_visible()
        assert page.locator("input:checked").count() == 0
    assert desk.posts == []


def test_leaving_asks_nothing_and_leaves_nothing(browser: Browser) -> None:
    with at_desk(browser, Desk()) as page:
        begun(page)
        page.click("[data-do=exit]")
        page.wait_for_url("about:blank")
        page.go_back()
        expect(page.locator("#P1a")).to_be_visible()
        assert page.locator("input:checked").count() == 0
        assert page.evaluate("localStorage.length") == 0


@pytest.mark.parametrize(("times", "pause", "left"), [(3, 50, True), (2, 50, False), (3, 900, False)])
def test_escape_three_times_leaves_at_once(browser: Browser, times: int, pause: int, left: bool) -> None:
    with at_desk(browser, Desk()) as page:
        begun(page)
        for _ in range(times):
            page.keyboard.press("Escape")
            page.wait_for_timeout(pause)
        page.wait_for_timeout(300)
        assert (page.url == "about:blank") == left


def test_after_a_try_the_code_is_told_before_everything_is_erased(browser: Browser) -> None:
    desk = Desk(replies=[broken])
    with at_desk(browser, desk) as page:
        begun(page)
        to_the_end(page)
        page.click("[data-do=send]")
        expect(page.locator("[data-do=now]")).to_be_visible()
        page.click("[data-do=stop]")
        expect(page.locator(".panel .code")).to_have_text(desk.posts[0]["receipt"][0])
        page.click("[data-do=erase]")
        page.wait_for_url("**/en/stop/")
    assert len(desk.posts) == 1
