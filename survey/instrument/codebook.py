"""The codebook: which byte of a coded response holds which variable, and how its categories may be joined.

One byte per variable: 0 = not asked (-6, -7), 255 = asked without an answer (-5, -8), else 1 + the place of the code
in `Variable.codes`. Positions follow the form's order, derived variables last; they are fixed with the instrument's
version. Variables that leave the response (the consent that every respondent gave alike, and what goes with a text
to the testimony store) stand after the others and have no position.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import getitem, itemgetter
from typing import Literal

from survey.instrument.links import Cover, Link, covers, links
from survey.instrument.logic import references
from survey.instrument.routes import Route, routes
from survey.instrument.schema import (
    LEFT_BLANK,
    NOT_SHOWN,
    PREFER_NOT_TO_SAY,
    SENSITIVE_LEFT_OUT,
    Code,
    Derived,
    Group,
    Instrument,
    Item,
    Ladder,
    Level,
    Option,
    Page,
    Text,
)
from survey.instrument.splits import names, splits
from survey.instrument.variables import SENSITIVE_CONSENT, TEXT_TAG, TEXT_USE, option_variable

NOT_ASKED_BYTE, NO_ANSWER_BYTE = 0, 255

type VariableKind = Literal["S", "M", "X", "N", "D"]
"""S single choice, M one option of a multiple choice (0/1), X matrix row, N line, D derived."""


@dataclass(frozen=True, slots=True)
class Category:
    """One category of a table: the places of its codes in `Variable.codes`, and its name."""

    indexes: tuple[int, ...]
    labels: tuple[Text, ...]
    """One text, or several that are to be joined by "or"."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A variable's categories at one level of its ladder. `out`: codes that this level counts as non-response."""

    categories: tuple[Category, ...]
    out: tuple[int, ...] = ()
    note: Text | None = None

    def joins(self, finer: "Grid") -> bool:
        """Every category holds whole ones of `finer`, and what is out there is out here."""
        sides = [{*category.indexes} for category in self.categories] + [{*self.out}]
        parts = [{*category.indexes} for category in finer.categories]
        return {*self.out}.issuperset(finer.out) and all(any(part <= side for side in sides) for part in parts)


@dataclass(frozen=True, slots=True)
class Variable:
    name: str
    item: str
    """The question or matrix it belongs to; a derived variable is its own."""
    kind: VariableKind
    text: Text
    """The question; for an M position its option, for an X row the row (`item_text` has the question)."""
    item_text: Text
    codes: tuple[Code, ...]
    option_texts: tuple[Text, ...]
    ladder: str | None
    levels: tuple[Grid, ...]
    """From level 0 (each code alone) to the `coarsest`; after it, other ways to split in two."""
    position: int | None
    sens: bool
    tabulated: bool
    testimony: bool
    """Goes with the texts to the testimony store."""
    scale: str | None = None
    """The scale whose band this is, or whose row."""
    coarsest: int = 0
    """Place of the last nested level."""

    def byte(self, code: Code) -> int:
        """The byte that stands for `code`. Raises ValueError for a code that this variable does not have."""
        if code in (NOT_SHOWN, SENSITIVE_LEFT_OUT):
            return NOT_ASKED_BYTE
        if code in (LEFT_BLANK, PREFER_NOT_TO_SAY):
            return NO_ANSWER_BYTE
        return 1 + self.codes.index(code)


@dataclass(frozen=True, slots=True)
class CodedScale:
    """A scale whose rows stand in coded responses. Scores are means of answered rows, from `low` to `high`."""

    name: str
    text: Text
    band: str
    rows: tuple[tuple[str, bool], ...]
    """Variable, and whether it is turned round: x counts as low + high - x."""
    minimum: int
    """Fewest answered rows for a score."""
    low: int
    high: int
    cuts: tuple[int, int]
    """Highest hundredths of the low and of the middle band."""


@dataclass(frozen=True, slots=True)
class Codebook:
    instrument: str
    version: str
    variables: tuple[Variable, ...]
    """Those with a position first: `variables[i].position == i` for i < width."""
    width: int
    """Bytes of a coded response."""
    scales: Mapping[str, CodedScale]
    questionnaire: Instrument = field(repr=False)
    """What the codebook was built from."""
    links: tuple[Link, ...]
    covers: tuple[Cover, ...]
    routes: tuple[Route, ...]
    _by_name: Mapping[str, Variable] = field(repr=False)
    _tables: tuple[Mapping[Code, int], ...] = field(repr=False)
    _values: Callable[[Mapping[str, Code]], tuple[Code, ...]] = field(repr=False)

    def __getitem__(self, name: str) -> Variable:
        return self._by_name[name]

    @property
    def coded(self) -> tuple[Variable, ...]:
        """The variables of a coded response, in the order of its bytes."""
        return self.variables[: self.width]


