"""The form page by page: one way on, one way back, and nothing lost by a slip of the finger."""

from collections.abc import Callable
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.flow.looks import NARROW, WIDE, looks
from tests.flow.script import Desk, at_desk, consent, go_on, in_view, page_of, to_the_end, with_answers

COMPLAINTS = (
    "window.complaints = []; addEventListener('securitypolicyviolation', (e) => complaints.push(e.blockedURI));"
)


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_pages_come_one_after_the_other_and_the_next_button_is_in_view(browser: Browser) -> None:
    with at_desk(browser, Desk()) as page:
        assert in_view(page) == ["P1a"]
        assert page.inner_text("#P1a-title small") == "Part 1 of 6"
        expect(page.locator("[data-do=next]")).to_be_in_viewport(ratio=1)
        expect(page.locator("[data-do=back]")).to_be_hidden()
        consent(page)
        assert in_view(page) == ["P2"]
        assert focused(page) == "P2-title"
        assert page.evaluate("scrollY") == 0
        go_on(page, "mdl-1", "elig-1")
        assert in_view(page) == ["P3"]
        assert page.inner_text("#P3-title small") == "Part 4 of 9"
        expect(page.locator("[data-do=next]")).to_be_in_viewport(ratio=1)
        page.click("[data-do=back]")
        assert in_view(page) == ["P2"]
        assert page.is_checked("#mdl-1")


def test_pages_with_nothing_to_ask_are_skipped(browser: Browser) -> None:
    with at_desk(browser, Desk()) as page:
        consent(page, sensitive=False)
        go_on(page, "mdl-1", "elig-0")
        page.click("[data-do=next]")
        assert in_view(page) == ["P7"]
        page.click("[data-do=back]")
        assert in_view(page) == ["P3"]


def test_the_buttons_of_the_browser_walk_the_pages_and_carry_no_answers(browser: Browser) -> None:
    with at_desk(browser, Desk()) as page:
        consent(page)
        go_on(page, "mdl-8")
        assert page.evaluate("history.state") == {"page": "P3"}
        assert page.url.endswith("/en/s/mris/")
        page.go_back()
        assert in_view(page) == ["P2"]
        assert page.is_checked("#mdl-8")
        page.go_forward()
        assert in_view(page) == ["P3"]


def test_a_link_inside_the_page_does_not_turn_it(browser: Browser) -> None:
    with at_desk(browser, Desk()) as page:
        consent(page)
        page.click("text=Help >> nth=0")
        assert focused(page) == "help"
        assert in_view(page) == ["P2"]


def test_only_consent_is_required_and_said_so_at_its_place(browser: Browser) -> None:
    with at_desk(browser, Desk()) as page:
        go_on(page, "con_age-1")
        assert in_view(page) == ["P1a"]
        summary = page.locator(".problems")
        expect(summary).to_be_focused()
        assert summary.locator("a").count() == 2
        expect(page.locator("#con_read-error")).to_have_text(
            "Please choose an answer: we need it before you can go on."
        )
        assert page.get_attribute("#q-con_read", "aria-describedby") == "con_read-error"
        page.click(".problems a >> nth=1")
        assert focused(page) == "con_store-1"
        page.check("#con_read-1")
        expect(page.locator("#con_read-error")).to_have_count(0)
        assert page.get_attribute("#q-con_read", "aria-invalid") is None
        go_on(page, "con_store-1")
        assert in_view(page) == ["P1b"]
        expect(page.locator(".problems")).to_have_count(0)


@pytest.mark.parametrize(("box", "says"), [("con_age-0", "18 or over"), ("con_store-0", "not taking part")])
def test_an_answer_that_ends_the_form_ends_it_on_the_spot_and_can_be_put_right(
    browser: Browser, box: str, says: str
) -> None:
    desk = Desk()
    with at_desk(browser, desk) as page:
        go_on(page, box)
        panel = page.locator(".panel")
        expect(panel).to_contain_text(says)
        expect(panel.locator(".support li").first).to_be_visible()
        assert in_view(page) == []
        panel.locator("[data-do=return]").click()
        assert in_view(page) == ["P1a"]
        go_on(page, box)
        page.go_back()
        assert in_view(page) == ["P1a"]
        go_on(page, box.replace("-0", "-1"), "con_age-1", "con_read-1", "con_store-1")
        assert in_view(page) == ["P1b"]
    assert desk.requests == ["GET /en/s/mris/"]


