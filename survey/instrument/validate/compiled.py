"""An instrument made ready for many validations: expressions compiled, codes looked up by their text."""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.instrument import score
from survey.instrument.logic import Evaluator, compile_node, references
from survey.instrument.schema import PREFER_NOT_TO_SAY, Code, Derived, Instrument, Item, Node, Option, Page
from survey.instrument.variables import option_variable

_KEPT = 16
"""Instruments kept ready at a time; a service has a handful of versions."""


@dataclass(frozen=True, slots=True)
class Choice:
    option: Option
    variable: str
    relevant: Evaluator | None


@dataclass(frozen=True, slots=True)
class Question:
    item: Item
    page: str
    relevant: tuple[Evaluator, ...]
    """All must hold, or the question is not shown."""
    sens: bool
    choices: tuple[Choice, ...]
    always: bool
    """Every choice is offered to everybody."""
    codes: Mapping[str, Code]
    exclusive: frozenset[Code]
    derived: tuple[tuple[str, Evaluator], ...]
    """Computed as soon as this question has its answer, so that later questions can refer to them."""


@dataclass(frozen=True, slots=True)
class Compiled:
    instrument: Instrument
    questions: tuple[Question, ...]
    rules: Mapping[str, score.Rule]
    wordings: Mapping[str, Evaluator]
    forms: Mapping[str, frozenset[str]]


_ready: dict[int, Compiled] = {}


def compiled(instrument: Instrument) -> Compiled:
    """The instrument made ready, kept for the next call with the same object."""
    known = _ready.get(id(instrument))  # the entry holds the instrument, so its id is not given to another
    if known is not None:
        return known
    while len(_ready) >= _KEPT:
        _ready.pop(next(iter(_ready)), None)
    return _ready.setdefault(id(instrument), _compile(instrument))


def _compile(instrument: Instrument) -> Compiled:
    values = instrument.values
    due = _derived_by_item(instrument)
    return Compiled(
        instrument=instrument,
        questions=tuple(
            _question(item, page, values, due.get(item.name, ())) for page in instrument.pages for item in page.items
        ),
        rules=score.rules(instrument),
        wordings={name: compile_node(node, values) for name, node in instrument.wordings.items()},
        forms={name: frozenset(kept) for name, kept in instrument.forms.items()},
    )


def _question(item: Item, page: Page, values: Mapping[str, Node], derived: tuple[Derived, ...]) -> Question:
    choices = tuple(_choice(item, option, values) for option in item.options)
    codes: dict[str, Code] = {str(option.code): option.code for option in item.options}
    if not item.required:
        codes[str(PREFER_NOT_TO_SAY)] = PREFER_NOT_TO_SAY
    return Question(
        item=item,
        page=page.name,
        relevant=tuple(compile_node(node, values) for node in (page.relevant, item.relevant) if node),
        sens=page.sens or item.sens,
        choices=choices,
        always=not any(choice.relevant or choice.option.sens for choice in choices),
        codes=codes,
        exclusive=frozenset(option.code for option in item.options if option.exclusive),
        derived=tuple((one.name, score.cases(one, values)) for one in derived),
    )


def _choice(item: Item, option: Option, values: Mapping[str, Node]) -> Choice:
    relevant = compile_node(option.relevant, values) if option.relevant else None
    return Choice(option, option_variable(item, option), relevant)


def _derived_by_item(instrument: Instrument) -> dict[str, tuple[Derived, ...]]:
    """Item -> the derived variables whose last ingredient it is."""
    place = {name: at for at, item in enumerate(instrument.items) for name in _names(item)}
    for value, node in instrument.values.items():
        place[value] = _last(node, place)
    due: dict[str, tuple[Derived, ...]] = {}
    for derived in instrument.derived:
        if derived.rule == "cases":
            place[derived.name] = max((_last(node, place) for _, node in derived.cases), default=0)
            item = instrument.items[place[derived.name]]
            due[item.name] = (*due.get(item.name, ()), derived)
    return due


def _names(item: Item) -> tuple[str, ...]:
    return (item.name, *(row.name for row in item.rows))


def _last(node: Node, place: Mapping[str, int]) -> int:
    return max((place.get(name, 0) for name in references(node)), default=0)
