"""Room for licensed scales: the questionnaire says how they are scored, the operator brings the words.

The words stand in `slots/<name>.yaml` beside the questionnaire: `text` (the question), `options` (code: label) and
`rows` (the lines in order). They are never part of this project; without them the slot is not shown.
"""

from collections.abc import Mapping
from pathlib import Path

from survey.instrument.load.reader import Table, Value, read_file
from survey.instrument.load.rules import plain_options
from survey.instrument.load.scales import range_of, read_cuts, read_minimum
from survey.instrument.load.scope import LAST, Scope, SlotPlan
from survey.instrument.schema import Item, Row, Scale, Slot

KEYS = {"label", "rows", "range", "reverse", "minimum", "cuts", "citation", "rights"}


def words_paths(folder: Path) -> list[Path]:
    return sorted((folder / "slots").glob("*.yaml"))


def read_words(folder: Path) -> dict[str, Value]:
    return {path.stem: read_file(path) for path in words_paths(folder)}


def read_slots(scope: Scope, section: Value, words: Mapping[str, Value]) -> dict[str, SlotPlan]:
    scope.at = LAST
    plans: dict[str, SlotPlan] = {}
    for key, value in section.pairs():
        with scope.problems:
            plans[key.name()] = _plan(scope, key.name(), value.of(key.text()), words.get(key.text()))
    for name in words.keys() - plans.keys():
        raise words[name].error(f"the questionnaire has no slot {name!r}")
    return plans


def _plan(scope: Scope, name: str, value: Value, words: Value | None) -> SlotPlan:
    table = value.table(KEYS)
    low, high = range_of(table)
    rows = table.need("rows").whole()
    slot = Slot(
        name=name,
        rows=rows,
        low=low,
        high=high,
        reverse=_reverse(table, rows),
        minimum=read_minimum(table, rows),
        cuts=read_cuts(table, low, high),
        citation=table.need("citation").text(),
        rights=table.need("rights").text(),
        filled=words is not None,
    )
    return SlotPlan(value, slot, scope.text(f"scale.{name.upper()}", table.need("label")), words)


def _reverse(table: Table, rows: int) -> tuple[int, ...]:
    numbers = tuple(entry.whole() for entry in table.entries["reverse"].list()) if "reverse" in table else ()
    if not {*numbers} <= {*range(1, rows + 1)}:
        raise table.entries["reverse"].error(f"rows are numbered from 1 to {rows}")
    return numbers


def fill_slot(scope: Scope, entry: Value, sens_page: bool) -> Item | None:
    """`- slot: name` on a page: a matrix if the operator has supplied its words, else nothing."""
    name = entry.table({"slot"}).need("slot")
    plan = scope.slots.get(name.text())
    if plan is None:
        raise name.error(f"there is no slot {name.text()!r}")
    if not sens_page:
        raise name.error("slots stand on sensitive pages only")
    return _matrix(scope, name, plan.slot, plan.words.of(name.text())) if plan.words else None


def _matrix(scope: Scope, name: Value, slot: Slot, words: Value) -> Item:
    table = words.table({"text", "options", "rows"})
    options = plain_options(scope, slot.name, table.need("options"))
    codes = frozenset(option.code for option in options)
    if codes != {*range(slot.low, slot.high + 1)}:
        raise table.need("options").error(f"the answers do not run from {slot.low} to {slot.high}")
    lines = table.need("rows").list()
    if len(lines) != slot.rows:
        raise table.need("rows").error(f"{len(lines)} lines, where the slot has {slot.rows}")
    scope.claim(name, variable=False)
    rows = tuple(_row(scope, slot, number, line, codes) for number, line in enumerate(lines, 1))
    text = scope.text(slot.name, table.need("text"))
    return Item(slot.name, "X", text, options=options, rows=rows, slot=True)


def _row(scope: Scope, slot: Slot, number: int, line: Value, codes: frozenset[int | str]) -> Row:
    name = row_name(slot, number)
    if name in scope.places:
        raise line.error(f"the name {name!r} is taken")
    scope.places[name], scope.codes[name] = scope.at, codes
    return Row(name, scope.text(name, line), number in slot.reverse)


def row_name(slot: Slot, number: int) -> str:
    return f"{slot.name}_{number}_r" if number in slot.reverse else f"{slot.name}_{number}"


def scales_of_slots(plans: Mapping[str, SlotPlan]) -> tuple[Scale, ...]:
    """A filled slot is scored like any other scale."""
    return tuple(_scale(plan) for plan in plans.values() if plan.slot.filled)


def _scale(plan: SlotPlan) -> Scale:
    slot = plan.slot
    rows = tuple(row_name(slot, number) for number in range(1, slot.rows + 1))
    name, band = slot.name.upper(), f"{slot.name}_band"
    return Scale(name, plan.label, rows, slot.minimum, slot.low, slot.high, band, slot.cuts)
