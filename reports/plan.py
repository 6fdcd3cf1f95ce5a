"""Analysis plans: which tables are made, written as data before the results are seen.

```yaml
plan: mris                      # name, version and instrument
version: "1"
instrument: mris
title: {en: ..., zh-Hans: ...}
planned: 2026-11-23             # printed beside every table that was not added later
open_link: false                # optional: nobody can send fakes, so fewer responses suffice (see `gates`)
limits: {en: ..., zh-Hans: ...} # optional: what these numbers cannot say, beside what holds for every report
summary: role att_band          # optional: what the public page draws, of the tables below
structural_zeros: {lang: ko ar} # optional: codes that nobody could choose (a language that was not offered)
sections:
  T1:
    title: {en: ...}
    note: {en: ...}             # optional; needed where a section has no table
    tables: con_sens role       # variables, or questions with all their variables
    crosstabs:                  # optional: every row variable by every column variable
      - {rows: att_band, columns: lang age, headline: true, added: 2027-01-10}
```

An entry of `tables` may also be `{of: NAMES, added: DATE}`. There are no filters: a flag is a breakdown like any other.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from survey.instrument.codebook import Codebook, Variable
from survey.instrument.load.reader import InstrumentError, Table, Value, read_file
from survey.instrument.schema import Code

SOURCE_LANGUAGE = "en"

KEYS = (
    *("plan", "version", "instrument", "title", "planned"),
    *("open_link", "limits", "summary", "structural_zeros", "sections"),
)

NEVER_CROSSED = (frozenset({"lang", "reg"}),)
"""Few speakers of a language live in one region: this pair points at people and is in no plan."""

type Titles = Mapping[str, str]
"""Language -> text; always with the source language."""


class PlanError(ValueError):
    """A mistake in a plan, with the place to look at."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file, self.line, self.message = file, line, message


@dataclass(frozen=True, slots=True)
class TableSpec:
    """One table: a variable alone, or rows by columns. `headline` crosstabs come before the others (see `gates`)."""

    id: str
    section: str
    variables: tuple[str, ...]
    headline: bool = False
    added_on: date | None = None

    @property
    def crossed(self) -> bool:
        return len(self.variables) == 2


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Titles
    note: Titles = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    name: str
    version: str
    instrument: str
    title: Titles
    planned_on: date
    sections: tuple[Section, ...]
    tables: tuple[TableSpec, ...]
    digest: str
    """SHA-256 of the plan's content, whatever its comments and layout."""
    open_link: bool = True
    """Anyone can answer, and send fakes. A caller who knows the survey sets this by `dataclasses.replace`."""
    limits: Titles = field(default_factory=dict)
    summary: tuple[str, ...] = ()
    """Variables whose figures the public page shows."""
    structural_zeros: Mapping[str, frozenset[Code]] = field(default_factory=dict)


def load_plan(path: Path, codebook: Codebook) -> Plan:
    """Read a plan and check it against the codebook. Raises PlanError with file and line."""
    try:
        root = read_file(path)
        return _plan(root, codebook)
    except InstrumentError as error:
        raise PlanError(error.file, error.line, error.message) from error


def _plan(root: Value, codebook: Codebook) -> Plan:
    table = root.table(KEYS)
    instrument = table.need("instrument")
    if instrument.text() != codebook.instrument:
        raise instrument.error(f"this codebook is of {codebook.instrument!r}, not of {instrument.text()!r}")
    sections = [_section(key, value, codebook) for key, value in table.need("sections").pairs()]
    tables = _no_table_twice(spec for _, specs in sections for spec in specs)
    return Plan(
        name=table.need("plan").name(),
        version=table.need("version").text(),
        instrument=instrument.text(),
        title=_titles(table.need("title")),
        planned_on=_date(table.need("planned")),
        sections=tuple(section for section, _ in sections),
        tables=tables,
        digest=hashlib.sha256(_canonical(root.node)).hexdigest(),
        open_link="open_link" not in table or table.flag("open_link"),
        limits=_titles(table.entries["limits"]) if "limits" in table else {},
        summary=_summary(table.get("summary"), tables, codebook),
        structural_zeros=_structural_zeros(table.get("structural_zeros"), codebook),
    )


def _section(key: Value, value: Value, codebook: Codebook) -> tuple[Section, list[tuple[Value, TableSpec]]]:
    table = value.table(("title", "note", "tables", "crosstabs"))
    note = table.get("note")
    section = Section(key.name(), _titles(table.need("title")), _titles(note) if note else {})
    specs = [*_one_way(section.id, table, codebook), *_crosstabs(section.id, table, codebook)]
    if not specs and not note:
        raise key.error(f"{section.id} has no table and no note that says why")
    return section, specs


