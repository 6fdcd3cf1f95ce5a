"""The languages of the product: how they are called in addresses, in markup, and by their speakers."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.conf import settings
from django.utils.translation import get_supported_language_variant
from django.utils.translation.trans_real import parse_accept_lang_header


@dataclass(frozen=True, slots=True)
class Language:
    tag: str
    """BCP 47, as in `lang` attributes, waves and catalogues: zh-Hans."""
    name: str
    short: str
    """For narrow screens, beside the full name for those who listen."""
    direction: Literal["ltr", "rtl"] = "ltr"

    @property
    def code(self) -> str:
        """As in addresses and in Django's settings: zh-hans."""
        return self.tag.lower()

    @property
    def locale(self) -> str:
        """As in CLDR: zh_Hans. English dates put the day first, as the questionnaire does."""
        return "en_GB" if self.tag == "en" else self.tag.replace("-", "_")


LANGUAGES = (
    Language("en", "English", "EN"),
    Language("zh-Hans", "简体中文", "简中"),
    Language("zh-Hant", "繁體中文", "繁中"),
    Language("ja", "日本語", "日本"),
    Language("ko", "한국어", "한국"),
    Language("id", "Bahasa Indonesia", "ID"),
    Language("es", "Español", "ES"),
    Language("ar", "العربية", "عر", "rtl"),
)
_BY_NAME = {name: language for language in LANGUAGES for name in (language.tag, language.code)}


def language(name: str) -> Language:
    """By tag or by address code. Raises KeyError for a language the product does not know."""
    return _BY_NAME[name]


def interface_languages() -> tuple[Language, ...]:
    """Those the interface is translated into."""
    return tuple(language(code) for code, _ in settings.LANGUAGES)


def preferred(accept_language: str, offered: Iterable[Language]) -> Language:
    """The offered language that an Accept-Language header asks for first, else the first one offered."""
    by_code = {one.code: one for one in offered}
    for code, _ in parse_accept_lang_header(accept_language.lower()):
        try:
            variant = get_supported_language_variant(code)
        except LookupError:
            continue
        if variant in by_code:
            return by_code[variant]
    return next(iter(by_code.values()))
