"""Every page a respondent can reach, in a real browser: accessible, narrow enough, and showing what the server asks."""

import re
from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client, RequestFactory
from playwright.sync_api import Browser, BrowserContext, Page

from survey import actions, receipts
from survey.instrument.validate import Facts, relevance
from survey.pages import documents
from survey.pages.gate import come_back
from survey.queries import load
from tests.cast import CONSENT, SHELL, open_rehearsal, send
from tests.flow.looks import NARROW, WIDE, looks
from tests.unit.survey.pages.test_conditions import boxes, random_fields

ANSWERS = {
    "mdl": "1",
    "elig": "1",
    "role": ["6", "7"],
    "role_main": "7",
    "evt": ["4", "6"],
    "att_s1": "4",
    "clo_ai": "9",
}
PAGE_SCRIPT = re.compile(r'<script type="module">.*?</script>', re.DOTALL)
WORDS = {"tst": "Some words,\non two lines.", "tst_use": "2", "tst_tag": "1"}
SMALL_TEXT = """() => [...document.querySelectorAll('body *')].filter(element =>
    [...element.childNodes].some(node => node.nodeType == 3 && node.data.trim())
    && parseFloat(getComputedStyle(element).fontSize) < 16).map(element => element.outerHTML.slice(0, 80))"""
LONGEST_LINE = """() => Math.max(...[...document.querySelectorAll('.information p, .support p')].map(block => {
    const range = document.createRange(), text = block.firstChild, lines = {};
    for (let at = 0; at < text.length; at++) {
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        const box = range.getBoundingClientRect();
        if (box.width) lines[box.bottom] = (lines[box.bottom] || 0) + 1;
    }
    return Math.max(0, ...Object.values(lines));
}))"""
SMALL_TARGETS = """() => [...document.querySelectorAll('a, button, summary, .options label, .cells label, .line label')]
    .filter(element => !element.closest('p, .problems, .skip') && !element.matches('.skip')).filter(element => {
        const box = element.getBoundingClientRect();
        return box.width > 0 && (box.width < 44 || box.height < 43.5);
    }).map(element => element.outerHTML.slice(0, 80))"""


@pytest.fixture(autouse=True)
def _nothing_remembered() -> None:
    documents.forget()


def all_pages(language: str) -> Iterator[tuple[str, str]]:
    """(what it is, its HTML) for every page there is."""
    wave, respondent, code = open_rehearsal(), Client(), receipts.make()
    send(wave, code, mdl="1", elig="1", **WORDS)
    form, receipt = f"/{language}/s/rehearsal/", f"/{language}/receipt/"
    full = {**CONSENT, **ANSWERS, **WORDS, "wave": "1"}

    def got(path: str) -> str:
        return respondent.get(path).content.decode()

    def sent(path: str, **fields: object) -> str:
        return respondent.post(path, fields).content.decode()

    yield "landing", got(f"/{language}/")
    yield "form, filled in", sent(form, **full, edit="1")
    yield "form with errors", sent(form, mdl="77", acc=["1", "-8"], att_s1="9", tst="x" * 2001)
    yield "check", sent(form, **full)
    yield "sent", sent(form, **full, receipt=receipts.make())
    yield "changed", sent(form, **{**full, "mdl": "2"}, receipt=code)
    yield "end", sent(form, **{**full, "con_age": "0"})
    yield "receipt", got(receipt)
    yield "receipt, mistyped", sent(receipt, receipt="ABC")
    yield "stored", sent(receipt, receipt=code, action="see")
    yield "to be corrected", sent(receipt, receipt=code, action="correct")
    yield "corrected", sent(form, **{**full, "mdl": "3"}, receipt=code, correct="1")
    yield "erase", sent(receipt, receipt=code, action="erase")
    yield "erased", sent(receipt, receipt=code, action="confirm-erase")
    yield "stop", got(f"/{language}/stop/")
    yield "busy", come_back(RequestFactory().post(form, full)).content.decode()
    yield "busy, nothing sent", come_back(RequestFactory().get(form)).content.decode()
    yield "nothing", got(f"/{language}/s/nothing/")
    actions.close_wave(SHELL, wave)
    documents.forget()
    yield "not open", got(form)