def test_what_excludes_everything_clears_the_rest_and_can_be_taken_back(browser: Browser) -> None:
    with at_desk(browser, Desk()) as page:
        consent(page)
        page.check("#keep-1")
        page.check("#keep-4")
        page.check("#keep-0")
        assert [page.is_checked(f"#keep-{code}") for code in (1, 4, 0)] == [False, False, True]
        expect(page.locator("[role=status].vh")).to_have_text("Your other choices in this question were cleared.")
        page.click("[data-do=undo]")
        assert [page.is_checked(f"#keep-{code}") for code in (1, 4, 0)] == [True, True, False]
        page.check("#keep-no")
        page.check("#keep-2")
        assert [page.is_checked(f"#keep-{code}") for code in (1, 2, "no")] == [False, True, False]
        expect(page.locator(".notice")).to_have_count(0)


def answered(page: Page) -> None:
    """Up to P4, with a model and an event chosen."""
    consent(page)
    go_on(page, "mdl-1", "elig-1")
    go_on(page, "role-6", "role-7", "role_main-7")
    for id in ("evt-4", "evt-5", "evt_main-5", "learn-1"):
        page.check(f"#{id}")


def test_the_page_says_what_a_change_takes_away_and_takes_it_back(browser: Browser) -> None:
    with at_desk(browser, Desk()) as page:
        answered(page)
        page.click("[data-do=back]")
        page.click("[data-do=back]")
        page.check("#elig-0")
        notice = page.locator("#q-elig .notice")
        expect(notice).to_contain_text("your answers to 3 questions do not count any more")
        assert notice.locator("li").all_inner_texts() == [
            "Which of these have affected you?",
            "Which one affected you most?",
            "How did you first learn of this?",
        ]
        page.check("#since-3")
        notice.locator("[data-do=undo]").click()
        assert page.is_checked("#elig-1")
        assert page.is_checked("#since-3")
        assert focused(page) == "elig-1"
        expect(page.locator(".notice")).to_have_count(0)
        page.click("[data-do=next]")
        page.click("[data-do=next]")
        assert page.is_checked("#evt_main-5")


def test_what_is_hidden_when_the_page_is_left_is_cleared(browser: Browser) -> None:
    with at_desk(browser, Desk()) as page:
        answered(page)
        page.click("[data-do=back]")
        page.click("[data-do=back]")
        page.check("#elig-0")
        page.click("[data-do=next]")
        page.click("[data-do=back]")
        page.check("#elig-1")
        expect(page.locator(".notice")).to_have_count(0)
        assert not page.is_checked("#evt-4")
        assert not page.is_checked("#evt_main-5")
        assert page.is_checked("#role_main-7")


def test_a_change_put_right_by_hand_takes_nothing_away(browser: Browser) -> None:
    with at_desk(browser, Desk()) as page:
        answered(page)
        page.uncheck("#evt-5")
        expect(page.locator(".notice")).to_contain_text("Which one affected you most?")
        page.check("#evt-5")
        expect(page.locator(".notice")).to_have_count(0)
        assert page.is_checked("#evt_main-5")


def test_a_text_that_is_deleted_takes_its_permission_along_and_can_be_brought_back(browser: Browser) -> None:
    with at_desk(browser, Desk()) as page:
        consent(page)
        to_the_end(page)
        page.fill("#tst", "Some words")
        page.check("#tst_use-2")
        page.fill("#tst", "")
        expect(page.locator("#q-tst .notice")).to_contain_text("May your words be used?")
        page.click("[data-do=undo]")
        assert page.input_value("#tst") == "Some words"
        assert page.is_checked("#tst_use-2")


def test_room_and_names_are_spoken_of_under_a_text(browser: Browser) -> None:
    with at_desk(browser, Desk()) as page:
        consent(page)
        to_the_end(page)
        page.fill("#tst", "e\u0301" * 1500)
        expect(page.locator("#q-tst [data-count]")).to_have_text("")
        page.fill("#tst", "e\u0301" * 1999)
        expect(page.locator("#q-tst [data-count]")).to_have_text("1 character left")
        page.fill("#tst", "🕯" * 2002)
        expect(page.locator("#q-tst [data-count]")).to_have_text("2 characters too many")
        page.click("[data-do=send]")
        expect(page.locator("#tst-error")).to_contain_text("2000 characters")
        expect(page.locator(".problems")).to_be_focused()
        assert in_view(page) == ["P8"]


