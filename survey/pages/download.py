"""What is stored under a receipt code, as a file for the person who sent it: all of it, and nothing else.

Both files hold the same, in the language of the page. JSON:

    {"about": {"survey", "title", "rehearsal", "instrument", "version", "wave", "seal_date", "form_language",
               "file_language"},
     "answers":  [{"name", "question", "part", "code", "label", "missing"} ...],
     "computed": [the same, for what the server computed from the answers, and for its three checks],
     "texts":    [{"name", "question", "text"} ...]}

`question` is worded as it was asked, with the person's own words in its places; `part` is the row of a matrix or the
option of a multiple choice, else null. Every stored variable is listed, in the order of the form: `label` says what
its code means, `missing` says why there is no answer, and the other of the two is null. `seal_date` is ISO 8601.

The CSV has the columns COLUMNS. Its rows are first of kind `about` (`name`, and the value under `label`), then
`answer`, `computed` and `text` (the words stand under `label`). It is UTF-8 with a byte order mark, RFC 4180, and no
cell of it is a formula. The receipt code stands in neither file: who finds one of them cannot erase anything with it.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from survey.instrument.schema import (
    LEFT_BLANK,
    NOT_SHOWN,
    PREFER_NOT_TO_SAY,
    SENSITIVE_LEFT_OUT,
    Code,
    Item,
    Option,
    Text,
)
from survey.instrument.spreadsheet import write
from survey.instrument.validate import fields_from
from survey.instrument.variables import option_variable
from survey.pages.answers import Teller
from survey.pages.languages import Language
from survey.pages.posted import told
from survey.pages.responses import private
from survey.pages.style import common
from survey.queries import StoredAnswers

COLUMNS = ("kind", "name", "question", "part", "code", "label", "missing")


@dataclass(frozen=True, slots=True)
class Entry:
    name: str
    question: str
    part: str | None
    code: Code
    label: str | None
    missing: str | None


def as_json(request: HttpRequest, stored: StoredAnswers, language: Language) -> HttpResponse:
    content = json.dumps(_contents(stored, language), ensure_ascii=False, indent=1)
    return _attachment(request, content.encode(), "application/json", "answers.json")


def as_csv(request: HttpRequest, stored: StoredAnswers, language: Language) -> HttpResponse:
    content = write(COLUMNS, _rows(_contents(stored, language)))
    return _attachment(request, content, "text/csv; charset=utf-8", "answers.csv")


def _attachment(request: HttpRequest, content: bytes, media_type: str, name: str) -> HttpResponse:
    """The name says nothing about what was asked: it stays in the list of downloads of a shared device."""
    response = HttpResponse(content, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return private(request, response, common())


def _contents(stored: StoredAnswers, language: Language) -> dict[str, Any]:
    fields = fields_from(stored.context.instrument, stored.submission)
    teller = told(stored.context, stored.wave, language, fields, stored.submission.texts)
    writer = _Writer(teller, stored)
    return {
        "about": _about(stored, teller, language),
        "answers": [asdict(entry) for entry in writer.answers()],
        "computed": [asdict(entry) for entry in writer.computed()],
        "texts": list(writer.texts()),
    }


def _about(stored: StoredAnswers, teller: Teller, language: Language) -> dict[str, Any]:
    instrument = stored.context.instrument
    return {
        "survey": stored.context.slug,
        "title": teller.say(instrument.title),
        "rehearsal": stored.context.is_rehearsal,
        "instrument": instrument.name,
        "version": instrument.version,
        "wave": stored.wave.number,
        "seal_date": stored.wave.seal_on.isoformat(),
        "form_language": stored.language,
        "file_language": language.tag,
    }


def _rows(contents: dict[str, Any]) -> Iterator[tuple[str | int | None, ...]]:
    for name, value in contents["about"].items():
        yield "about", name, None, None, None, str(value), None
    for kind, entries in (("answer", contents["answers"]), ("computed", contents["computed"])):
        yield from ((kind, *entry.values()) for entry in entries)
    for text in contents["texts"]:
        yield "text", text["name"], text["question"], None, None, text["text"], None


class _Writer:
    def __init__(self, teller: Teller, stored: StoredAnswers) -> None:
        self._teller = teller
        self._stored = stored
        self._instrument = stored.context.instrument

    def answers(self) -> Iterator[Entry]:
        for item in self._instrument.items:
            yield from self._of_item(item)

    def computed(self) -> Iterator[Entry]:
        too_little = _("not computed, because too little was answered")
        for derived in self._instrument.derived:
            yield self._entry(derived.name, derived.label, None, derived.options, too_little)

    def texts(self) -> Iterator[dict[str, str]]:
        for name, text in self._stored.submission.texts.items():
            question = self._teller.say(self._instrument.item(name).text)
            yield {"name": name, "question": question, "text": text}

    def _of_item(self, item: Item) -> Iterator[Entry]:
        match item.kind:
            case "T":
                return
            case "X":
                for row in item.rows:
                    yield self._entry(row.name, item.text, row.label, item.options)
            case "M":
                for option in item.options:
                    yield self._of_option(item, option)
            case _:
                yield self._entry(item.name, item.text, None, item.options)

    def _of_option(self, item: Item, option: Option) -> Entry:
        texts = self._instrument.texts
        ticked = (Option(0, texts["not_ticked"]), Option(1, texts["ticked"]))
        return self._entry(option_variable(item, option), item.text, option.label, ticked)

    def _entry(
        self, name: str, question: Text, part: Text | None, options: tuple[Option, ...], left_blank: str = ""
    ) -> Entry:
        code = self._stored.submission.answers[name]
        label = next((self._teller.say(option.label) for option in options if option.code == code), None)
        missing = None if label is not None else self._why_missing(code, left_blank)
        return Entry(name, self._teller.say(question), self._teller.say(part) if part else None, code, label, missing)

    def _why_missing(self, code: Code, left_blank: str) -> str:
        words = {
            LEFT_BLANK: left_blank or _("left blank"),
            SENSITIVE_LEFT_OUT: _("not asked, because the sensitive questions were left out"),
            NOT_SHOWN: _("not asked, because other answers made it needless"),
            PREFER_NOT_TO_SAY: self._teller.refusal,
        }
        return words[code] if isinstance(code, int) else ""
