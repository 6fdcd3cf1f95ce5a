"""The page script: its source as it stands in every form, and what it has to know of an instrument.

The source is one module in several files, joined in the order of their names; inside the document no second request
can fail. Texts stay in the markup: what is sent here are expression trees, codes, and the few lines that need a number.
"""

import base64
import hashlib
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from functools import cache
from typing import Any

from babel import Locale
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from survey.instrument.logic import references, to_json
from survey.instrument.schema import Code, Instrument, Item, Node, Note, Option, Page
from survey.instrument.validate.compiled import compiled
from survey.instrument.variables import SENSITIVE_CONSENT
from survey.pages import messages
from survey.pages.conditions import Conditions
from survey.pages.languages import Language
from survey.pages.style import FOLDER

COMMENT = re.compile(r"^\s*(//.*)?\n", re.MULTILINE)
INDENT = re.compile(r"^ +", re.MULTILINE)
LARGEST_SAMPLE = 1000
"""Every plural category of CLDR has a whole number up to here, or none that a form could count to."""

type Data = dict[str, Any]


@cache
def source() -> str:
    """Without comments and indentation, one line for each line: no string or pattern runs over a line's end."""
    files = sorted((FOLDER / "form").glob("*.js"))
    return squeezed("".join(path.read_text(encoding="utf-8") for path in files))


def squeezed(script: str) -> str:
    return INDENT.sub("", COMMENT.sub("", script))


@cache
def source_hash() -> str:
    """As in a Content-Security-Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(source().encode()).digest()).decode()


def knowledge(instrument: Instrument, conditions: Conditions, facts: Mapping[str, Code], language: Language) -> str:
    """What the script knows of one form, as JSON that may stand inside a script element."""
    about = _About(instrument, conditions)
    lengths = {item.max_length for item in instrument.items if item.max_length}
    data = {**about.data(), "facts": dict(facts), "texts": texts(language, lengths)}
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


class _About:
    def __init__(self, instrument: Instrument, conditions: Conditions) -> None:
        self.instrument = instrument
        self.conditions = conditions
        self.derived = {one.name: one for one in instrument.derived if one.rule == "cases"}
        self.used = self._used()
        self.due = {question.item.name: question.derived for question in compiled(instrument).questions}

    def data(self) -> Data:
        values = self.instrument.values.items()
        return {
            "consent": SENSITIVE_CONSENT,
            "values": {name: to_json(node) for name, node in values if name in self.used},
            "wordings": {name: to_json(node) for name, node in self.instrument.wordings.items()},
            "notes": {note.name: to_json(note.relevant) for note in self._notes() if note.relevant},
            "pipes": [[pipe.name, pipe.item] for pipe in self.instrument.pipes],
            "pages": [self.page(page) for page in self.instrument.pages],
        }

    def page(self, page: Page) -> Data:
        items = [self.item(item) for item in page.items]
        return {"name": page.name, **_given(sens=page.sens), **_tree(page.relevant), "items": items}

    def item(self, item: Item) -> Data:
        rows = [row.name for row in item.rows if self.conditions.keeps(item, row)]
        return {
            "name": item.name,
            "kind": item.kind,
            **_tree(item.relevant),
            **_given(
                out=not self.conditions.keeps(item),
                sens=item.sens,
                required=item.required,
                candidate=item.only_candidate,
                options=[_option(option) for option in item.options],
                rows=rows,
                absent=[row.name for row in item.rows if row.name not in rows],
                ends=dict(item.ends),
                max=item.max_length,
                derived=self.derived_at(item),
            ),
            **({} if item.blank_as is None else {"blank": item.blank_as}),
        }

    def derived_at(self, item: Item) -> Data:
        due = (name for name, _ in self.due[item.name] if name in self.used)
        return {name: [[code, to_json(node)] for code, node in self.derived[name].cases] for name in due}

    def _notes(self) -> Iterator[Note]:
        for page in self.instrument.pages:
            yield from (element for element in page.elements if isinstance(element, Note))
        yield from (option.below for item in self.instrument.items for option in item.options if option.below)

    def _used(self) -> frozenset[str]:
        """Every name that some condition reads, directly or through a named value or a computed variable."""
        used: set[str] = set()
        waiting = list(self._conditions())
        while waiting:
            for name in references(waiting.pop()) - used:
                used.add(name)
                waiting += self._behind(name)
        return frozenset(used)

    def _behind(self, name: str) -> list[Node]:
        if name in self.instrument.values:
            return [self.instrument.values[name]]
        return [node for _, node in self.derived[name].cases] if name in self.derived else []

    def _conditions(self) -> Iterator[Node]:
        parts: list[Page | Item | Option | Note] = [*self.instrument.pages, *self.instrument.items, *self._notes()]
        parts += [option for item in self.instrument.items for option in item.options]
        yield from (part.relevant for part in parts if part.relevant)
        yield from self.instrument.wordings.values()


def _option(option: Option) -> Code | Data:
    more = {**_tree(option.relevant), **_given(sens=option.sens, alone=option.exclusive)}
    return {"code": option.code, **more} if more else option.code


def _tree(node: Node | None) -> Data:
    return {"if": to_json(node)} if node else {}


def _given(**values: object) -> Data:
    """Only what says something."""
    return {name: value for name, value in values.items() if value}


def texts(language: Language, lengths: Collection[int]) -> Data:
    """What the script says where the markup cannot: with a number in it, or at a field that needs another look."""
    with translation.override(language.code):
        return {
            "part": _("Part %(number)s of %(total)s") % {"number": "{number}", "total": "{total}"},
            "required": messages.field_error("required", 0),
            "too_long": {length: messages.field_error("too_long", length) for length in sorted(lengths)},
            "left": plurals(language, lambda n: ngettext("%(number)s character left", "%(number)s characters left", n)),
            "over": plurals(
                language, lambda n: ngettext("%(number)s character too many", "%(number)s characters too many", n)
            ),
            "wait": plurals(
                language, lambda n: ngettext("Next try in %(number)s second.", "Next try in %(number)s seconds.", n)
            ),
            "lost": plurals(
                language,
                lambda n: ngettext(
                    "With this change, your answer to %(number)s question does not count any more:",
                    "With this change, your answers to %(number)s questions do not count any more:",
                    n,
                ),
            ),
        }


def plurals(language: Language, line: Callable[[int], str]) -> dict[str, str]:
    """CLDR category -> the translated line for such numbers, with `{number}` in it. Intl.PluralRules says which."""
    rule = Locale.parse(language.locale).plural_form
    samples: dict[str, int] = {}
    for number in range(LARGEST_SAMPLE):
        samples.setdefault(rule(number), number)
    return {category: line(number) % {"number": "{number}"} for category, number in samples.items()}