@pytest.mark.parametrize(
    ("text", "warns"),
    [
        ("Nobody in particular, in 2025.", False),
        ("我和它聊了三年。2026-02-13 那天。", False),
        ("4 or 5 times, 100 %", False),
        ("ask @someone_there", True),
        ("me@example.org", True),
        ("see https://example.org/x", True),
        ("it was on chat.example.com then", True),
        ("call +44 20 7946 0958", True),
        ("打 13800138000", True),
    ],
)
def test_what_could_lead_to_a_person_is_met_with_a_word_and_never_refused(
    browser: Browser, text: str, warns: bool
) -> None:
    with at_desk(browser, Desk()) as page:
        page.evaluate("text => { const area = document.getElementById('tst'); area.value = text;"
                      " area.dispatchEvent(new Event('input', { bubbles: true })); }", text)  # fmt: skip
        assert page.evaluate("!document.querySelector('#q-tst [data-names]').hidden") == warns
        consent(page)
        to_the_end(page)
        page.click("[data-do=send]")
        expect(page.locator("h1")).to_have_text("sent")


def test_enter_in_a_question_sends_nothing_and_turns_no_page(browser: Browser) -> None:
    desk = Desk()
    with at_desk(browser, desk) as page:
        page.focus("#con_age-1")
        page.keyboard.press("Enter")
        assert in_view(page) == ["P1a"]
        assert desk.requests == ["GET /en/s/mris/"]


def test_it_can_be_walked_with_the_keyboard_alone(browser: Browser) -> None:
    desk = Desk()
    with at_desk(browser, desk) as page:
        for name in ("con_age", "con_read", "con_store"):
            tab_to(page, lambda name=name: page.evaluate("document.activeElement.name") == name)
            page.keyboard.press("Space")
        press(page, "next")
        tab_to(page, lambda: page.evaluate("document.activeElement.name") == "con_sens")
        page.keyboard.press("Space")
        while in_view(page) != ["P8"]:
            press(page, "next")
        press(page, "send")
        expect(page.locator("h1")).to_have_text("sent")
        assert desk.posts[0]["con_store"] == ["1"]


def tab_to(page: Page, reached: Callable[[], bool]) -> None:
    for _ in range(400):
        if reached():
            return
        page.keyboard.press("Tab")
    raise AssertionError("out of reach")


def press(page: Page, action: str) -> None:
    tab_to(page, lambda: page.evaluate("document.activeElement.dataset.do") == action)
    page.keyboard.press("Enter")


