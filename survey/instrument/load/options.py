"""The answers of a question: its own, shared ones, those of a 0-10 line, or those ticked in an earlier question."""

from collections.abc import Mapping
from dataclasses import replace

from survey.instrument.load.notes import read_note
from survey.instrument.load.reader import Table, Value
from survey.instrument.load.scope import Scope
from survey.instrument.logic import parse
from survey.instrument.schema import Code, Item, Node, Option, Text

BESIDE = {"sens", "exclusive", "if", "piped", "below"}
LINE = range(11)


def own_options(scope: Scope, item: str, value: Value, multiple: bool) -> tuple[Option, ...]:
    return tuple(_option(scope, item, key, entry, multiple) for key, entry in value.pairs())


def _option(scope: Scope, item: str, key: Value, value: Value, multiple: bool) -> Option:
    name = f"{item}.{key.code()}"
    label = scope.text(name, value, BESIDE)
    table = value.table({"default", *scope.wordings, *BESIDE}) if value.is_table else Table(value, {})
    if table.flag("exclusive") and not multiple:
        raise table.entries["exclusive"].error("only answers of a multiple choice can be exclusive")
    condition, below = table.get("if"), table.get("below")
    option = Option(
        code=key.code(),
        label=label,
        relevant=scope.expression(condition) if condition else None,
        sens=table.flag("sens"),
        exclusive=table.flag("exclusive"),
        below=read_note(scope, below) if below else None,
    )
    return _with_pipe(scope, item, name, option, table)


def _with_pipe(scope: Scope, item: str, name: str, option: Option, table: Table) -> Option:
    """What a pipe says for this answer: `piped`, else the label."""
    value = table.get("piped")
    if item not in scope.pipe_items:
        if value is not None:
            raise value.error("no pipe takes its text from this question")
        return option
    piped = scope.text(f"{name}.piped", value) if value else option.label
    return replace(option, piped=piped, piped_initial=scope.initial(f"{name}.initial", piped, table.whole))


def anchored(scope: Scope, item: str, value: Value) -> tuple[Option, ...]:
    """A 0-10 line with names for its two ends; the answers between are numerals with keys that all lines share."""
    ends = value.table({"0", "10"})
    labels = {0: scope.text(f"{item}.0", ends.need("0")), 10: scope.text(f"{item}.10", ends.need("10"))}
    return tuple(Option(code, labels.get(code) or _numeral(scope, code)) for code in LINE)


def _numeral(scope: Scope, code: int) -> Text:
    return scope.texts.setdefault(f"number.{code}", Text(f"number.{code}", str(code)))


def carried(scope: Scope, item: str, table: Table, items: Mapping[str, Item]) -> tuple[Option, ...]:
    """The answers of an earlier multiple choice, each offered where it was ticked there (and `where` holds)."""
    source = table.entries["options_from"]
    earlier = items.get(source.text())
    if earlier is None or earlier.kind != "M":
        raise source.error(f"there is no multiple choice {source.text()!r} above")
    codes = {option.code for option in earlier.options}
    without = _without(table, earlier.name, codes)
    where = _where(scope, table, earlier.name, codes)
    kept = [option for option in earlier.options if option.code not in without]
    for option in kept:
        if option.exclusive:
            raise source.error(f"{option.code} is an exclusive answer of {earlier.name!r}: leave it out ('without')")
    return tuple(_carried(scope, item, earlier.name, option, where.get(option.code), source) for option in kept)


def _without(table: Table, earlier: str, codes: set[Code]) -> tuple[Code, ...]:
    value = table.get("without")
    if value is None:
        return ()
    for code in value.codes():
        if code not in codes:
            raise value.error(f"{earlier!r} has no answer with the code {code}")
    return value.codes()


def _where(scope: Scope, table: Table, earlier: str, codes: set[Code]) -> dict[Code, Node]:
    conditions: dict[Code, Node] = {}
    for key, condition in table.entries["where"].pairs() if "where" in table else ():
        if key.code() not in codes:
            raise key.error(f"{earlier!r} has no answer with the code {key.text()}")
        conditions[key.code()] = scope.expression(condition)
    return conditions


def _carried(scope: Scope, item: str, source: str, option: Option, where: Node | None, value: Value) -> Option:
    ticked = parse(f"selected(${{{source}}}, {_literal(option.code)})")
    relevant = Node("and", (ticked, where)) if where else ticked
    carried = Option(option.code, option.label, relevant=relevant, sens=option.sens)
    return _with_pipe(scope, item, option.label.key, carried, Table(value, {}))


def _literal(code: Code) -> str:
    return str(code) if isinstance(code, int) else f"'{code}'"


def display(table: Table, codes: tuple[Code, ...]) -> tuple[Code, ...]:
    value = table.get("display")
    if value is None:
        return ()
    if set(value.codes()) != set(codes):
        raise value.error("the order of display does not have the same codes as the answers")
    return value.codes()


def refuse_odd_codes(value: Value, options: tuple[Option, ...], multiple: bool) -> None:
    """Negative numbers are missing codes; a multiple choice has a two-digit position for each answer (`role_04`)."""
    for option in options:
        if isinstance(option.code, int) and option.code < 0:
            raise value.error(f"{option.code} is negative: such codes are kept for missing answers")
        if multiple and not (isinstance(option.code, int) and option.code < 100):
            raise value.error(f"{option.code} has no two-digit position: a multiple choice has codes from 0 to 99")
