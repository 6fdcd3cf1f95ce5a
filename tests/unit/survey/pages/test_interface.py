"""The interface speaks every language that the settings name, completely."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation import to_locale

from survey.pages.languages import LANGUAGES, interface_languages, language, preferred

SURVEY = Path(settings.BASE_DIR) / "survey"
TRANSLATE = re.compile(r'{% translate "([^"]*)" %}')
CALLED = re.compile(r'\b_\(\s*"((?:[^"\\]|\\.)*)"(?:\s*"((?:[^"\\]|\\.)*)")?')
TRANSLATED = [code for code, _ in settings.LANGUAGES if code != "en"]


def used_texts() -> set[str]:
    """Plain strings of templates and views (those with numbers in them are checked by the page tests)."""
    templates = "".join(path.read_text() for path in sorted((SURVEY / "templates").rglob("*.html")))
    code = "".join(path.read_text() for path in sorted((SURVEY / "pages").glob("*.py")))
    return {*TRANSLATE.findall(templates), *("".join(parts) for parts in CALLED.findall(code))}


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_text_of_the_interface_is_translated(code: str) -> None:
    file = polib.pofile(str(SURVEY / "locale" / to_locale(code) / "LC_MESSAGES" / "django.po"))
    assert not file.untranslated_entries()
    assert not file.fuzzy_entries()
    missing = used_texts() - {entry.msgid for entry in file}
    assert len(used_texts()) > 60
    assert not missing


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_keeps_the_places_of_its_source(code: str) -> None:
    places = re.compile(r"%\(\w+\)[sd]")
    for entry in polib.pofile(str(SURVEY / "locale" / to_locale(code) / "LC_MESSAGES" / "django.po")):
        wanted, forms = set(places.findall(entry.msgid)), list(entry.msgstr_plural.values()) or [entry.msgstr]
        found = [set(places.findall(form)) for form in forms]
        assert found[-1] == wanted, entry.msgid
        assert all(one <= wanted for one in found), entry.msgid  # "one" and "two" can be words, as in Arabic


@pytest.mark.parametrize(
    ("header", "tag"),
    [
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh-Hans-CN", "zh-Hans"),
        ("EN-gb", "en"),
        ("de, en;q=0.1", "en"),
        ("*", "en"),
        (",;q=x", "en"),
        ("x" * 5000, "en"),
    ],
)
def test_the_browsers_wish_is_met_as_far_as_possible(header: str, tag: str) -> None:
    assert preferred(header, interface_languages()).tag == tag


def test_languages_are_found_by_tag_and_by_address() -> None:
    assert {language(one.tag) for one in LANGUAGES} == {language(one.code) for one in LANGUAGES} == set(LANGUAGES)