def build_codebook(instrument: Instrument) -> Codebook:
    """Raises ValueError where a ladder and the codes of its variable do not fit together."""
    variables = [variable for item, page in _items(instrument) for variable in _of_item(instrument, item, page)]
    sensitive = {variable.name for variable in variables if variable.sens}
    variables += [_of_derived(instrument, derived, sensitive) for derived in instrument.derived]
    staying = [variable for variable in variables if variable.position is not None]
    placed = [replace(variable, position=position) for position, variable in enumerate(staying)]
    leaving = [variable for variable in variables if variable.position is None]
    return Codebook(
        instrument=instrument.name,
        version=instrument.version,
        variables=(*placed, *leaving),
        width=len(placed),
        scales=_scales(instrument),
        questionnaire=instrument,
        links=tuple(links(instrument)),
        covers=tuple(covers(instrument)),
        routes=tuple(routes(instrument)),
        _by_name={variable.name: variable for variable in (*placed, *leaving)},
        _tables=tuple(_table(variable) for variable in placed),
        _values=itemgetter(*(variable.name for variable in placed)),
    )


def _scales(instrument: Instrument) -> dict[str, CodedScale]:
    turned = {row.name: row.reverse for item in instrument.items for row in item.rows}
    return {
        one.name: CodedScale(
            name=one.name,
            text=one.label,
            band=one.band,
            rows=tuple((row, turned[row]) for row in one.rows),
            minimum=one.minimum,
            low=one.low,
            high=one.high,
            cuts=one.cuts,
        )
        for one in instrument.scales
    }


def encode(codebook: Codebook, answers: Mapping[str, Code]) -> bytes:
    """One byte per variable. Raises KeyError for a variable that is missing and for a code that is unknown."""
    return bytes(map(getitem, codebook._tables, codebook._values(answers)))


def decode(codebook: Codebook, codes: Sequence[int]) -> dict[str, Code]:
    """The answers behind coded bytes. The bytes do not tell -6 from -7 nor -8 from -5: those come back as -7 and -5."""
    if len(codes) != codebook.width:
        raise ValueError(f"{len(codes)} bytes instead of {codebook.width}")
    return {variable.name: _decoded(variable, byte) for variable, byte in zip(codebook.coded, codes, strict=True)}


COLUMNS = ("position", "variable", "item", "kind", "sensitive", "ladder", "text", "code", "label")


def describe(codebook: Codebook, text: Callable[[Text], str]) -> Iterator[tuple[str, ...]]:
    """The codebook as rows under COLUMNS, one per code; `text` gives the wording in the language wanted."""
    for variable in codebook.variables:
        place = "" if variable.position is None else str(variable.position)
        sens = "yes" if variable.sens else "no"
        about = (place, variable.name, variable.item, variable.kind, sens, variable.ladder or "", text(variable.text))
        for code, label in zip(variable.codes, variable.option_texts, strict=True):
            yield (*about, str(code), text(label))


def _decoded(variable: Variable, byte: int) -> Code:
    if byte == NOT_ASKED_BYTE:
        return NOT_SHOWN
    return LEFT_BLANK if byte == NO_ANSWER_BYTE else variable.codes[byte - 1]


def _table(variable: Variable) -> dict[Code, int]:
    codes = (*variable.codes, LEFT_BLANK, SENSITIVE_LEFT_OUT, NOT_SHOWN, PREFER_NOT_TO_SAY)
    return {code: variable.byte(code) for code in codes}


def _items(instrument: Instrument) -> Iterator[tuple[Item, Page]]:
    for page in instrument.pages:
        for item in page.items:
            if item.kind != "T":
                yield item, page


def _of_item(instrument: Instrument, item: Item, page: Page) -> Iterator[Variable]:
    sens = page.sens or item.sens
    match item.kind:
        case "M":
            for option in item.options:
                yield _of_option(instrument, item, option, sens or option.sens)
        case "X":
            for row in item.rows:
                yield _variable(instrument, item, row.name, "X", row.label, sens)
        case "N":
            yield _variable(instrument, item, item.name, "N", item.text, sens)
        case _:
            yield _variable(instrument, item, item.name, "S", item.text, sens)


