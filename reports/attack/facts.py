"""The numbers of a bundle, file by file. Nothing is taken from one file that is not in it.

Files that hold numbers: `report.json`, `cells.csv`, and a CSV per table and language.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import PurePosixPath
from typing import Any

from reports.attack.bundle import Bundle, UnreadableBundle

type Number = int | float
type Category = frozenset[str]
"""The codes that a category joins, as text."""
type Statistic = tuple[str, str, str, str]
type Place = tuple[Category, ...]
"""A cell: a category of each variable."""

MEASURES = ("count", "percent", "lower", "upper")
OUTSIDE = ("no_answer", "not_asked")
ABOUT = ("table_id", "title", "name", "codes", "label", "source")
COUNTED = ("count", "percent", "base", *OUTSIDE)
"""Measures of `cells.csv` that belong to tables of counts; all others are statistics."""


@dataclass(slots=True)
class Table:
    """One table in one file. A number that is marked as not shown is None; what the file does not speak of is absent.

    `around`: base, no_answer, not_asked.
    """

    id: str
    variables: tuple[str, ...]
    cells: dict[Place, dict[str, Number | None]] = field(default_factory=dict)
    around: dict[str, Number | None] = field(default_factory=dict)

    @property
    def counts(self) -> dict[Place, Number | None]:
        return {place: cell.get("count") for place, cell in self.cells.items()}

    @property
    def is_shown(self) -> bool:
        return any(count is not None for count in self.counts.values())

    def categories(self, axis: int) -> list[Category]:
        return list(dict.fromkeys(place[axis] for place in self.cells))


type View = Mapping[str, Table]
"""The tables of one file, by id."""


def views(bundle: Bundle) -> dict[str, View]:
    """Every file with numbers, the fullest first. Raises UnreadableBundle if there is none."""
    try:
        found = dict(_views(bundle))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableBundle(f"{bundle.name}: its tables cannot be read ({error!r})") from None
    if not any(found.values()):
        raise UnreadableBundle(f"{bundle.name}: neither report.json nor cells.csv nor tables")
    return found


def _views(bundle: Bundle) -> Iterator[tuple[str, View]]:
    variables: dict[str, tuple[str, ...]] = {}
    if bundle.document:
        tables = [_of_document(one) for one in bundle.document.get("tables", [])]
        variables |= {table.id: table.variables for table in tables}
        yield "report.json", {table.id: table for table in tables}
    if "cells.csv" in bundle.files:
        view = _of_cells(_rows(bundle, "cells.csv"))
        variables |= {table.id: table.variables for table in view.values()}
        yield "cells.csv", view
    for path in sorted(bundle.files):
        if path.startswith("tables/") and path.endswith(".csv"):
            rows = list(_rows(bundle, path))
            if not rows or "row" in rows[0]:
                yield path, _of_file(path, rows, variables)


def statistics(bundle: Bundle) -> dict[str, dict[Statistic, str]]:
    """By file: what it says of each statistic, by table, name of the row, codes and measure."""
    found: dict[str, dict[Statistic, str]] = {}
    if "cells.csv" in bundle.files:
        rows = (row for row in _rows(bundle, "cells.csv") if row["measure"] not in COUNTED)
        found["cells.csv"] = {
            (row["table_id"], row["var1"], row["cat1"] or row["cat2"], row["measure"]): row["value"] for row in rows
        }
    for path in sorted(bundle.files):
        if path.startswith("tables/") and path.endswith(".csv"):
            found[path] = {
                (row["table_id"], row["name"], row["codes"], key): text
                for row in _rows(bundle, path)
                if "row" not in row
                for key, text in row.items()
                if key not in ABOUT
            }
    return found


def known(files: Mapping[str, View]) -> dict[str, Table]:
    """All that any file tells: the first file's tables, with what others show of their hidden numbers."""
    tables: dict[str, Table] = {}
    for view in files.values():
        for table in view.values():
            into = tables.setdefault(table.id, Table(table.id, table.variables))
            for place, cell in table.cells.items():
                _fill(into.cells.setdefault(place, {}), cell)
            _fill(into.around, table.around)
    return tables


def _fill(into: dict[str, Number | None], more: Mapping[str, Number | None]) -> None:
    for name, value in more.items():
        if into.get(name) is None:
            into[name] = value


def _of_document(one: Mapping[str, Any]) -> Table:
    table = Table(one["id"], tuple(variable["name"] for variable in one["variables"]))
    sides = [[_category(category["codes"]) for category in side] for side in one["categories"]]
    for place, cell in zip(product(*sides), one["cells"], strict=True):
        table.cells[place] = {measure: cell.get(measure) for measure in MEASURES}
    if one.get("visible"):
        table.around = {name: one.get(name) for name in ("base", *OUTSIDE)}
    return table


def _of_cells(rows: Iterable[Mapping[str, str]]) -> View:
    tables: dict[str, Table] = {}
    for row in rows:
        if row["measure"] not in COUNTED:
            continue
        variables = tuple(row[name] for name in ("var1", "var2") if row[name])
        table = tables.setdefault(row["table_id"], Table(row["table_id"], variables))
        if row["cat1"]:
            place = tuple(_category(row[name].split()) for name in ("cat1", "cat2") if row[name])
            cell = table.cells.setdefault(place, {})
            cell[row["measure"]] = _number(row["value"])
            cell.update({name: _number(row[name]) for name in ("lower", "upper") if row["measure"] == "percent"})
        else:
            table.around[row["measure"]] = _number(row["value"])
    return tables


def _of_file(path: str, rows: Iterable[Mapping[str, str]], variables: Mapping[str, tuple[str, ...]]) -> View:
    stem = PurePosixPath(path).stem
    table = Table(stem, variables.get(stem, (stem,)))
    for row in rows:
        if row["row"] == "category":
            place = tuple(_category(codes.split()) for codes in row["codes"].split(" × "))
            table.cells[place] = {measure: _number(row[measure]) for measure in MEASURES}
        else:
            table.around[row["row"]] = _number(row["count"])
    return {stem: table}


def _rows(bundle: Bundle, path: str) -> Iterator[Mapping[str, str]]:
    try:
        yield from csv.DictReader(io.StringIO(bundle.files[path].decode("utf-8-sig")))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UnreadableBundle(f"{bundle.name}: {path} cannot be read ({error})") from None


def _category(codes: Iterable[object]) -> Category:
    return frozenset(map(str, codes))


def _number(text: str) -> Number | None:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        return None
