"""The four main paths and the END pages, walked in a real browser in every language, with script and without.

What is sealed must equal a table written by hand (`paths.yaml`).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from playwright.sync_api import Browser, Page, expect

from survey import actions
from survey.models import Inbox, Response, Testimony, Wave
from survey.pages.languages import Language, language
from survey.queries import catalogue, codebook, load
from tests.cast import SHELL, open_rehearsal
from tests.flow.looks import ALL_LANGUAGES
from tests.flow.looks import choose as press_space
from tests.readers import read, readers
from tests.stack import Stack, running

PATHS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "paths.yaml").read_text())
LANGUAGES = [
    language(code)
    for code, _ in settings.LANGUAGES
    # Every run walks one script of each direction; with ALL_LANGUAGES=1 all eight languages.
    if code in ("zh-hans", "ar") or ALL_LANGUAGES
]
ENDS = {"END_MINOR": {"con_age": 0}, "END_NO": {"con_age": 1, "con_read": 0}}
TEXTS = ("tst", "tst_2")
BY_HAND = ("en", "ar")
"""Pointer and keyboard, one control after the other; in the other languages the controls are clicked from inside."""
GIVE_ALL = """([asked, turns]) => {
    const find = (selector) => {
        const box = document.querySelector(selector);
        for (let turned = 0; turns && !box.checkVisibility(); turned += 1) {
            if (turned === 9) throw new Error(`${selector} never came`);
            document.querySelector('[data-do=next]').click();
        }
        if (!box.checkVisibility()) throw new Error(`${selector} is hidden`);
        return box;
    };
    for (const [name, given] of asked) {
        if (Array.isArray(given)) {
            for (const code of given) find(`input[name="${name}"][value="${code}"]`).click();
        } else {
            const field = find(`textarea[name="${name}"]`);
            field.value = given;
            field.dispatchEvent(new Event('input', {bubbles: true}));
        }
    }
}"""
SCRIPT = pytest.mark.parametrize("script", [False, True], ids=["without script", "with script"])


@pytest.fixture
def stack(own_database: str, tmp_path: Path) -> Iterator[Stack]:
    with running(own_database, tmp_path, "web") as stack:
        yield stack


@SCRIPT
def test_what_is_sealed_of_each_path_is_what_the_table_says(stack: Stack, browser: Browser, script: bool) -> None:
    reader = readers()[0]
    wave = open_rehearsal("paths")
    for spoken in LANGUAGES:
        for path in PATHS.values():
            page = opened(browser, stack, spoken, script)
            choose(page, spoken, path["chosen"], script)
            assert Inbox.objects.filter(language=spoken.tag).count() == list(PATHS.values()).index(path)
            send(page, script)
            assert page.context.cookies() == []
            page.context.close()
    seal(wave)
    assert sorted(coded(response) for response in Response.objects.all()) == sorted(expected())
    assert sorted(told(one, read(reader, one)) for one in Testimony.objects.select_related("wave__survey")) == sorted(
        expected_testimonies()
    )
    for response in Response.objects.all():
        about_the_form(response.answers, script)


@SCRIPT
def test_who_may_not_or_does_not_want_to_take_part_is_thanked_and_nothing_is_stored(
    stack: Stack, browser: Browser, script: bool
) -> None:
    open_rehearsal("paths")
    for spoken in LANGUAGES:
        for end, chosen in ENDS.items():
            page = opened(browser, stack, spoken, script)
            choose(page, spoken, chosen, script)
            go_on(page, script)
            text = catalogue("mris", spoken.tag).text(load("mris").ends[end])
            expect(page.locator("main")).to_contain_text(text)
            expect(page.locator("#help li").first).to_be_visible()
            page.context.close()
    assert Inbox.objects.count() == 0


def opened(browser: Browser, stack: Stack, spoken: Language, script: bool) -> Page:
    page = browser.new_context(java_script_enabled=script, viewport={"width": 360, "height": 640}).new_page()
    page.goto(f"{stack.url}/{spoken.code}/s/paths/")
    return page


def choose(page: Page, spoken: Language, chosen: dict[str, object], script: bool) -> None:
    """In the order of the form: a question that only some are asked appears when the answers before it are given."""
    if spoken.tag in BY_HAND:
        for name, value in chosen.items():
            give(page, name, str(value), script)
    else:
        asked = [[name, value if name in TEXTS else str(value).split()] for name, value in chosen.items()]
        page.evaluate(GIVE_ALL, [asked, script])


def give(page: Page, name: str, value: str, script: bool) -> None:
    if name in TEXTS:
        find(page, f'textarea[name="{name}"]', script).fill(value)
        return
    for code in value.split():
        press_space(find(page, f'input[name="{name}"][value="{code}"]', script))


def find(page: Page, selector: str, script: bool) -> Any:
    """With script, the next pages are turned until the field comes."""
    field = page.locator(selector)
    turned = 0
    while script and not field.is_visible():
        go_on(page, script)
        turned += 1
        assert turned < len(load("mris").pages), f"{selector} never came"
    return field


def go_on(page: Page, script: bool) -> None:
    page.locator("[data-do=next]:visible" if script else ".send button.main").click()


def send(page: Page, script: bool) -> None:
    """To the page with the code."""
    if script:
        while not page.locator("[data-do=send]").is_visible():
            go_on(page, script)
        page.locator("[data-do=send]").click()
    else:
        go_on(page, script)
        page.locator("button.main").first.click()
    expect(page.locator("body[data-page=sent] strong.code")).to_have_count(1, timeout=60_000)


def seal(wave: Wave) -> None:
    actions.close_wave(SHELL, wave)
    actions.seal_wave(SHELL, wave)


def positions(item: str) -> list[str]:
    return [variable.name for variable in codebook("mris").variables if variable.item == item]


def row(path: dict[str, Any], tag: str) -> tuple[tuple[str, object], ...]:
    values: dict[str, object] = {"lang": tag}
    for item, codes in path["sealed"].items():
        values |= dict(zip(positions(item), map(int, str(codes).split()), strict=True))
    return tuple(sorted(values.items()))


def expected() -> list[tuple[tuple[str, object], ...]]:
    return [row(path, spoken.tag) for spoken in LANGUAGES for path in PATHS.values()]


def coded(response: Response) -> tuple[tuple[str, object], ...]:
    named = {name for name, _ in expected()[0]}
    return tuple(sorted((name, code) for name, code in response.answers.items() if name in named))


def expected_testimonies() -> list[tuple[str, ...]]:
    kept = [path["testimony"] for path in PATHS.values() if path["testimony"]]
    return [(spoken.tag, *map(str, one.values())) for spoken in LANGUAGES for one in kept]


def told(testimony: Testimony, texts: dict[str, str]) -> tuple[str, ...]:
    return (
        testimony.language,
        *map(str, (testimony.use, testimony.tag, testimony.role_group)),
        *(texts.get(name, "") for name in ("tst", "tst_2")),
    )


def about_the_form(answers: dict[str, object], script: bool) -> None:
    """What depends on how the form was filled in; nothing else may be there."""
    named = {name for name, _ in expected()[0]}
    assert set(answers) - named == {"con_age", "con_read", "con_store", "fast", "unproven", "flagged"}
    if not script:
        assert (answers["fast"], answers["unproven"], answers["flagged"]) == ("unknown", 1, 1)
    else:
        assert answers["fast"] == "yes"  # no person clicks like this
        assert answers["flagged"] == 1