def _variable(instrument: Instrument, item: Item, name: str, kind: VariableKind, text: Text, sens: bool) -> Variable:
    codes = tuple(option.code for option in item.options)
    labels = tuple(option.label for option in item.options)
    testimony = name in (TEXT_USE, TEXT_TAG)
    leaves = testimony or bool(item.ends)
    return Variable(
        name=name,
        item=item.name,
        kind=kind,
        text=text,
        item_text=item.text,
        codes=codes,
        option_texts=labels,
        ladder=item.ladder,
        levels=_levels(instrument, item.name, item.ladder, codes, labels),
        position=None if leaves else 0,
        sens=sens,
        tabulated=item.ladder is not None and not leaves,
        testimony=testimony,
        coarsest=_coarsest(instrument, item.ladder),
    )


def _of_option(instrument: Instrument, item: Item, option: Option, sens: bool) -> Variable:
    labels = (instrument.texts["not_ticked"], instrument.texts["ticked"])
    return Variable(
        name=option_variable(item, option),
        item=item.name,
        kind="M",
        text=option.label,
        item_text=item.text,
        codes=(0, 1),
        option_texts=labels,
        ladder=item.ladder,
        levels=(_each_alone((0, 1), labels),),
        position=0,
        sens=sens,
        tabulated=item.ladder is not None,
        testimony=False,
    )


def _of_derived(instrument: Instrument, derived: Derived, sensitive: set[str]) -> Variable:
    codes = tuple(option.code for option in derived.options)
    labels = tuple(option.label for option in derived.options)
    return Variable(
        name=derived.name,
        item=derived.name,
        kind="D",
        text=derived.label,
        item_text=derived.label,
        codes=codes,
        option_texts=labels,
        ladder=derived.ladder,
        levels=_levels(instrument, derived.name, derived.ladder, codes, labels),
        position=0,
        sens=not _ingredients(instrument, derived).isdisjoint(sensitive | {SENSITIVE_CONSENT}),
        tabulated=derived.ladder is not None,
        testimony=False,
        scale=derived.scale,
        coarsest=_coarsest(instrument, derived.ladder),
    )


def _ingredients(instrument: Instrument, derived: Derived) -> set[str]:
    rows = {row for scale in instrument.scales if scale.name == derived.scale for row in scale.rows}
    return rows.union(*(references(node) for _, node in derived.cases))


def _levels(
    instrument: Instrument, item: str, ladder: str | None, codes: tuple[Code, ...], labels: tuple[Text, ...]
) -> tuple[Grid, ...]:
    found = instrument.ladders.get(ladder or "", Ladder("", ()))
    return (
        _each_alone(codes, labels),
        *(_grid(level, item, codes, labels) for level in found.levels),
        *(_split(level, found, item, codes, labels) for level in splits(found)),
    )


def _coarsest(instrument: Instrument, ladder: str | None) -> int:
    return len(instrument.ladders[ladder].levels) if ladder and ladder in instrument.ladders else 0


def _each_alone(codes: tuple[Code, ...], labels: tuple[Text, ...]) -> Grid:
    return Grid(tuple(Category((index,), (labels[index],)) for index in range(len(codes))))


def _grid(level: Level, item: str, codes: tuple[Code, ...], labels: tuple[Text, ...]) -> Grid:
    categories = tuple(_category(group, item, codes, labels) for group in level.groups)
    out = tuple(sorted(codes.index(code) for code in level.out))
    covered = sorted([*out, *(index for category in categories for index in category.indexes)])
    if covered != list(range(len(codes))):
        raise ValueError(f"{item}: a level of its ladder does not hold every code once")
    return Grid(categories, out, level.note)


def _split(level: Level, ladder: Ladder, item: str, codes: tuple[Code, ...], labels: tuple[Text, ...]) -> Grid:
    """As any level, its categories called by what they join."""
    grid = _grid(level, item, codes, labels)
    named = [[_category(one, item, codes, labels) for one in names(group, ladder)] for group in level.groups]
    texts = [tuple(label for part in parts for label in part.labels) for parts in named]
    return replace(grid, categories=tuple(map(_called, grid.categories, texts)))


def _called(category: Category, labels: tuple[Text, ...]) -> Category:
    return Category(category.indexes, labels)


def _category(group: Group, item: str, codes: tuple[Code, ...], labels: tuple[Text, ...]) -> Category:
    indexes = tuple(codes.index(code) for code in group.codes)
    named = dict(group.labels)
    name = named.get(item) or named.get("")
    return Category(indexes, (name,) if name else tuple(labels[index] for index in indexes))
