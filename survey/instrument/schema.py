"""What an instrument is made of: plain, frozen data. `load` builds it, every other module only reads it.

Words are those of the field: an *item* is a question, a *row* is a line of a matrix, an *option* an answer
category with its numeric code. All texts are carried as `Text`: the English source and the key (gettext
`msgctxt`) under which translations are found.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

type Code = int | str
"""A stored answer: an integer of the codebook, or a word for `lang` and `fast`. Negative: missing codes."""

type Kind = Literal["S", "M", "X", "N", "T"]
"""S single choice, M multiple choice, X matrix, N 0-10 line, T free text."""

LEFT_BLANK, SENSITIVE_LEFT_OUT, NOT_SHOWN, PREFER_NOT_TO_SAY = -5, -6, -7, -8
MISSING = (LEFT_BLANK, SENSITIVE_LEFT_OUT, NOT_SHOWN, PREFER_NOT_TO_SAY)


@dataclass(frozen=True, slots=True)
class Node:
    """One node of a parsed expression; see `logic` for the operators and their meaning."""

    op: str
    args: tuple["Node | Code", ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """A text shown to people. `{model}`, `{Model}`, `{event}`, `{Event}` are pipes (capital: sentence-initial)."""

    key: str
    source: str
    wordings: tuple[tuple[str, "Text"], ...] = ()
    """(wording name, text) in order: the first whose expression in `Instrument.wordings` holds replaces this text."""


@dataclass(frozen=True, slots=True)
class Option:
    code: Code
    label: Text
    piped: Text | None = None
    piped_initial: Text | None = None
    relevant: Node | None = None
    sens: bool = False
    exclusive: bool = False
    below: "Note | None" = None
    """Stands below this option, inside the question (the support box at an announced event)."""


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    label: Text
    reverse: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A question. `options` stand in codebook order, `display` in the order shown (empty: the same)."""

    name: str
    kind: Kind
    text: Text
    hint: Text | None = None
    options: tuple[Option, ...] = ()
    rows: tuple[Row, ...] = ()
    relevant: Node | None = None
    only_if: Text | None = None
    """Said beside a conditional question where no script or style can hide it."""
    required: bool = False
    sens: bool = False
    ladder: str | None = None
    display: tuple[Code, ...] = ()
    ends: tuple[tuple[Code, str], ...] = ()
    """(code, end screen): this answer ends the form and nothing is stored."""
    only_candidate: bool = False
    """Asked only when two or more options are relevant; with exactly one it is set to it; with none it is -7."""
    blank_as: Code | None = None
    """The answer that stands for -5 and -8 in storage (tst_use: 0, tst_tag: 1)."""
    max_length: int = 0
    slot: bool = False

    @property
    def shown_options(self) -> tuple[Option, ...]:
        by_code = {option.code: option for option in self.options}
        return tuple(by_code[code] for code in self.display) if self.display else self.options


@dataclass(frozen=True, slots=True)
class Note:
    """Text between questions. `role`: information, intro, header, support or hint."""

    name: str
    text: Text
    role: str = "intro"
    relevant: Node | None = None


@dataclass(frozen=True, slots=True)
class Page:
    name: str
    title: Text
    elements: tuple[Item | Note, ...]
    sens: bool = False
    relevant: Node | None = None
    """Hides every question of the page."""
    only_if: Text | None = None
    """Said at the top of a conditional page where no script or style can hide it."""

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(element for element in self.elements if isinstance(element, Item))


@dataclass(frozen=True, slots=True)
class Pipe:
    """`{name}` is the piped label of the option chosen in `item`, else the neutral text."""

    name: str
    item: str
    neutral: Text
    neutral_initial: Text


