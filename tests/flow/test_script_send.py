"""One request out, whatever the line does: the same code and the same bytes until the answer has come back whole."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from survey import receipts, stamp
from tests.flow.script import (
    ORIGIN,
    Answer,
    Desk,
    Fields,
    Reply,
    at_desk,
    broken,
    consent,
    go_on,
    in_view,
    page_of,
    sent,
    to_the_end,
    truncated,
    with_answers,
)

CODE = receipts.normalise(receipts.make())
COUNT_CODES = """() => {
    const random = crypto.getRandomValues.bind(crypto);
    window.made = 0;
    crypto.getRandomValues = (bytes) => { made += 1; return random(bytes); };
}"""


def answer(status: int, name: str, inside: str = "", **headers: str) -> Reply:
    return lambda fields: (
        status,
        page_of(name, inside),
        {key.replace("_", "-"): said for key, said in headers.items()},
    )


def other_code(_: Fields) -> Answer:
    return 200, page_of("sent", f'<strong class="code">{receipts.make()}</strong>'), {}


def filled_in(page: Page, *ids: str) -> None:
    consent(page)
    go_on(page, "mdl-1", "elig-1")
    go_on(page, "role-7", "role-14", "role_main-14")
    to_the_end(page)
    page.fill("#tst", "Some words\non two lines, 一句话 & more=+")
    page.check("#tst_use-1")
    for id in ids:
        page.check(f"#{id}")


def arrived(page: Page) -> None:
    expect(page.locator("h1")).to_have_text("sent", timeout=20_000)


def test_what_is_sent_is_what_was_answered_under_a_code_of_the_page(browser: Browser) -> None:
    desk = Desk()
    with at_desk(browser, desk) as page:
        filled_in(page)
        page.click("[data-do=send]")
        arrived(page)
    (fields,) = desk.posts
    code = fields.pop("receipt")[0]
    assert receipts.is_valid(code)
    assert code == receipts.grouped(receipts.normalise(code))
    assert fields.pop("fast") == ["yes"]
    assert fields == {
        "wave": ["1"], "website": [""], "con_age": ["1"], "con_read": ["1"], "con_store": ["1"], "con_sens": ["1"],
        "mdl": ["1"], "elig": ["1"], "role": ["7", "14"], "role_main": ["14"], "tst_use": ["1"],
        "tst": ["Some words\non two lines, 一句话 & more=+"],
    }  # fmt: skip
    assert desk.headers[0]["content-type"].startswith("application/x-www-form-urlencoded")
    assert "referer" not in desk.headers[0]
    assert "cookie" not in desk.headers[0]


@pytest.mark.parametrize(
    ("troubles", "says"),
    [
        ([broken, broken], "the line is broken"),
        ([truncated], "the line is broken"),
        ([answer(200, "")], "the line is broken"),
        ([other_code], "the server is busy"),
        ([answer(503, "busy", Retry_After="1")], "the server is busy"),
        ([answer(502, "", ""), answer(504, "", "")], "the server is busy"),
        ([answer(429, "busy", Retry_After="1", Stamp_Bits="12")], "the server is busy"),
    ],
)
def test_the_same_bytes_are_sent_until_an_answer_has_come_back_whole(
    browser: Browser, troubles: list[Reply], says: str
) -> None:
    desk = Desk(replies=[*troubles, sent])
    with at_desk(browser, desk) as page:
        filled_in(page)
        page.click("[data-do=send]")
        for trouble in range(len(troubles)):
            expect(page.locator(f"[data-say]:visible:has-text('{says}')")).to_be_visible()
            expect(page.locator("[data-wait]")).to_contain_text("Next try in")
            assert receipts.is_valid(page.inner_text(".panel .code"))
            assert len(desk.bodies) == trouble + 1
            page.click("[data-do=now]")
            page.wait_for_timeout(300)
        arrived(page)
    assert len(desk.bodies) == len(troubles) + 1
    assert len({body.partition("&stamp=")[0] for body in desk.bodies}) == 1


def test_it_is_tried_again_without_being_asked(browser: Browser) -> None:
    desk = Desk(replies=[broken, sent])
    with at_desk(browser, desk) as page:
        filled_in(page)
        page.click("[data-do=send]")
        arrived(page)
    assert len(desk.bodies) == 2


def test_the_wait_is_not_shorter_than_the_server_wants(browser: Browser) -> None:
    desk = Desk(replies=[answer(503, "busy", Retry_After="300"), sent])
    with at_desk(browser, desk) as page:
        filled_in(page)
        page.click("[data-do=send]")
        expect(page.locator("[data-wait]")).to_contain_text(re.compile(r"in (3\d\d|400) seconds"))


def test_the_stamp_is_found_while_people_answer_and_made_harder_when_asked(browser: Browser) -> None:
    desk = Desk(bits=8, replies=[answer(429, "busy", Retry_After="1", Stamp_Bits="12"), sent])
    with at_desk(browser, desk) as page:
        filled_in(page)
        page.click("[data-do=send]")
        arrived(page)
    (first, second) = desk.posts
    code = receipts.normalise(first["receipt"][0])
    assert first["stamp"] == [stamp.find(1, code, 8)]
    assert stamp.is_valid(1, code, second["stamp"][0], 12)
    assert second["receipt"] == first["receipt"]


def test_without_a_trusted_connection_there_is_no_stamp_and_it_is_sent_all_the_same(browser: Browser) -> None:
    desk = Desk(bits=8)
    with at_desk(browser, desk, "/blank/") as page:
        page.add_init_script("Object.defineProperty(Crypto.prototype, 'subtle', { value: undefined });")
        page.goto(f"{ORIGIN}/en/s/mris/")
        filled_in(page)
        page.click("[data-do=send]")
        arrived(page)
    assert "stamp" not in desk.posts[0]


def test_one_can_go_back_to_the_answers_and_send_them_with_the_same_code(browser: Browser) -> None:
    desk = Desk(replies=[broken, sent])
    with at_desk(browser, desk) as page:
        filled_in(page)
        page.click("[data-do=send]")
        expect(page.locator("[data-do=now]")).to_be_visible()
        page.click(".panel [data-do=return]")
        assert in_view(page) == ["P8"]
        page.wait_for_timeout(3500)
        assert len(desk.posts) == 1
        page.check("#age-2")
        page.click("[data-do=send]")
        arrived(page)
    first, second = desk.posts
    assert second["receipt"] == first["receipt"]
    assert second["fast"] == first["fast"]
    assert second["age"] == ["2"]


def test_a_refusal_is_said_in_the_servers_words_and_the_answers_stay(browser: Browser) -> None:
    desk = Desk(replies=[answer(413, "message", "<p>Too long to be sent.</p>"), sent])
    with at_desk(browser, desk) as page:
        filled_in(page)
        page.click("[data-do=send]")
        expect(page.locator(".refused")).to_contain_text("Too long to be sent.")
        page.click(".panel [data-do=return]")
        assert page.input_value("#tst").startswith("Some words")
        page.click("[data-do=send]")
        arrived(page)


def test_a_form_that_comes_back_begins_anew_with_the_same_code(browser: Browser) -> None:
    messages = {"mdl": "This answer is not one of those offered."}
    desk = Desk(replies=[lambda fields: (422, with_answers(fields, messages), {}), sent])
    with at_desk(browser, desk) as page:
        filled_in(page)
        page.click("[data-do=send]")
        expect(page.locator("#problems")).to_be_focused()
        assert in_view(page) == ["P2"]
        assert page.locator("script[type=module]").count() == 0
        page.check("#mdl-8")
        to_the_end(page)
        page.click("[data-do=send]")
        arrived(page)
    first, second = desk.posts
    assert second["receipt"] == first["receipt"]
    assert "fast" not in second
    assert second["mdl"] == ["8"]


@pytest.mark.parametrize("name", ["returned", "check"])
def test_other_pages_take_the_place_of_the_form_as_they_are(browser: Browser, name: str) -> None:
    button = (
        '<form id="form" method="post" action="/en/s/mris/"><input type="hidden" name="a" value="b"><button>On</button>'
    )
    desk = Desk(replies=[answer(409, name, f"{button}</form>"), sent])
    with at_desk(browser, desk) as page:
        filled_in(page)
        page.click("[data-do=send]")
        expect(page.locator("h1")).to_be_focused()
        page.click("text=On")
        arrived(page)
    assert desk.posts[1] == {"a": ["b"]}


def test_after_sending_nothing_leads_back_to_a_filled_form(browser: Browser) -> None:
    desk = Desk()
    with at_desk(browser, desk) as page:
        filled_in(page)
        page.click("[data-do=send]")
        arrived(page)
        assert page.evaluate("[document.title, history.state, document.activeElement.tagName]") == [
            "Survey",
            None,
            "H1",
        ]
        assert page.locator("html.live").count() == 0
        page.go_back()
        arrived(page)
        page.reload()
        assert in_view(page) == ["P1a"]
        assert page.locator("input:checked").count() == 0
        assert len(desk.posts) == 1


def test_a_code_is_used_for_one_response_only(browser: Browser) -> None:
    desk = Desk()
    codes = set()
    for _ in range(2):
        with at_desk(browser, desk) as page:
            filled_in(page)
            page.click("[data-do=send]")
            arrived(page)
        codes.add(desk.posts[-1]["receipt"][0])
    assert len(codes) == 2


def test_a_page_from_the_memory_of_the_browser_has_a_new_code_unless_it_was_tried(browser: Browser) -> None:
    shown = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"
    desk = Desk(replies=[broken, sent])
    with at_desk(browser, desk) as page:
        filled_in(page)
        page.evaluate(COUNT_CODES)
        page.evaluate(shown)
        assert page.evaluate("made") == 1
        page.click("[data-do=send]")
        expect(page.locator("[data-do=now]")).to_be_visible()
        page.evaluate(shown)
        assert page.evaluate("made") == 1
        page.click("[data-do=now]")
        arrived(page)
    assert desk.posts[0]["receipt"] == desk.posts[1]["receipt"]


def test_the_code_on_the_sent_page_does_not_come_back_from_the_memory_of_the_browser(browser: Browser) -> None:
    with at_desk(browser, Desk()) as page:
        filled_in(page)
        page.click("[data-do=send]")
        arrived(page)
        page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
        expect(page.locator("#P1a")).to_be_visible()


@pytest.mark.parametrize(("minutes", "fast"), [(1, "yes"), (15, "no")])
def test_fast_is_measured_in_the_foreground(browser: Browser, minutes: int, fast: str) -> None:
    desk = Desk()
    with at_desk(browser, desk, "/blank/") as page:
        page.clock.install()
        page.goto(f"{ORIGIN}/en/s/mris/")
        page.clock.run_for(20 * 60_000)
        consent(page)
        page.clock.run_for(minutes * 60_000)
        hide(page, True)
        page.clock.run_for(20 * 60_000)
        hide(page, False)
        to_the_end(page)
        page.click("[data-do=send]")
        arrived(page)
    assert desk.posts[0]["fast"] == [fast]


def hide(page: Page, is_hidden: bool) -> None:
    page.evaluate("""(hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
        document.dispatchEvent(new Event('visibilitychange'));
    }""", is_hidden)  # fmt: skip


def test_a_correction_brings_its_code_and_neither_stamp_nor_pace(browser: Browser) -> None:
    stored = {"con_age": ["1"], "con_read": ["1"], "con_store": ["1"], "con_sens": ["1"], "mdl": ["8"]}
    desk = Desk(bits=8, change=lambda _: with_answers(stored, correcting=receipts.grouped(CODE)))
    with at_desk(browser, desk) as page:
        assert in_view(page) == ["P1a"]
        assert page.locator("[data-do=keep]").is_hidden()
        to_the_end(page)
        page.check("#age-3")
        page.click("[data-do=send]")
        arrived(page)
    (fields,) = desk.posts
    assert receipts.normalise(fields["receipt"][0]) == CODE
    assert (fields["correct"], fields["mdl"], fields["age"]) == (["1"], ["8"], ["3"])
    assert not {"stamp", "fast", "look"} & fields.keys()


def test_a_failure_after_a_try_keeps_the_code_in_the_form(browser: Browser) -> None:
    desk = Desk(replies=[broken, sent])
    with at_desk(browser, desk) as page:
        filled_in(page)
        page.click("[data-do=send]")
        expect(page.locator("[data-do=now]")).to_be_visible()
        page.evaluate("() => { Intl.NumberFormat.prototype.__proto__ = null; window.DOMParser = undefined; "
                      "Document.prototype.querySelector = () => { throw new Error('broken') } }")  # fmt: skip
        page.locator(".panel [data-do=return]").evaluate("button => button.click()")
        assert page.locator("html.live").count() == 0
        page.locator(".send .main").evaluate("button => button.click()")
        page.wait_for_url("**/en/s/mris/")
        expect(page.locator("h1")).to_have_text("sent")
    assert desk.posts[0]["receipt"] == desk.posts[1]["receipt"]
    assert desk.posts[1]["tst"] == [desk.posts[0]["tst"][0].replace("\n", "\r\n")]
