"""The tables of a report as CSV: all numbers in one tidy file, each table by itself with labels, and the codebook."""

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

from reports.disclosure import PARAMETERS
from reports.render.csvfile import HIDDEN, Field, write
from reports.render.labels import Texts
from reports.render.words import words
from survey.instrument.codebook import COLUMNS, Codebook, describe

CELLS = (
    "table_id", "var1", "cat1", "var2", "cat2", "measure", "value", "lower", "upper", "obs_status", "conf_status",
)  # fmt: skip
TABLE = (
    "table_id", "title", "question", "row", "codes", "label", "count", "percent", "lower", "upper", "status", "source",
)  # fmt: skip

AS_IT_IS, SMALL_BASE, NOT_SHOWN = "A", "U", "Q"
"""`obs_status`, after SDMX: normal, low reliability, suppressed."""

FREE, CONFIDENTIAL = "F", "C"
"""`conf_status`, after SDMX."""

LOCALISED = ("text", "label")
FIXED = tuple(column for column in COLUMNS if column not in LOCALISED)
"""Columns of the codebook that need no translation."""

NUMBERS = ("count", "percent", "lower", "upper")

type Row = tuple[Field, ...]


def cells(document: dict[str, Any]) -> bytes:
    return write(CELLS, tidy(document))


def tidy(document: dict[str, Any]) -> Iterator[Row]:
    """All numbers of a report, one per row."""
    for table in document["tables"]:
        yield from _tidy(table)
    for statistic in document.get("statistics", ()):
        yield from _tidy_statistic(statistic)


def _tidy_statistic(table: dict[str, Any]) -> Iterator[Row]:
    """`var1` is the scale or variable of the row; without groups its codes are its own. Ends of intervals are measures
    of their own."""
    for row in table["rows"]:
        of_row, of_group = ("", row["codes"]) if table["by"] else (row["codes"], "")
        place = (table["id"], row["name"], of_row, table["by"] or "", of_group)
        for key, number in row["values"].items():
            hidden = number is None
            status = (NOT_SHOWN, CONFIDENTIAL) if hidden else (AS_IT_IS, FREE)
            yield (*place, key, HIDDEN if hidden else str(number), None, None, *status)


def one_statistic(table: dict[str, Any], document: dict[str, Any], language: str) -> bytes:
    """A table of statistics with its labels: a row per scale, row or group. An empty field does not apply."""
    keys = [column["key"] for column in table["columns"]]
    title, stamp = table["title"][language], source(document, language)
    rows = (
        (table["id"], title, row["name"], row["codes"], row["label"][language], *_numbers(row["values"], keys), stamp)
        for row in table["rows"]
    )
    return write(statistic_header(table), rows)


def statistic_header(table: dict[str, Any]) -> tuple[str, ...]:
    return ("table_id", "title", "name", "codes", "label", *(column["key"] for column in table["columns"]), "source")


def _numbers(values: dict[str, float | None], keys: list[str]) -> Iterator[Field]:
    for key in keys:
        number = values.get(key)
        yield str(number) if number is not None else HIDDEN if key in values else None


def one_scale(scale: dict[str, Any]) -> bytes:
    """Means and covariances of a scale's rows, as a structural model takes them."""
    lines = zip(scale["rows"], scale["means"], scale["covariances"], strict=True)
    return write(scale_header(scale), ((name, str(mean), *map(str, line)) for name, mean, line in lines))


def scale_header(scale: dict[str, Any]) -> tuple[str, ...]:
    return ("row", "mean", *scale["rows"])


def _tidy(table: dict[str, Any]) -> Iterator[Row]:
    names = [variable["name"] for variable in table["variables"]]
    first, second = names[0], names[1] if len(names) > 1 else ""
    for categories, cell in zip(product(*table["categories"]), table["cells"], strict=True):
        codes = [_codes(category) for category in categories]
        place = (table["id"], first, codes[0], second, codes[1] if second else "")
        yield from _measures(place, cell)
    if table["visible"]:
        place = (table["id"], first, "", second, "")
        yield (*place, "base", table["base"], None, None, AS_IT_IS, FREE)
        yield (*place, "no_answer", *_outside(table["no_answer"]))
        yield (*place, "not_asked", *_outside(table["not_asked"]))


