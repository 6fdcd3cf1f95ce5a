"""The texts of an instrument in one language, and how far their translation has come.

English stands in the YAML. Every other language has one gettext file, `locale/<language>.po`: `msgctxt` is the key of
a text, `msgid` its English source, `msgstr` the translation. The translator's comment carries the status:

    # status: draft                                  (also what holds without a comment)
    # status: reviewed by Mei Tanaka; Li Wen         (two different people)

A translation whose `msgid` is no longer the source, or that is marked fuzzy, is outdated. `template` makes an empty
file, `refresh` brings an existing one up to the present source.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

import polib

from survey.instrument.schema import Instrument, Text

type Status = Literal["missing", "draft", "reviewed", "outdated"]

SOURCE_LANGUAGE = "en"
PLACEHOLDER = re.compile(r"\{(\w+)\}")
STATUS = re.compile(r"^status:\s*(.*)$", re.MULTILINE)
REVIEWED = re.compile(r"reviewed by (.+)")
FUZZY = "fuzzy"


class CatalogueError(ValueError):
    """A translation file that cannot be used. Several faults of one file are listed in one error."""

    def __init__(self, file: str, faults: Iterable[tuple[int, str, str]]) -> None:
        self.file = file
        self.faults = tuple(faults)
        """(line, key, what is wrong)"""
        super().__init__("\n".join(f"{file}:{line}: {key}: {fault}" for line, key, fault in self.faults))


class MissingTranslation(LookupError):
    """A text was asked for that this language does not have. No other language steps in."""


@dataclass(frozen=True)
class Catalogue:
    """`translations` and `statuses` by key; both empty for the source language."""

    language: str
    keys: tuple[str, ...]
    """Every key of the instrument, in the order of the form."""
    translations: Mapping[str, str]
    statuses: Mapping[str, Status]

    def text(self, text: Text) -> str:
        """The text with its pipes unfilled. Raises MissingTranslation."""
        if self.language == SOURCE_LANGUAGE:
            return text.source
        try:
            return self.translations[text.key]
        except KeyError:
            raise MissingTranslation(f"{self.language}: {text.key}") from None

    def status(self, key: str) -> Status:
        """The source language needs no review of a translation: it counts as reviewed."""
        return "reviewed" if self.language == SOURCE_LANGUAGE else self.statuses.get(key, "missing")

    def render(self, text: Text, pipes: Mapping[str, str]) -> str:
        """The text with `{name}` replaced; a pipe's own text may hold other pipes. KeyError for one not given."""
        return PLACEHOLDER.sub(lambda found: _filled(pipes[found[1]], pipes), self.text(text))

    @cached_property
    def missing(self) -> tuple[str, ...]:
        return self._with_status("missing")

    @cached_property
    def outdated(self) -> tuple[str, ...]:
        return self._with_status("outdated")

    @cached_property
    def drafts(self) -> tuple[str, ...]:
        return self._with_status("draft")

    def _with_status(self, status: Status) -> tuple[str, ...]:
        return tuple(key for key in self.keys if self.status(key) == status)


def _filled(value: str, pipes: Mapping[str, str]) -> str:
    """Names that are no pipes stay as they are: the value may come from an operator, who may write what they like."""
    return PLACEHOLDER.sub(lambda found: pipes.get(found[1], found[0]), value)


def load_catalogue(instrument: Instrument, folder: Path, language: str) -> Catalogue:
    """The texts of `language`, from `folder/locale/<language>.po`. Raises CatalogueError."""
    sources = {text.key: text.source for text in instrument.all_texts()}
    if language == SOURCE_LANGUAGE:
        return Catalogue(language, tuple(sources), {}, {})
    entries = _entries(folder / "locale" / f"{language}.po", sources)
    return Catalogue(
        language=language,
        keys=tuple(sources),
        translations={key: entry.msgstr for key, entry in entries.items() if entry.msgstr},
        statuses={key: _status(entry, sources[key]) for key, entry in entries.items()},
    )


def _entries(path: Path, sources: Mapping[str, str]) -> dict[str, polib.POEntry]:
    try:
        entries = [entry for entry in polib.pofile(str(path)) if not entry.obsolete]
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(path.name, [(0, "", f"not readable: {error}")]) from error
    by_key: dict[str, polib.POEntry] = {}
    faults: list[tuple[int, str, str]] = []
    for entry in entries:
        key = entry.msgctxt or ""
        fault = "stands here twice" if key in by_key else _fault(entry, sources.get(key))
        if fault:
            faults.append((entry.linenum or 0, key, fault))
        by_key[key] = entry
    if faults:
        raise CatalogueError(path.name, faults)
    return by_key


def _fault(entry: polib.POEntry, source: str | None) -> str:
    """What is wrong with an entry, or nothing."""
    if source is None:
        return "the instrument has no text with this key"
    if not entry.msgstr:
        return ""
    if _braces(entry.msgstr):
        return "a curly bracket that belongs to no {name}"
    has, needs = set(PLACEHOLDER.findall(entry.msgstr)), set(PLACEHOLDER.findall(entry.msgid))
    if has != needs:
        return f"has the placeholders {_listed(has)} where the source has {_listed(needs)}"
    return _fault_of_status(entry)


def _braces(text: str) -> bool:
    rest = PLACEHOLDER.sub("", text)
    return "{" in rest or "}" in rest


def _listed(names: set[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in sorted(names)) or "none"


def _fault_of_status(entry: polib.POEntry) -> str:
    word = _status_word(entry)
    reviewed = REVIEWED.fullmatch(word)
    if reviewed:
        people = {name.strip() for name in reviewed[1].split(";") if name.strip()}
        return "" if len(people) >= 2 else "a review needs two different people: 'reviewed by A; B'"
    return "" if word == "draft" else f"unknown status {word!r}"


def _status_word(entry: polib.POEntry) -> str:
    found = STATUS.search(entry.tcomment)
    return found[1].strip() if found else "draft"


def _status(entry: polib.POEntry, source: str) -> Status:
    if not entry.msgstr:
        return "missing"
    if entry.msgid != source or FUZZY in entry.flags:
        return "outdated"
    return "reviewed" if REVIEWED.fullmatch(_status_word(entry)) else "draft"


def template(instrument: Instrument, language: str = "") -> polib.POFile:
    """A translation file without translations, in the order of the form, with remarks for translators."""
    file = polib.POFile()
    file.metadata = {
        "Project-Id-Version": f"{instrument.name} {instrument.version}",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for text in instrument.all_texts():
        remark = instrument.remarks.get(text.key, "")
        file.append(polib.POEntry(msgctxt=text.key, msgid=text.source, comment=remark, tcomment="status: draft"))
    return file


def refresh(instrument: Instrument, file: polib.POFile) -> polib.POFile:
    """`file` brought up to the present source: new keys are empty, changed ones fuzzy (outdated), unknown ones gone."""
    fresh = template(instrument, file.metadata.get("Language", ""))
    fresh.metadata |= file.metadata | {"Project-Id-Version": fresh.metadata["Project-Id-Version"]}
    old = {entry.msgctxt: entry for entry in file if not entry.obsolete}
    for entry in fresh:
        if entry.msgctxt in old:
            _take_over(entry, old[entry.msgctxt])
    return fresh


def _take_over(entry: polib.POEntry, old: polib.POEntry) -> None:
    entry.msgstr, entry.tcomment, entry.flags = old.msgstr, old.tcomment, list(old.flags)
    entry.previous_msgid = old.previous_msgid
    if old.msgstr and old.msgid != entry.msgid:
        entry.previous_msgid = old.msgid
        entry.flags = [*{*entry.flags, FUZZY}]
