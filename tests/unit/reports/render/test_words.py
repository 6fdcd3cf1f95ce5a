import re

import pytest

from reports.disclosure import Reason, Tier
from reports.render import languages, words

OTHERS = [language for language in languages() if language != "en"]


def placeholders(text):
    return sorted(set(re.findall(r"\{(\w+)\}", text)))


@pytest.mark.parametrize("language", OTHERS)
def test_every_language_has_the_same_words_with_the_same_places_to_fill(language):
    source, translated = words("en"), words(language)
    assert set(translated) == set(source)
    assert {key: placeholders(text) for key, text in translated.items()} == {
        key: placeholders(text) for key, text in source.items()
    }
    assert all(translated.values())


@pytest.mark.parametrize("language", languages())
def test_every_reason_and_tier_has_a_sentence(language):
    said = words(language)
    assert all(said[f"reason_{reason}"] for reason in Reason)
    assert all(said[f"tier_{tier}"] for tier in Tier)


def test_simplified_chinese_is_there():
    assert languages()[0] == "en"
    assert "zh-Hans" in languages()


def test_a_language_without_words_is_refused_whatever_its_name():
    for name in ("fr", "../en", ""):
        with pytest.raises(LookupError):
            words(name)