def opened(context: BrowserContext, html: str) -> Page:
    """Without the page script: `test_script_pages` walks the form with it."""
    page = context.new_page()
    page.set_content(PAGE_SCRIPT.sub("", html))
    return page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    looks(("en", NARROW, "light"), ("zh-hans", WIDE, "dark"), ("ar", NARROW, "dark"), ("ja", WIDE, "light")),
)
def test_no_page_has_an_accessibility_fault_or_small_print_or_runs_out_of_the_screen(
    browser: Browser, language: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 640}, color_scheme=scheme, bypass_csp=True)
    direction = "rtl" if language == "ar" else "ltr"
    seen = 0
    for name, html in all_pages(language):
        page = opened(context, html)
        faults = [(fault["id"], fault["nodes"][0]["target"]) for fault in Axe().run(page).response["violations"]]
        assert (name, faults) == (name, [])
        assert (name, page.evaluate("document.documentElement.scrollWidth")) == (name, width)
        assert (name, page.evaluate(SMALL_TEXT)) == (name, [])
        assert (name, page.evaluate(SMALL_TARGETS)) == (name, [])
        assert (name, page.evaluate("document.documentElement.dir || 'ltr'")) == (name, direction)
        page.close()
        seen += 1
    assert seen == 19
    context.close()


@pytest.mark.django_db
def test_lines_are_at_most_75_characters_long(browser: Browser) -> None:
    wave = open_rehearsal()
    context = browser.new_context(viewport={"width": 1600, "height": 900}, bypass_csp=True)
    page = opened(context, Client().get(f"/en/s/{wave.survey.slug}/").content.decode())
    assert 55 < page.evaluate(LONGEST_LINE) <= 75
    context.close()


@pytest.mark.django_db
def test_style_alone_shows_the_questions_that_the_server_would_ask(browser: Browser) -> None:
    wave = open_rehearsal()
    html = Client().get(f"/en/s/{wave.survey.slug}/").content.decode()
    instrument = load("mris")
    context = browser.new_context(bypass_csp=True)
    page = opened(context, html)
    for seed in range(25):
        fields = random_fields(instrument, seed)
        page.evaluate(
            """ids => {
                document.querySelectorAll('input').forEach(box => { box.checked = ids.includes(box.id); });
                document.querySelectorAll('textarea').forEach(area => {
                    area.value = ids.includes(area.id) ? 'words' : '';
                });
            }""",
            list(boxes(fields)),
        )
        visible = set(
            page.evaluate(
                "[...document.querySelectorAll('.q')].filter(question => question.offsetHeight).map(q => q.id.slice(2))"
            )
        )
        shown = relevance(instrument, fields, Facts(language="en", events={6: wave.event_states["6"]}))  # type: ignore[dict-item]
        assert visible == {item.name for item in instrument.items if shown.asks(item.name)}, seed
    context.close()


@pytest.mark.django_db
def test_style_alone_words_the_texts_and_pipes_the_labels(browser: Browser) -> None:
    wave = open_rehearsal()
    context = browser.new_context(bypass_csp=True)
    page = opened(context, Client().get(f"/en/s/{wave.survey.slug}/").content.decode())

    def asked(row: str) -> str:
        # Generated content is what people read and what assistive technology is told.
        snapshot = page.locator(f"fieldset.row:has(#{row}-1)").aria_snapshot()
        return re.sub(r"\s+", " ", snapshot)

    assert "When a day goes badly, that model is among the first I turn to." in asked("att_s1")
    page.check("#mdl-1")
    page.check("#elig-1")
    assert "When a day went badly, GPT-4o was among the first I turned to." in asked("att_s1")
    page.check("#elig-3")
    assert "When a day goes badly, GPT-4o is among the first I turn to." in asked("att_s1")
    page.check("#mdl-8")
    assert "When a day goes badly, Replika is among the first I turn to." in asked("att_s1")
    context.close()


@pytest.mark.django_db
def test_a_browser_without_has_shows_everything_in_the_default_wording(browser: Browser) -> None:
    wave = open_rehearsal()
    html = Client().get(f"/en/s/{wave.survey.slug}/").content.decode()
    context = browser.new_context(bypass_csp=True)
    page = opened(context, html.replace("selector(:has(*))", "selector(:unknown)"))
    hidden = page.evaluate("[...document.querySelectorAll('.q')].filter(q => !q.offsetHeight).map(q => q.id)")
    assert hidden == []
    assert page.is_visible("text=Only if you chose two or more above. >> nth=0")
    assert "When a day went badly, that model was among" in page.inner_text("#q-att")
    assert "goes badly" not in page.inner_text("#q-att")
    context.close()