@dataclass(frozen=True, slots=True)
class Scale:
    """Mean of the answered rows after reversal. `cuts`: highest hundredths of the low and of the middle band."""

    name: str
    label: Text
    rows: tuple[str, ...]
    minimum: int
    low: int
    high: int
    band: str
    cuts: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Slot:
    """A licensed scale that the questionnaire has room for. Its texts come from the operator; none here, none shown."""

    name: str
    rows: int
    low: int
    high: int
    reverse: tuple[int, ...]
    """Numbers of the reversed rows, from 1."""
    minimum: int
    cuts: tuple[int, int]
    citation: str
    rights: str
    filled: bool
    """The operator has supplied the texts: it is a matrix `name` of the form and a scale."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A variable computed from stored answers. The first case that holds gives the code (missing codes allowed)."""

    name: str
    label: Text
    options: tuple[Option, ...]
    cases: tuple[tuple[Code, Node], ...] = ()
    ladder: str | None = None
    rule: str = "cases"
    """cases, or one that `score` computes itself: band, language, unproven, straight, fast, flagged."""
    scale: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    codes: tuple[Code, ...]
    labels: tuple[tuple[str, Text], ...] = ()
    """(item name or "" for every other item, name of the merged group); without one, labels are joined by "or"."""


@dataclass(frozen=True, slots=True)
class Level:
    groups: tuple[Group, ...]
    out: tuple[Code, ...] = ()
    """Codes that this level counts as non-response."""
    note: Text | None = None


@dataclass(frozen=True, slots=True)
class Ladder:
    """Nested coarsening levels. Level 0 (each code alone) is implied and not listed.

    Beside them, a table may be split in two another way (`survey.instrument.splits`): between any neighbours of
    `cuts`, or each group of a level `apart` from all others of these codes.
    """

    name: str
    levels: tuple[Level, ...]
    cuts: tuple[Code, ...] = ()
    apart: tuple[Code, ...] = ()


@dataclass(frozen=True, slots=True)
class Instrument:
    name: str
    version: str
    title: Text
    pages: tuple[Page, ...]
    ends: Mapping[str, Text]
    """END_MINOR, END_NO and `end`."""
    texts: Mapping[str, Text]
    """Texts for everyone that stand in no page: support, refusal label, agreement and frequency labels, ..."""
    pipes: tuple[Pipe, ...]
    wordings: Mapping[str, Node]
    values: Mapping[str, Node]
    """Named expressions that others refer to as `${name}` (for example the state of the reference event)."""
    scales: tuple[Scale, ...]
    derived: tuple[Derived, ...]
    ladders: Mapping[str, Ladder]
    forms: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Named subsets (short, follow-up): the items and rows that stay; what is left out is -7."""
    digest: str = ""
    """SHA-256 of the source files: the version hash printed in reports."""
    remarks: Mapping[str, str] = field(default_factory=dict)
    """What translators should know, by text key."""
    slots: tuple[Slot, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        return tuple(item for page in self.pages for item in page.items)

    def item(self, name: str) -> Item:
        for item in self.items:
            if item.name == name:
                return item
        raise KeyError(name)

    def all_texts(self) -> Iterator[Text]:
        """Every text once, wordings included, in the order of the form: what a translation must hold."""
        seen: set[str] = set()
        for text in self._texts_in_order():
            for one in (text, *(worded for _, worded in text.wordings)):
                if one.key not in seen:
                    seen.add(one.key)
                    yield one

    def _texts_in_order(self) -> Iterator[Text]:
        yield self.title
        for page in self.pages:
            yield page.title
            if page.only_if:
                yield page.only_if
            for element in page.elements:
                yield from _element_texts(element)
        yield from self.ends.values()
        yield from self.texts.values()
        for pipe in self.pipes:
            yield from (pipe.neutral, pipe.neutral_initial)
        yield from (scale.label for scale in self.scales)
        for derived in self.derived:
            yield derived.label
            yield from (option.label for option in derived.options)
        for ladder in self.ladders.values():
            for level in ladder.levels:
                yield from (text for group in level.groups for _, text in group.labels)
                if level.note:
                    yield level.note


def _element_texts(element: Item | Note) -> Iterator[Text]:
    yield element.text
    if isinstance(element, Note):
        return
    yield from (text for text in (element.hint, element.only_if) if text)
    yield from (row.label for row in element.rows)
    for option in element.options:
        yield from (text for text in (option.label, option.piped, option.piped_initial) if text)
        if option.below:
            yield option.below.text
