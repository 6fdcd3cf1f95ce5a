"""Analysis plans: which tables are made, written as data before the results are seen.

```yaml
plan: mris                      # name, version and instrument
version: "1"
instrument: mris
title: {en: ..., zh-Hans: ...}
planned: 2026-11-23             # printed beside every table that was not added later
preregistration: https://...    # optional: printed in every report
open_link: false                # optional: nobody can send fakes, so fewer responses suffice (see `gates`)
limits: {en: ..., zh-Hans: ...} # optional: what these numbers cannot say, beside what holds for every report
summary: role att_band          # optional: what the public page draws, of the tables below
structural_zeros: {lang: ko ar} # optional: codes that nobody could choose (a language that was not offered)
sections:
  T1:
    title: {en: ...}
    note: {en: ...}             # optional; needed where a section has no table
    exploratory: true           # optional: its differences of means have no p
    tables: con_sens role       # variables, or questions with all their variables
    crosstabs:                  # optional: every row variable by every column variable
      - {rows: att_band, columns: lang age, headline: true, added: 2027-01-10}
    scales: ATT GRI             # optional: means, deviations and reliability of scales
    means:                      # optional: means of scales by group; their tests are one family of the section
      - {of: ATT GRI, by: lang, headline: true}
    moments:                    # optional: reliability, means and covariances of rows, of scales that have means by it
      - {of: ATT GRI, by: lang}
    functioning:                # optional: do rows work alike in groups? Of scales of three rows with moments by it
      - {of: ATT GRI, by: lang}
    trends:                     # optional: tests of the section's crosstabs with ordered columns
      - {of: act, over: att_band}
    odds:                       # optional: odds ratios of the section's crosstabs, last column against first;
      - {of: act_coll, over: att_band cho_band, adjusted: true}  # adjusted: also each of two for the other
    testimonies: true           # optional: counts and quotes of what people wrote stand here
    waves: imp att_band         # optional: published percentages of other waves stand beside these questions' own
    timeline: evt_main          # optional: when the events happened that are this variable's codes
    context: {C1: {en: ...}}    # optional: what others found, with unit and sample; never a benchmark
```

An entry of `tables` may also be `{of: NAMES, added: DATE}`. There are no filters: a flag is a breakdown like any other.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml

from survey.instrument.codebook import Codebook, Variable
from survey.instrument.load.reader import InstrumentError, Table, Value, read_file
from survey.instrument.schema import Code
from survey.instrument.variables import TEXT_USE

SOURCE_LANGUAGE = "en"

KEYS = (
    *("plan", "version", "instrument", "title", "planned"),
    *("preregistration", "open_link", "limits", "summary", "structural_zeros", "sections"),
)

SECTION_KEYS = (
    *("title", "note", "exploratory", "tables", "crosstabs", "scales", "means", "moments"),
    *("functioning", "trends", "odds", "context", "timeline", "testimonies", "waves"),
)

NEVER_CROSSED = (frozenset({"lang", "reg"}),)
"""Few speakers of a language live in one region: this pair points at people and is in no plan."""

FEWEST_ROWS = 3
"""Of a scale of which a row is held against the sum of the others."""

MEASURES: Mapping[str, Literal["trend", "odds"]] = {"trends": "trend", "odds": "odds"}

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
class ScaleSpec:
    """Statistics of a scale: of everybody, or by the categories of a variable that has a table of its own."""

    id: str
    section: str
    scale: str
    by: str | None = None
    headline: bool = False

    @property
    def crossed(self) -> bool:
        return self.by is not None


@dataclass(frozen=True, slots=True)
class MeasureSpec:
    """A measure of each crosstab of `rows` by `over`: trend over ordered columns, or odds of the last to the first."""

    id: str
    section: str
    measure: Literal["trend", "odds"]
    rows: tuple[str, ...]
    over: str


@dataclass(frozen=True, slots=True)
class RegressionSpec:
    """Odds ratios of `outcome`, which has two categories, over each of two predictors adjusted for the other.

    Both predictors' crosstabs with the outcome are in the plan, and their own, in either order.
    """

    id: str
    section: str
    outcome: str
    predictors: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: Titles
    note: Titles = field(default_factory=dict)
    context: Mapping[str, Titles] = field(default_factory=dict)
    timeline: str | None = None
    exploratory: bool = False
    """No family of tests: differences are shown without p."""
    testimonies: bool = False
    waves: tuple[str, ...] = ()
    """Variables that are compared with other waves' releases."""


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
    preregistration: str = ""
    limits: Titles = field(default_factory=dict)
    summary: tuple[str, ...] = ()
    """Variables whose figures the public page shows."""
    structural_zeros: Mapping[str, frozenset[Code]] = field(default_factory=dict)
    scales: tuple[ScaleSpec, ...] = ()
    measures: tuple[MeasureSpec, ...] = ()
    regressions: tuple[RegressionSpec, ...] = ()
    moments: tuple[ScaleSpec, ...] = ()
    """Of scales by group: reliability, means and covariances of rows."""
    functioning: tuple[ScaleSpec, ...] = ()
    """Of scales by group, each with moments: whether rows work alike."""


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
    written = list(table.need("sections").pairs())
    sections = [_section(key, value, codebook) for key, value in written]
    tables = _no_table_twice(spec for _, specs in sections for spec in specs)
    known = {spec.variables for spec in tables}
    scales = tuple(spec for key, value in written for spec in _scales(key.name(), value, codebook, known))
    means = {(spec.scale, spec.by) for spec in scales}
    moments = tuple(spec for key, value in written for spec in _moments(key.name(), value, codebook, known, means))
    _check_compared(written, codebook, known)
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
        preregistration=table.entries["preregistration"].text() if "preregistration" in table else "",
        limits=_titles(table.entries["limits"]) if "limits" in table else {},
        summary=_summary(table.get("summary"), tables, codebook),
        structural_zeros=_structural_zeros(table.get("structural_zeros"), codebook),
        scales=scales,
        measures=tuple(spec for key, value in written for spec in _measures(key.name(), value, codebook, known)),
        regressions=tuple(spec for key, value in written for spec in _regressions(key.name(), value, codebook, known)),
        moments=moments,
        functioning=tuple(
            spec for key, value in written for spec in _functioning(key.name(), value, codebook, known, moments)
        ),
    )


