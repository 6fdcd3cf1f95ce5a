"""Scales with their banded variables, and other variables computed from stored answers."""

from collections.abc import Mapping

from survey.instrument.load.reader import Table, Value
from survey.instrument.load.rules import plain_options
from survey.instrument.load.scope import LAST, LadderUser, Scope
from survey.instrument.schema import MISSING, Code, Derived, Node, Option, Page, Scale

RULES = ("cases", "language", "unproven", "straight", "fast", "flagged")
BAND_LADDER = "band3"


def read_scales(scope: Scope, section: Value, pages: tuple[Page, ...]) -> tuple[Scale, ...]:
    scope.at = LAST
    items = (item for page in pages for item in page.items)
    row_codes = {row.name: {option.code for option in item.options} for item in items for row in item.rows}
    scales: list[Scale] = []
    for key, value in section.pairs():
        with scope.problems:
            scales.append(_scale(scope, key, value.of(key.name()), row_codes))
    return tuple(scales)


def _scale(scope: Scope, key: Value, value: Value, row_codes: Mapping[str, set[Code]]) -> Scale:
    table = value.table({"label", "rows", "minimum", "range", "cuts"})
    name, rows = scope.claim(key, variable=False), table.need("rows").names()
    low, high = range_of(table)
    for row in rows:
        if row not in row_codes:
            raise table.need("rows").error(f"there is no row {row!r}")
        if row_codes[row] != {*range(low, high + 1)}:
            raise table.need("range").error(f"the answers of {row!r} do not run from {low} to {high}")
    label = scope.text(f"scale.{name}", table.need("label"))
    minimum, cuts = read_minimum(table, len(rows)), read_cuts(table, low, high)
    return Scale(name, label, rows, minimum, low, high, f"{name.lower()}_band", cuts)


def range_of(table: Table) -> tuple[int, int]:
    """The lowest and the highest answer of a row."""
    return _two(table.need("range"))


def read_minimum(table: Table, rows: int) -> int:
    value = table.need("minimum")
    if not 1 <= value.whole() <= rows:
        raise value.error(f"the least number of answered rows must be between 1 and {rows}")
    return value.whole()


def read_cuts(table: Table, low: int, high: int) -> tuple[int, int]:
    cuts = _two(table.need("cuts"))
    if not low * 100 <= cuts[0] < cuts[1] < high * 100:
        raise table.need("cuts").error("cut points are hundredths, rising, inside the range")
    return cuts


def _two(value: Value) -> tuple[int, int]:
    numbers = [entry.whole() for entry in value.list()]
    if len(numbers) != 2 or numbers[0] >= numbers[1]:
        raise value.error("two whole numbers are expected, the smaller one first")
    return numbers[0], numbers[1]


def read_bands(scope: Scope, section: Value, scales: tuple[Scale, ...]) -> tuple[Derived, ...]:
    """One variable per scale: its score in three bands, under the scale's own label."""
    scope.at = LAST
    options = plain_options(scope, "band", section)
    codes = tuple(option.code for option in options)
    if scales and codes != (1, 2, 3):
        raise section.error("bands have the codes 1, 2 and 3")
    for scale in scales:
        scope.names[scale.band] = section
        scope.codes[scale.band] = frozenset(codes)
        scope.places[scale.band] = max(scope.places[row] for row in scale.rows)
        scope.ladder_users.append(LadderUser(section, scale.band, BAND_LADDER, codes))
    return tuple(
        Derived(scale.band, scale.label, options, ladder=BAND_LADDER, rule="band", scale=scale.name) for scale in scales
    )


def read_derived(scope: Scope, section: Value) -> tuple[Derived, ...]:
    scope.at = LAST
    found: list[Derived] = []
    for key, value in section.pairs():
        with scope.problems:
            found.append(_derived(scope, key, value.of(key.name())))
    return tuple(found)


def _derived(scope: Scope, key: Value, value: Value) -> Derived:
    table = value.table({"label", "options", "cases", "rule", "ladder"})
    rule = table.entries["rule"].text() if "rule" in table else "cases"
    if rule not in RULES:
        raise table.entries["rule"].error(f"unknown rule {rule!r}; known: {', '.join(RULES)}")
    if (rule == "cases") != ("cases" in table):
        raise value.error("'cases' or another 'rule' is expected, not both")
    options = plain_options(scope, key.text(), table.need("options"))
    codes = tuple(option.code for option in options)
    name = scope.claim(key, frozenset(codes))
    return Derived(
        name=name,
        label=scope.text(name, table.need("label")),
        options=options,
        cases=_cases(scope, table, options) if rule == "cases" else (),
        ladder=_ladder(scope, name, table, codes),
        rule=rule,
    )


def _cases(scope: Scope, table: Table, options: tuple[Option, ...]) -> tuple[tuple[Code, Node], ...]:
    codes = {*MISSING, *(option.code for option in options)}
    cases: list[tuple[Code, Node]] = []
    for key, value in table.need("cases").pairs():
        if key.code() not in codes:
            raise key.error(f"{key.text()} is neither an answer of this variable nor a missing code")
        cases.append((key.code(), scope.expression(value)))
    return tuple(cases)


def _ladder(scope: Scope, name: str, table: Table, codes: tuple[Code, ...]) -> str | None:
    value = table.get("ladder")
    if value is None:
        return None
    scope.ladder_users.append(LadderUser(value, name, value.text(), codes))
    return value.text()
