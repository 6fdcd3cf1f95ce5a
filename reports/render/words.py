"""The words of reports that belong to no instrument: `locale/<language>.yaml`, the same keys in every language."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "locale"
SOURCE_LANGUAGE = "en"

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})

type Words = Mapping[str, str]


@cache
def words(language: str) -> Words:
    """Raises LookupError for a language that reports do not speak."""
    path = FOLDER / f"{language}.yaml"
    if language not in languages():
        raise LookupError(f"reports have no words in {language!r}")
    loaded: dict[str, str] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return loaded


@cache
def languages() -> tuple[str, ...]:
    """The languages that a report can be made in, the source language first."""
    found = sorted(path.stem for path in FOLDER.glob("*.yaml"))
    return (SOURCE_LANGUAGE, *(language for language in found if language != SOURCE_LANGUAGE))


def direction(language: str) -> str:
    return "rtl" if language.partition("-")[0] in RIGHT_TO_LEFT else "ltr"