def _section(key: Value, value: Value, codebook: Codebook) -> tuple[Section, list[tuple[Value, TableSpec]]]:
    table = value.table(SECTION_KEYS)
    note, context = table.get("note"), table.get("context")
    section = Section(
        key.name(),
        _titles(table.need("title")),
        _titles(note) if note else {},
        {source.name(): _titles(text) for source, text in context.pairs()} if context else {},
        _variables(table.entries["timeline"], codebook)[0] if "timeline" in table else None,
        table.flag("exploratory"),
        _testimonies(table, codebook),
        tuple(name for one in table.entries["waves"].list() for name in _variables(one, codebook))
        if "waves" in table
        else (),
    )
    specs = [*_one_way(section.id, table, codebook), *_crosstabs(section.id, table, codebook)]
    if not specs and not any(key in table for key in ("note", "scales", "means", "moments", "testimonies")):
        raise key.error(f"{section.id} has no table and no note that says why")
    return section, specs


def _testimonies(table: Table, codebook: Codebook) -> bool:
    if "testimonies" in table and all(variable.name != TEXT_USE for variable in codebook.variables):
        raise table.entries["testimonies"].error(f"{codebook.instrument!r} asks for no text")
    return table.flag("testimonies")


def _check_compared(written: list[tuple[Value, Value]], codebook: Codebook, known: set[tuple[str, ...]]) -> None:
    for _, value in written:
        table = value.table(SECTION_KEYS)
        for name in table.entries["waves"].list() if "waves" in table else ():
            if any((variable,) not in known for variable in _variables(name, codebook)):
                raise name.error(f"{name.text()!r} is compared with other waves, but in no table of this plan")


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


def _scales(section: str, value: Value, codebook: Codebook, known: set[tuple[str, ...]]) -> Iterator[ScaleSpec]:
    table = value.table(SECTION_KEYS)
    for name in table.entries["scales"].list() if "scales" in table else ():
        scale = _scale(name, codebook)
        yield ScaleSpec(f"{section.lower()}_{scale.lower()}", section, scale)
    for _, scale, by, headline in _scales_by_group(table, "means", codebook, known):
        yield ScaleSpec(f"{section.lower()}_{scale.lower()}_by_{by}", section, scale, by, headline)


