"""Pages, notes and questions, in the order of the form."""

from collections.abc import Iterator, Mapping

from survey.instrument.load.notes import read_hint, read_note
from survey.instrument.load.options import anchored, carried, display, own_options, refuse_odd_codes
from survey.instrument.load.reader import Table, Value
from survey.instrument.load.scope import LadderUser, Scope
from survey.instrument.load.slots import fill_slot
from survey.instrument.schema import Code, Item, Kind, Note, Option, Page, Row, Text

KINDS: Mapping[str, Kind] = {"single": "S", "multiple": "M", "matrix": "X", "line": "N", "free": "T"}
ELEMENTS = (*KINDS, "note", "slot")
ANY_KIND = {"text", "hint", "if", "only_if", "sens", "ladder"}
OWN_KEYS: Mapping[Kind, set[str]] = {
    "S": {"options", "choices", "options_from", "without", "where", "only_candidate", "display", "ends", "blank_as"}
    | {"required"},
    "M": {"options", "display"},
    "X": {"choices", "anchors", "rows"},
    "N": {"anchors"},
    "T": {"max_length"},
}


def read_pages(scope: Scope, section: Value) -> tuple[Page, ...]:
    scope.at = 1
    items: dict[str, Item] = {}
    pages: list[Page] = []
    for key, value in section.pairs():
        with scope.problems:
            pages.append(_page(scope, key.name(), value.of(key.text()), items))
    return tuple(pages)


def _page(scope: Scope, name: str, value: Value, items: dict[str, Item]) -> Page:
    table = value.table({"title", "sens", "if", "only_if", "elements"})
    condition = table.get("if")
    title, sens = scope.text(f"{name}.title", table.need("title")), table.flag("sens")
    relevant = scope.expression(condition) if condition else None
    only_if = _only_if(scope, name, table, conditional=sens or bool(relevant))
    elements: list[Item | Note] = []
    for entry in table.need("elements").list():
        with scope.problems:
            elements.extend(_elements(scope, entry, items, sens))
        scope.at += 1
    return Page(name, title, tuple(elements), sens, relevant, only_if)


def _only_if(scope: Scope, name: str, table: Table, conditional: bool) -> Text | None:
    """People without script read when a question is for them; nobody reads it beside a question for everybody."""
    value = table.get("only_if")
    if value is None and conditional:
        raise table.whole.error("not everybody is asked this: 'only_if' must say who is")
    if value is not None and not conditional:
        raise value.error("everybody is asked this: 'only_if' has nothing to say")
    return scope.text(f"{name}.only_if", value) if value else None


def _elements(scope: Scope, value: Value, items: dict[str, Item], sens_page: bool) -> Iterator[Item | Note]:
    """One element, or none where a slot has no words."""
    kinds = [key.text() for key, _ in value.pairs() if key.text() in ELEMENTS]
    if len(kinds) != 1:
        raise value.error(f"exactly one of {', '.join(ELEMENTS)} is expected")
    if kinds == ["note"]:
        yield read_note(scope, value)
        return
    item = fill_slot(scope, value, sens_page) if kinds == ["slot"] else _item(scope, kinds[0], value, items, sens_page)
    if item:
        items[item.name] = item
        yield item


def _item(scope: Scope, word: str, value: Value, items: Mapping[str, Item], sens_page: bool) -> Item:
    kind = KINDS[word]
    table = value.named_by(word).table({word, *ANY_KIND, *OWN_KEYS[kind]})
    name = scope.claim(table.need(word), variable=kind != "X")
    options = _options(scope, kind, name, table, items)
    codes = tuple(option.code for option in options)
    scope.codes[name] = frozenset(codes)
    condition, sens, only_candidate = table.get("if"), table.flag("sens"), table.flag("only_candidate")
    if sens and sens_page:
        raise table.entries["sens"].error("the whole page is sensitive already")
    conditional = bool(condition) or sens or only_candidate
    return Item(
        name=name,
        kind=kind,
        text=scope.text(name, table.need("text")),
        hint=read_hint(scope, name, table),
        options=options,
        rows=_rows(scope, table, frozenset(codes)) if kind == "X" else (),
        relevant=scope.expression(condition) if condition else None,
        only_if=_only_if(scope, name, table, conditional),
        required=table.flag("required"),
        sens=sens,
        ladder=_ladder(scope, name, kind, table, codes),
        display=display(table, codes),
        ends=_ends(scope, table, codes),
        only_candidate=only_candidate,
        blank_as=_blank_as(table, codes),
        max_length=_max_length(table) if kind == "T" else 0,
    )


