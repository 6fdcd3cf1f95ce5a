"""What the parts of a reading share: texts by key, names and where they stand, expressions still to be checked."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from survey.instrument.load.reader import Problems, Value
from survey.instrument.logic import LogicError, parse
from survey.instrument.schema import Code, Node, Option, Slot, Text

LAST = math.inf
"""The place of what is computed or shown after all questions."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression that may use only names placed before `at`."""

    value: Value
    node: Node
    at: float


@dataclass(frozen=True, slots=True)
class Shown:
    """A text that may use only pipes and wordings placed before `at`."""

    value: Value
    text: Text
    at: float


@dataclass(frozen=True, slots=True)
class LadderUser:
    """A question or computed variable, and the ladder that it names."""

    value: Value
    name: str
    ladder: str
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """A slot, and what the operator says in it (if anything)."""

    value: Value
    slot: Slot
    label: Text
    words: Value | None


@dataclass
class Scope:
    """Filled while the files are read; `checks` goes through it when all names are known."""

    problems: Problems = field(default_factory=Problems)
    at: float = LAST
    """The place of the element being read: 1, 2, 3, ... along the form; facts of the wave stand at 0."""
    places: dict[str, float] = field(default_factory=dict)
    codes: dict[str, frozenset[Code]] = field(default_factory=dict)
    """The codes of every variable that has any."""
    wordings: Mapping[str, Node] = field(default_factory=dict)
    expressions: list[Expression] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)
    texts: dict[str, Text] = field(default_factory=dict)
    """Every text by its key."""
    named_texts: dict[str, Text] = field(default_factory=dict)
    """Texts that `from: name` may point to."""
    ends: frozenset[str] = frozenset()
    choices: dict[str, tuple[Option, ...]] = field(default_factory=dict)
    pipe_items: frozenset[str] = frozenset()
    slots: dict[str, SlotPlan] = field(default_factory=dict)
    ladder_users: list[LadderUser] = field(default_factory=list)
    names: dict[str, Value] = field(default_factory=dict)

    def claim(self, value: Value, codes: frozenset[Code] = frozenset(), variable: bool = True) -> str:
        """A name that nothing else may bear. A variable stands where the reading now is; expressions may use it."""
        name = value.name()
        if name in self.names:
            first = self.names[name]
            raise value.error(f"the name {name!r} is taken: {first.file}:{first.line}")
        self.names[name] = value
        if variable:
            self.places[name] = self.at
        if codes:
            self.codes[name] = codes
        return name

    def expression(self, value: Value) -> Node:
        try:
            node = parse(value.text())
        except LogicError as error:
            raise value.error(f"expression: {error}") from error
        self.expressions.append(Expression(value, node, self.at))
        return node

    def text(self, key: str, value: Value, beside: Collection[str] = ()) -> Text:
        """A line, or a table with `default` and one line per wording; other keys that may stand `beside` them."""
        if not value.is_table:
            return self._line(key, value)
        table = value.table({"default", *self.wordings, *beside})
        default = table.need("default")
        worded = ((name, entry) for name, entry in table.entries.items() if name in self.wordings)
        wordings = tuple((name, self._line(f"{key}@{name}", entry)) for name, entry in worded)
        return self._keep(Text(key, default.text(), wordings), default)

    def initial(self, key: str, text: Text, value: Value) -> Text:
        """The form at the beginning of a sentence: a text of its own, unless a capital changes nothing (GPT-4o)."""
        if not text.wordings and capitalised(text.source) == text.source:
            return text
        wordings = tuple((name, self._capital(f"{key}@{name}", worded, value)) for name, worded in text.wordings)
        return self._keep(Text(key, capitalised(text.source), wordings), value)

    def _capital(self, key: str, text: Text, value: Value) -> Text:
        return self._keep(Text(key, capitalised(text.source)), value)

    def _line(self, key: str, value: Value) -> Text:
        return self._keep(Text(key, value.text()), value)

    def _keep(self, text: Text, value: Value) -> Text:
        if self.texts.get(text.key, text) != text:
            raise value.error(f"two different texts have the key {text.key!r}")
        self.texts[text.key] = text
        self.shown.append(Shown(value, text, self.at))
        return text


def capitalised(source: str) -> str:
    """The source with a capital; a pipe at the beginning becomes the pipe's own sentence-initial form."""
    if source.startswith("{"):
        return source[0] + source[1:2].upper() + source[2:]
    return source[:1].upper() + source[1:]