def _scales_by_group(
    table: Table, key: str, codebook: Codebook, known: set[tuple[str, ...]]
) -> Iterator[tuple[Value, str, str, bool]]:
    """The place, the scale, the variable by which, and whether it is a headline."""
    for entry in table.entries[key].list() if key in table else ():
        one = entry.table(("of", "by") if key == "functioning" else ("of", "by", "headline"))
        for by in one.need("by").list():
            if (by.text(),) not in known:
                raise by.error(f"{by.text()!r} has no table of its own in this plan")
            for name in one.need("of").list():
                yield name, _scale(name, codebook), by.text(), one.flag("headline")


def _moments(
    section: str, value: Value, codebook: Codebook, known: set[tuple[str, ...]], means: set[tuple[str, str | None]]
) -> Iterator[ScaleSpec]:
    table = value.table(SECTION_KEYS)
    for name, scale, by, headline in _scales_by_group(table, "moments", codebook, known):
        if not {(scale, None), (scale, by)} <= means:
            raise name.error(f"{scale} has no mean of everybody and by {by} in this plan, which its moments need")
        yield ScaleSpec(f"{section.lower()}_{scale.lower()}_moments_by_{by}", section, scale, by, headline)


def _functioning(
    section: str, value: Value, codebook: Codebook, known: set[tuple[str, ...]], moments: tuple[ScaleSpec, ...]
) -> Iterator[ScaleSpec]:
    table, given = value.table(SECTION_KEYS), {(spec.scale, spec.by) for spec in moments}
    for name, scale, by, _ in _scales_by_group(table, "functioning", codebook, known):
        if (scale, by) not in given:
            raise name.error(f"{scale} has no moments by {by} in this plan")
        if len(codebook.scales[scale].rows) < FEWEST_ROWS:
            raise name.error(f"{scale} has fewer than {FEWEST_ROWS} rows: one of them has no rest to be held against")
        yield ScaleSpec(f"{section.lower()}_{scale.lower()}_functioning_by_{by}", section, scale, by)


def _scale(name: Value, codebook: Codebook) -> str:
    if name.text() not in codebook.scales:
        raise name.error(f"the codebook of {codebook.instrument!r} has no scale {name.text()!r}")
    return name.text()


def _measures(section: str, value: Value, codebook: Codebook, known: set[tuple[str, ...]]) -> Iterator[MeasureSpec]:
    table = value.table(SECTION_KEYS)
    for key, measure in MEASURES.items():
        for entry in table.entries[key].list() if key in table else ():
            one = entry.table(("of", "over", "adjusted") if measure == "odds" else ("of", "over"))
            names = [(name, row) for name in one.need("of").list() for row in _variables(name, codebook)]
            for over in one.need("over").list():
                for name, row in names:
                    if (row, over.text()) not in known:
                        raise name.error(f"{row} by {over.text()} is no crosstab of this plan")
                rows = tuple(row for _, row in names)
                items = "_".join(dict.fromkeys(name.text() for name, _ in names))
                yield MeasureSpec(
                    f"{section.lower()}_{measure}_{items}_over_{over.text()}", section, measure, rows, over.text()
                )


def _regressions(
    section: str, value: Value, codebook: Codebook, known: set[tuple[str, ...]]
) -> Iterator[RegressionSpec]:
    table = value.table(SECTION_KEYS)
    for entry in table.entries["odds"].list() if "odds" in table else ():
        one = entry.table(("of", "over", "adjusted"))
        if one.flag("adjusted"):
            predictors = _predictors(one.need("over"), known)
            for name in one.need("of").list():
                for outcome in _variables(name, codebook):
                    if len(codebook[outcome].codes) != 2:
                        raise name.error(f"{outcome} has more than two categories: no odds ratio can be adjusted")
                    table_id = f"{section.lower()}_adjusted_{outcome}_over_{'_'.join(predictors)}"
                    yield RegressionSpec(table_id, section, outcome, predictors)


def _predictors(over: Value, known: set[tuple[str, ...]]) -> tuple[str, str]:
    names = [name.text() for name in over.list()]
    if len(names) != 2:
        raise over.error("odds ratios are adjusted between two questions: more would need tables of three")
    if not {(names[0], names[1]), (names[1], names[0])} & known:
        raise over.error(f"{names[0]} by {names[1]} is no crosstab of this plan, which adjusting needs")
    return names[0], names[1]


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
