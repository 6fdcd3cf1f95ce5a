"""The public result pages speak every language that the settings name: completely, and nothing besides."""

import inspect
import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils.translation import override, to_locale

from reports.pages import results
from reports.pages.results import in_words
from reports.render.commonest import Commonest

REPORTS = Path(settings.BASE_DIR) / "reports"
TEMPLATES = REPORTS / "templates" / "reports"
SHOWN = (*sorted((TEMPLATES / "results").glob("*.html")), TEMPLATES / "base.html", TEMPLATES / "bars.html")
TRANSLATED = [code for code, _ in settings.LANGUAGES if code != "en"]
PLACE = re.compile(r"%\(\w+\)s")

SHORT = re.compile(r"""{% translate (["'])(.*?)\1 %}""")
LONG = re.compile(r"{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}")
CALLED = re.compile(r'\b_\(\s*"([^"]*)"')


def said() -> set[str]:
    """Sentences of the templates and the view; of those with a plural, the singular."""
    pages = "".join(path.read_text() for path in SHOWN)
    long = (re.sub(r"{{ (\w+) }}", r"%(\1)s", text.partition("{% plural %}")[0]) for text in LONG.findall(pages))
    called = CALLED.findall(inspect.getsource(results))
    return {*(text for _, text in SHORT.findall(pages)), *long, *called}


def catalogue(code: str) -> polib.POFile:
    return polib.pofile(str(REPORTS / "locale" / to_locale(code) / "LC_MESSAGES" / "django.po"))


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_sentence_is_translated_and_none_is_left_over(code: str) -> None:
    file = catalogue(code)
    assert not file.untranslated_entries()
    assert not file.fuzzy_entries()
    assert len(said()) > 30
    assert {entry.msgid for entry in file} == said()


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_keeps_the_places_of_its_source(code: str) -> None:
    for entry in catalogue(code):
        wanted = set(PLACE.findall(entry.msgid))
        found = [set(PLACE.findall(form)) for form in list(entry.msgstr_plural.values()) or [entry.msgstr]]
        assert found[-1] == wanted, entry.msgid
        assert all(one <= wanted for one in found), entry.msgid  # "one" and "two" can be words, as in Arabic


@pytest.mark.parametrize(
    ("most", "sentence"),
    [
        (Commonest(("high",), "46 %", 185, 400), "Most common answer: “high”, 46 % (185 of 400 people)."),
        (Commonest(("high",), "", 20, 30), "Most common answer: “high” (about 20 of 30 people)."),
        (
            Commonest(("high", "low"), "about 40 %", 20, 50),
            "Most common answers: “high” and “low”, each about 40 % (20 of 50 people).",
        ),
        (Commonest(("a", "b"), "", 15, 30), "Most common answers: “a” and “b” (each about 15 of 30 people)."),
    ],
)
def test_the_commonest_answer_is_a_sentence(most: Commonest, sentence: str) -> None:
    with override("en"):
        assert re.sub("<[^>]+>", "", in_words(most, "en")) == sentence


def test_a_label_is_text_of_its_own_language_whatever_it_holds() -> None:
    label = '100 %(s) {x} <b onclick="">'
    escaped = "100 %(s) {x} &lt;b onclick=&quot;&quot;&gt;"
    for code in ("en", "ar"):
        with override(code):
            sentence = in_words(Commonest((label,), "about 57 %", 40, 70), "zh-Hans")
        assert f'<bdi lang="zh-Hans">{escaped}</bdi>' in sentence
        assert '<bdi lang="zh-Hans">about 57 %</bdi>' in sentence
        assert sentence.count("<") == 4
