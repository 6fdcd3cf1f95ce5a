"""What can be judged only when everything is known: names in expressions, pipes in texts, forms, remarks."""

import re
from collections.abc import Iterator, Mapping

from survey.instrument.load.ladders import check_users
from survey.instrument.load.reader import Value
from survey.instrument.load.rules import place_of
from survey.instrument.load.scope import Expression, Scope, Shown
from survey.instrument.logic import references
from survey.instrument.schema import MISSING, Derived, Instrument, Item, Node, Page, Pipe

PLACEHOLDER = re.compile(r"\{(\w*)\}")
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")


def check(scope: Scope, instrument: Instrument, fill_ins: frozenset[str]) -> None:
    """Raises InstrumentError with everything found."""
    _place_derived(scope, instrument.derived)
    _check_expressions(scope, instrument.values)
    _check_texts(scope, instrument.pipes, fill_ins)
    check_users(scope, instrument.ladders)
    _check_labels_of_ladders(scope, instrument)
    scope.problems.raise_any()


def _place_derived(scope: Scope, derived: tuple[Derived, ...]) -> None:
    """A computed variable can be used as soon as all its ingredients are known."""
    for one in derived:
        if one.rule == "cases":
            scope.places[one.name] = max(place_of(scope, node) for _, node in one.cases)
        elif one.rule == "language":
            scope.places[one.name] = 0


def _check_expressions(scope: Scope, values: Mapping[str, Node]) -> None:
    for expression in scope.expressions:
        with scope.problems:
            _check_names(scope, expression)
            _check_literals(scope, expression.value, expression.node)
    _check_order(scope, values)


def _check_names(scope: Scope, expression: Expression) -> None:
    for name in sorted(references(expression.node)):
        if name not in scope.places:
            raise expression.value.error(f"expression: there is nothing called ${{{name}}}")
        if scope.places[name] >= expression.at:
            raise expression.value.error(f"expression: ${{{name}}} comes later in the form")


def _check_order(scope: Scope, values: Mapping[str, Node]) -> None:
    """Named values are computed in their order: one may use only those above it."""
    above: set[str] = set()
    for name, node in values.items():
        later = (references(node) & values.keys()) - above
        if later:
            with scope.problems:
                raise scope.names[name].of(name).error(f"expression: ${{{min(later)}}} is defined further down")
        above.add(name)


def _check_literals(scope: Scope, value: Value, node: Node) -> None:
    """A code that no answer has is a slip of the pen: the comparison would never hold."""
    for name, literal in _compared(node):
        codes = scope.codes.get(name)
        if codes is not None and literal != "" and literal not in codes and literal not in MISSING:
            raise value.error(f"expression: ${{{name}}} has no answer {literal!r}")


def _compared(node: Node) -> Iterator[tuple[str, object]]:
    """(variable, literal) of each comparison with a literal, and of each `selected`."""
    if node.op == "selected" and isinstance(node.args[1], Node) and node.args[1].op == "value":
        yield str(node.args[0]), node.args[1].args[0]
    if node.op in COMPARISONS:
        left, right = (arg for arg in node.args if isinstance(arg, Node))
        for ref, literal in ((left, right), (right, left)):
            if ref.op == "ref" and literal.op == "value" and (node.op in ("=", "!=") or literal.args[0] != 0):
                yield str(ref.args[0]), literal.args[0]
    for arg in node.args:
        if isinstance(arg, Node):
            yield from _compared(arg)


def _check_texts(scope: Scope, pipes: tuple[Pipe, ...], fill_ins: frozenset[str]) -> None:
    items = {pipe.name: pipe.item for pipe in pipes}
    for shown in scope.shown:
        with scope.problems:
            _check_braces(shown)
            for name in placeholders(shown.text.source):
                _check_placeholder(scope, shown, name, items, fill_ins)
            for name, _ in shown.text.wordings:
                if place_of(scope, scope.wordings[name]) >= shown.at:
                    raise shown.value.error(f"the wording {name!r} is decided by a question that comes later")


def placeholders(source: str) -> list[str]:
    return PLACEHOLDER.findall(source)


def _check_braces(shown: Shown) -> None:
    rest = PLACEHOLDER.sub("", shown.text.source)
    if "{" in rest or "}" in rest:
        raise shown.value.error("a curly bracket that belongs to no {name}")


def _check_placeholder(
    scope: Scope, shown: Shown, name: str, items: Mapping[str, str], fill_ins: frozenset[str]
) -> None:
    pipe = name[:1].lower() + name[1:]
    if name not in fill_ins and pipe not in items:
        raise shown.value.error(f"unknown {{{name}}}: neither a pipe nor a fill-in")
    if pipe in items and scope.places[items[pipe]] >= shown.at:
        raise shown.value.error(f"{{{name}}} is decided by {items[pipe]!r}, which comes later")


def _check_labels_of_ladders(scope: Scope, instrument: Instrument) -> None:
    """A name that a ladder gives for one question belongs to a question that uses the ladder."""
    users = {(user.ladder, user.name) for user in scope.ladder_users}
    places = {shown.text.key: shown.value for shown in scope.shown}
    for ladder in instrument.ladders.values():
        for name, text in (label for level in ladder.levels for group in level.groups for label in group.labels):
            if name and (ladder.name, name) not in users:
                with scope.problems:
                    raise places[text.key].error(f"{name!r} does not use this ladder")


def read_forms(scope: Scope, section: Value, pages: tuple[Page, ...]) -> dict[str, tuple[str, ...]]:
    """Shorter forms: the questions and rows that stay."""
    known = {name for item in _items(pages) for name in (item.name, *(row.name for row in item.rows))}
    required = {item.name for item in _items(pages) if item.required}
    forms: dict[str, tuple[str, ...]] = {}
    for key, value in section.pairs():
        value = value.of(f"form {key.name()}")
        forms[key.text()] = names = value.names()
        if unknown := sorted({*names} - known):
            raise value.error(f"there is no question or row {unknown[0]!r}")
        if missing := sorted(required - {*names}):
            raise value.error(f"{missing[0]!r} is required and cannot be left out")
    return forms


def read_remarks(scope: Scope, section: Value) -> dict[str, str]:
    remarks: dict[str, str] = {}
    for key, value in section.pairs():
        if key.text() not in scope.texts:
            raise key.error(f"there is no text with the key {key.text()!r}")
        remarks[key.text()] = value.text()
    return remarks


def _items(pages: tuple[Page, ...]) -> Iterator[Item]:
    for page in pages:
        yield from page.items