def _measures(place: Row, cell: dict[str, Any]) -> Iterator[Row]:
    if cell["count"] is None:
        yield (*place, "count", HIDDEN, None, None, NOT_SHOWN, CONFIDENTIAL)
        return
    yield (*place, "count", cell["count"], None, None, AS_IT_IS, FREE)
    if cell["percent"] is None:
        yield (*place, "percent", HIDDEN, None, None, NOT_SHOWN, FREE)
    else:
        status = SMALL_BASE if cell["about"] else AS_IT_IS
        yield (*place, "percent", cell["percent"], cell["lower"], cell["upper"], status, FREE)


def _outside(count: int | None) -> Row:
    if count is None:
        return (HIDDEN, None, None, NOT_SHOWN, CONFIDENTIAL)
    return (count, None, None, AS_IT_IS, FREE)


def one_table(table: dict[str, Any], document: dict[str, Any], language: str) -> bytes:
    """A table with its labels: a row per cell, then the base and who stands outside."""
    titles = [variable["title"][language] for variable in table["variables"]]
    question = table["variables"][0]["question"][language]
    about = (table["id"], " × ".join(titles), question)
    rows = [*_labelled(table, language), *(_around(table, language) if table["visible"] else ())]
    return write(TABLE, ((*about, *row, source(document, language)) for row in rows))


def _labelled(table: dict[str, Any], language: str) -> Iterator[Row]:
    for categories, cell in zip(product(*table["categories"]), table["cells"], strict=True):
        codes = " × ".join(map(_codes, categories))
        label = " × ".join(category["label"][language] for category in categories)
        yield ("category", codes, label, *(_shown(cell[key]) for key in NUMBERS), _status(cell))


def _status(cell: dict[str, Any]) -> str:
    if cell["count"] is None:
        return "hidden"
    if cell["base"] is None:
        return "no base: a cell of its column is hidden"
    if cell["percent"] is None:
        return f"base under {PARAMETERS['percentages_from_base']}"
    return "about" if cell["about"] else "shown"


def _around(table: dict[str, Any], language: str) -> Iterator[Row]:
    said = words(language)
    yield ("base", "", said["base"], table["base"], None, None, None, "shown")
    for key in ("no_answer", "not_asked"):
        status = "shown" if table[key] is not None else f"under {PARAMETERS['small_cell_below']}"
        yield (key, "", said[key], _shown(table[key]), None, None, None, status)


def _shown(number: int | None) -> Field:
    return HIDDEN if number is None else number


def _codes(category: dict[str, Any]) -> str:
    return " ".join(map(str, category["codes"]))


def source(document: dict[str, Any], language: str) -> str:
    """Where a table comes from, in one line, with the stamp of a rehearsal: it stays with every copied row."""
    stamp = f"{document['stamp'][language]}. " if document["stamp"] else ""
    return f"{stamp}{document['title'][language]}; {document['report']}; N ≈ {document['n']}; {document['licence']}"


def codebook(book: Codebook, texts: Texts) -> bytes:
    """One row per code, with the texts of every language side by side."""
    return write(codebook_header(texts), _described(book, texts))


def codebook_header(languages: Iterable[str]) -> tuple[str, ...]:
    return (*FIXED, *(f"{column}_{language}" for language in languages for column in LOCALISED))


def _described(book: Codebook, texts: Texts) -> Iterator[Row]:
    for versions in zip(*(describe(book, read) for read in texts.values()), strict=True):
        named = [dict(zip(COLUMNS, version, strict=True)) for version in versions]
        labels = [version[column] for version in named for column in LOCALISED]
        yield (*(named[0][column] for column in FIXED), *labels)
