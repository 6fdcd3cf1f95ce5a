"""Answers of which one follows from another, whoever gives them: what an attacker knows who knows the questionnaire.

The main role is one of the roles that were ticked; a collective act is one of the acts; a form that is marked by one
check is marked. Then fewer people gave the one answer than the other, and the difference of the two counts is a count
of its own. Derived variables of a multiple choice are tried with each option alone, with all, with none and with all
but one: an answer that takes two of three options would be taken to be impossible, which protects too much, not too
little. "None of these" excludes every other option, and without it one of them was ticked. Bands of scales follow from
too many rows at once to be tabled.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from survey.instrument.logic import Answer, references
from survey.instrument.schema import Code, Derived, Instrument, Item, Node, Option
from survey.instrument.score import YES, cases
from survey.instrument.variables import SENSITIVE_CONSENT, option_variable

NOT_TICKED, TICKED = 0, 1

_FLAGS = (("unproven", YES), ("straight", YES), ("fast", "yes"))


@dataclass(frozen=True, slots=True)
class Link:
    """Whoever gave the answer `code` of `variable` gave one of `codes` of `other`, if any."""

    variable: str
    code: Code
    other: str
    codes: frozenset[Code]


@dataclass(frozen=True, slots=True)
class Cover:
    """Whoever gave the answer `code` of `variable` ticked one of `options` at least."""

    variable: str
    code: Code
    options: tuple[str, ...]


def covers(instrument: Instrument) -> Iterator[Cover]:
    """What is said by not choosing "none of these"."""
    for item in instrument.items:
        for none in item.options if item.kind == "M" else ():
            if none.exclusive:
                others = (option_variable(item, one) for one in item.options if one is not none)
                yield Cover(option_variable(item, none), NOT_TICKED, tuple(others))


def links(instrument: Instrument) -> Iterator[Link]:
    multiple = {item.name: item for item in instrument.items if item.kind == "M"}
    for item in multiple.values():
        yield from _excluded(item)
    for item in instrument.items:
        if item.kind == "S":
            yield from _carried(item, multiple)
    for derived in instrument.derived:
        if derived.rule == "flagged":
            yield from (Link(name, code, derived.name, frozenset({YES})) for name, code in _FLAGS)
        elif derived.cases:
            yield from _computed(instrument, derived, multiple)


def _excluded(item: Item) -> Iterator[Link]:
    """Who ticks an option that excludes the others ticks none of them, where all are asked of the same people."""
    for none in (option for option in item.options if option.exclusive):
        for other in (option for option in item.options if _asked_alike(option, none)):
            yield Link(option_variable(item, none), TICKED, option_variable(item, other), frozenset({NOT_TICKED}))


def _asked_alike(one: Option, other: Option) -> bool:
    return one is not other and (one.relevant, one.sens) == (other.relevant, other.sens)


def _carried(item: Item, multiple: dict[str, Item]) -> Iterator[Link]:
    """Options that are offered where they were ticked before."""
    for option in item.options:
        for node in conjuncts(option.relevant):
            source = multiple.get(str(node.args[0])) if node.op == "selected" else None
            earlier = next((one for one in source.options if _asks_for(node, one.code)), None) if source else None
            if source and earlier:
                yield Link(item.name, option.code, option_variable(source, earlier), frozenset({TICKED}))


def conjuncts(node: Node | None) -> Iterator[Node]:
    """What has to hold, each by itself, for `node` to hold."""
    if node is not None and node.op == "and":
        for part in node.args:
            yield from conjuncts(part if isinstance(part, Node) else None)
    elif node is not None:
        yield node


def _asks_for(node: Node, code: Code) -> bool:
    wanted = node.args[1]
    return isinstance(wanted, Node) and wanted.op == "value" and wanted.args[0] == code


def _computed(instrument: Instrument, derived: Derived, multiple: dict[str, Item]) -> Iterator[Link]:
    """Codes that a derived variable can have with each option of the one multiple choice that it looks at."""
    names = {name for _, node in derived.cases for name in names_in(node, instrument)}
    sources = [item for name, item in multiple.items() if name in names]
    if len(sources) != 1 or not names <= {sources[0].name, SENSITIVE_CONSENT}:
        return
    (source,) = sources
    code_of = cases(derived, instrument.values)
    every = {option.code for option in derived.options}
    for option in source.options:
        others = frozenset(one.code for one in source.options if one is not option)
        tried = (frozenset[Code](), others, *({one} for one in others), *(others - {one} for one in others))
        answers: list[dict[str, Answer]] = [
            {source.name: frozenset({option.code, *some}), SENSITIVE_CONSENT: YES} for some in tried
        ]
        found = frozenset(code for one in answers if (code := code_of(one)) in every)
        if found and found != every:
            yield Link(option_variable(source, option), TICKED, derived.name, frozenset(map(_as_code, found)))


def names_in(node: Node, instrument: Instrument) -> Iterator[str]:
    """Names of questions that an expression looks at, by way of named values too."""
    for name in references(node):
        yield from names_in(instrument.values[name], instrument) if name in instrument.values else (name,)


def _as_code(value: object) -> Code:
    return value if isinstance(value, int | str) else str(value)