def _options(scope: Scope, kind: Kind, name: str, table: Table, items: Mapping[str, Item]) -> tuple[Option, ...]:
    if kind == "T":
        return ()
    sources = [key for key in ("options", "choices", "options_from", "anchors") if key in table]
    if len(sources) != 1:
        raise table.whole.error("answers are missing, or given in two ways")
    value = table.entries[sources[0]]
    for key in ("without", "where"):
        if key in table and sources[0] != "options_from":
            raise table.entries[key].error(f"{key!r} belongs to 'options_from'")
    match sources[0]:
        case "options":
            options = own_options(scope, name, value, multiple=kind == "M")
        case "choices":
            options = _shared(scope, value)
        case "anchors":
            options = anchored(scope, name, value)
        case _:
            options = carried(scope, name, table, items)
    if len(options) < 2:
        raise value.error("fewer than two answers to choose from")
    refuse_odd_codes(value, options, multiple=kind == "M")
    return options


def _shared(scope: Scope, value: Value) -> tuple[Option, ...]:
    if value.text() not in scope.choices:
        raise value.error(f"there are no shared answers {value.text()!r}")
    return scope.choices[value.text()]


def _rows(scope: Scope, table: Table, codes: frozenset[Code]) -> tuple[Row, ...]:
    rows = tuple(_row(scope, key, value, codes) for key, value in table.need("rows").pairs())
    if not rows:
        raise table.entries["rows"].error("a matrix without rows")
    return rows


def _row(scope: Scope, key: Value, value: Value, codes: frozenset[Code]) -> Row:
    name = scope.claim(key, codes)
    value = value.of(name)
    text = scope.text(name, value, {"reverse"})
    reverse = value.is_table and value.table({"default", "reverse", *scope.wordings}).flag("reverse")
    if reverse != name.endswith("_r"):
        raise value.error("a row is reversed exactly if its name ends in _r: give both or neither")
    return Row(name, text, reverse)


def _ladder(scope: Scope, name: str, kind: Kind, table: Table, codes: tuple[Code, ...]) -> str | None:
    value = table.get("ladder")
    if value is None:
        return None
    if kind == "T":
        raise value.error("a text stands in no table and has no ladder")
    scope.ladder_users.append(LadderUser(value, name, value.text(), codes))
    return value.text()


def _ends(scope: Scope, table: Table, codes: tuple[Code, ...]) -> tuple[tuple[Code, str], ...]:
    ends: list[tuple[Code, str]] = []
    for key, end in table.entries["ends"].pairs() if "ends" in table else ():
        if end.text() not in scope.ends:
            raise end.error(f"there is no end screen {end.text()!r}")
        ends.append((_known(key, codes), end.text()))
    return tuple(ends)


def _known(value: Value, codes: tuple[Code, ...]) -> Code:
    if value.code() not in codes:
        raise value.error(f"there is no answer with the code {value.text()}")
    return value.code()


def _blank_as(table: Table, codes: tuple[Code, ...]) -> Code | None:
    value = table.get("blank_as")
    return None if value is None else _known(value, codes)


def _max_length(table: Table) -> int:
    value = table.need("max_length")
    if value.whole() < 1:
        raise value.error("the longest text must have at least one character")
    return value.whole()