def test_nothing_is_asked_of_anybody_until_send_and_no_rule_of_the_page_is_broken(browser: Browser) -> None:
    desk = Desk()
    with at_desk(browser, desk) as page:
        page.evaluate(COMPLAINTS)
        answered(page)
        to_the_end(page)
        assert desk.requests == ["GET /en/s/mris/"]
        assert page.evaluate("complaints") == []
        assert page.evaluate("document.cookie + localStorage.length + sessionStorage.length") == "00"


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    looks(("en", NARROW, "light"), ("en", WIDE, "dark"), ("zh-hans", WIDE, "light"), ("ar", NARROW, "dark")),
)
def test_no_page_has_an_accessibility_fault_or_runs_out_of_the_screen(
    browser: Browser, language: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    viewport = {"width": width, "height": 640}
    path = f"/{language}/s/mris/"
    with at_desk(browser, Desk(), path, viewport=viewport, color_scheme=scheme, bypass_csp=True) as page:
        go_on(page)
        faultless(page, width)
        go_on(page, "con_age-0")
        faultless(page, width)
        page.click("[data-do=return]")
        page.check("#con_age-1")
        answered_with(page)
        for _ in range(8):
            faultless(page, width)
            page.click("[data-do=back]")
        page.click("[data-do=stop]")
        faultless(page, width)


def answered_with(page: Page) -> None:
    consent(page)
    go_on(page, "mdl-1", "elig-1")
    page.check("#role-1")
    page.check("#role-no")
    page.click("[data-do=next]")
    page.check("#evt-6")
    to_the_end(page)
    page.fill("#tst", "x" * 1999 + "@you")


def faultless(page: Page, width: int) -> None:
    faults = [(fault["id"], fault["nodes"][0]["target"]) for fault in Axe().run(page).response["violations"]]
    assert (in_view(page), faults) == (in_view(page), [])
    assert page.evaluate("document.documentElement.scrollWidth") == width


WITHOUT_STYLE = "selector(:has(*))", "selector(:unknown)"


def test_the_script_decides_where_style_cannot(browser: Browser) -> None:
    with at_desk(browser, Desk(change=lambda html: html.replace(*WITHOUT_STYLE))) as page:
        consent(page)
        go_on(page, "mdl-1", "elig-3")
        assert page.inner_text("#q-att .row >> nth=0 >> legend").startswith("When a day goes badly, GPT-4o is")
        expect(page.locator("#q-role_main")).to_be_hidden()
        assert page.locator(".only:visible").count() == 0


@pytest.mark.parametrize("broken", ["Intl.PluralRules", "crypto.getRandomValues", "history.replaceState", "FormData"])
def test_a_script_that_cannot_start_leaves_the_form_as_it_was(browser: Browser, broken: str) -> None:
    desk = Desk()
    with at_desk(browser, desk, "/blank/") as page:
        page.add_init_script(f"{broken} = () => {{ throw new Error('broken') }};")
        page.goto("https://survey.test/en/s/mris/")
        whole(page)
        page.check("#con_age-1")
        page.click("text=Check my answers")
        assert desk.posts[0]["con_age"] == ["1"]
        assert "receipt" not in desk.posts[0]


def whole(page: Page) -> None:
    """Every section that style shows to somebody who has not answered yet, and nothing that the script brought."""
    assert in_view(page) == ["P1a", "P1b", "P2", "P3", "P7", "P8"]
    assert page.locator(".steps, .panel, .notice, [role=status].vh").count() == 0
    assert page.locator("html.live").count() == 0
    assert page.is_visible("text=Check my answers")
    html = page.evaluate("document.getElementById('form').outerHTML")
    assert 'class="bare"' in html


def test_a_script_that_fails_half_way_gives_the_whole_form_back_with_its_answers(browser: Browser) -> None:
    desk = Desk()
    with at_desk(browser, desk) as page:
        consent(page)
        page.check("#mdl-8")
        before = len(desk.requests)
        page.evaluate("() => { history.pushState = () => { throw new Error('broken') } }")
        page.click("[data-do=next]")
        whole_after_consent(page)
        page.click("text=Check my answers")
        assert len(desk.requests) == before + 1
        assert desk.posts[0]["mdl"] == ["8"]
        assert "receipt" not in desk.posts[0]


def whole_after_consent(page: Page) -> None:
    assert in_view(page) == ["P1a", "P1b", "P2", "P3", "P6", "P7", "P8"]
    assert page.locator(".steps, .panel").count() == 0


def test_without_script_the_form_is_whole(browser: Browser) -> None:
    with at_desk(browser, Desk(), java_script_enabled=False) as page:
        assert in_view(page) == ["P1a", "P1b", "P2", "P3", "P7", "P8"]
        assert page.locator("text=Check my answers").is_visible()


def test_enter_without_script_changes_no_language_and_sends_nothing(browser: Browser) -> None:
    desk = Desk(replies=[lambda _: (200, page_of("check", ""), {})])
    with at_desk(browser, desk, java_script_enabled=False) as page:
        page.focus("#con_age-1")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("check")
        assert "receipt" not in desk.posts[0]
        assert "switch" not in desk.posts[0]


def test_a_change_of_language_goes_on_at_the_same_page(browser: Browser) -> None:
    desk = Desk(replies=[lambda fields: (200, with_answers(fields, tag="zh-Hans"), {})])
    with at_desk(browser, desk) as page:
        consent(page)
        go_on(page, "mdl-8", "elig-1")
        page.check("#role-7")
        page.click(".languages summary")
        page.click(".languages button")
        page.wait_for_url("**/zh-hans/s/mris/")
        assert in_view(page) == ["P3"]
        assert page.is_checked("#role-7")
        assert "Replika" in page.inner_text("#P3-title")
        assert "receipt" not in desk.posts[0]
        assert page.evaluate("document.documentElement.lang") == "zh-Hans"


def test_a_form_that_came_back_with_errors_begins_at_the_first_of_them(browser: Browser) -> None:
    messages = {"att_b2": "Please choose again."}
    back = {"con_age": ["1"], "con_read": ["1"], "con_store": ["1"], "con_sens": ["1"], "mdl": ["8"]}
    with at_desk(browser, Desk(change=lambda _: with_answers(back, messages))) as page:
        assert in_view(page) == ["P3"]
        expect(page.locator("#problems")).to_be_focused()
        page.click(".problems a")
        assert focused(page) == "att_b2-1"


def test_no_fragment_leads_past_consent(browser: Browser) -> None:
    with at_desk(browser, Desk(), "/en/s/mris/#P7") as page:
        assert in_view(page) == ["P1a"]
        assert page.evaluate("location.hash") == ""