def _one_way(section: str, table: Table, codebook: Codebook) -> Iterator[tuple[Value, TableSpec]]:
    for entry in table.entries["tables"].list() if "tables" in table else ():
        detailed = entry.table(("of", "added")) if entry.is_table else None
        added = _date(detailed.need("added")) if detailed else None
        for name in detailed.need("of").list() if detailed else [entry]:
            for variable in _variables(name, codebook):
                spec = TableSpec(f"{section.lower()}_{variable}", section, (variable,), added_on=added)
                yield name, spec


def _crosstabs(section: str, table: Table, codebook: Codebook) -> Iterator[tuple[Value, TableSpec]]:
    for entry in table.entries["crosstabs"].list() if "crosstabs" in table else ():
        one = entry.table(("rows", "columns", "headline", "added"))
        added = _date(one.entries["added"]) if "added" in one else None
        columns = [variable for name in one.need("columns").list() for variable in _variables(name, codebook)]
        for name in one.need("rows").list():
            for row in _variables(name, codebook):
                for column in columns:
                    _check_pair(name, row, column)
                    table_id = f"{section.lower()}_{row}_by_{column}"
                    yield name, TableSpec(table_id, section, (row, column), one.flag("headline"), added)


def _check_pair(place: Value, row: str, column: str) -> None:
    if row == column:
        raise place.error(f"{row} is crossed with itself")
    if {row, column} in NEVER_CROSSED:
        raise place.error(f"{row} by {column} is never a table: it points at people")


def _variables(name: Value, codebook: Codebook) -> tuple[str, ...]:
    """The variable of that name, or all variables of the question of that name."""
    found = [one for one in codebook.variables if name.text() in (one.name, one.item)]
    if not found:
        raise name.error(f"the codebook of {codebook.instrument!r} has no {name.text()!r}")
    if not all(map(_is_tabulated, found)):
        raise name.error(f"{name.text()!r} is in no table (see its ladder in the instrument)")
    return tuple(one.name for one in found)


def _is_tabulated(variable: Variable) -> bool:
    return variable.tabulated and variable.position is not None


def _no_table_twice(specs: Iterator[tuple[Value, TableSpec]]) -> tuple[TableSpec, ...]:
    by_variables: dict[frozenset[str], TableSpec] = {}
    for place, spec in specs:
        former = by_variables.setdefault(frozenset(spec.variables), spec)
        if former is not spec:
            raise place.error(f"{' by '.join(spec.variables)} is already table {former.id}")
    return tuple(by_variables.values())


def _summary(value: Value | None, tables: tuple[TableSpec, ...], codebook: Codebook) -> tuple[str, ...]:
    drawn = {spec.variables for spec in tables}
    variables: list[str] = []
    for name in value.list() if value else ():
        variables += _variables(name, codebook)
        if (variables[-1],) not in drawn:
            raise name.error(f"{name.text()!r} is in the summary, but in no table of this plan")
    return tuple(variables)


def _structural_zeros(value: Value | None, codebook: Codebook) -> dict[str, frozenset[Code]]:
    zeros: dict[str, frozenset[Code]] = {}
    for key, codes in value.pairs() if value else ():
        names = _variables(key, codebook)
        unknown = set(codes.codes()) - {code for name in names for code in codebook[name].codes}
        if unknown:
            raise codes.error(f"{key.text()} has no code {', '.join(sorted(map(str, unknown)))}")
        zeros.update(dict.fromkeys(names, frozenset(codes.codes())))
    return zeros


def _titles(value: Value) -> dict[str, str]:
    titles = {key.text(): text.text() for key, text in value.pairs()}
    if SOURCE_LANGUAGE not in titles:
        raise value.error(f"the text in {SOURCE_LANGUAGE!r} is missing")
    return titles


def _date(value: Value) -> date:
    try:
        return date.fromisoformat(value.text())
    except ValueError:
        raise value.error(f"a date like 2026-11-23 is expected, not {value.text()!r}") from None


def _canonical(node: yaml.Node) -> bytes:
    return json.dumps(_plain(node), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _plain(node: yaml.Node) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value) for key, value in node.value}
    return [_plain(one) for one in node.value] if isinstance(node, yaml.SequenceNode) else node.value
