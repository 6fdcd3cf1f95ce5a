"""Which figures a report has, as data: rows of a label and a value, and the sentence that says the same."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from reports.render.labels import Texts
from reports.render.words import Words, words

TICKED = 1


def figures(tables: list[dict[str, Any]], texts: Texts) -> list[dict[str, Any]]:
    """One figure per visible table of a single variable; the options of a multiple choice share one."""
    return [_figure(figure_id, group, texts) for figure_id, group in _groups(tables) if _any_visible(group)]


def _groups(tables: list[dict[str, Any]]) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """Tables that are drawn together, under the id of their figure."""
    for _, group in groupby((table for table in tables if len(table["variables"]) == 1), key=_together):
        members = list(group)
        first = members[0]
        options = first["variables"][0]["kind"] == "M"
        yield (f"{first['section'].lower()}_{first['variables'][0]['item']}" if options else first["id"]), members


def _together(table: dict[str, Any]) -> tuple[str, str]:
    variable = table["variables"][0]
    return table["section"], variable["item"] if variable["kind"] == "M" else variable["name"]


def _any_visible(tables: Iterable[dict[str, Any]]) -> bool:
    return any(table["visible"] for table in tables)


def _figure(figure_id: str, tables: list[dict[str, Any]], texts: Texts) -> dict[str, Any]:
    options = tables[0]["variables"][0]["kind"] == "M"
    rows = list(_options(tables)) if options else list(_categories(tables[0]))
    variable = tables[0]["variables"][0]
    return {
        "id": figure_id,
        "section": tables[0]["section"],
        "tables": [table["id"] for table in tables],
        "title": variable["question"] if options else variable["title"],
        "rows": rows,
        "alt": {language: _sentence(rows, language) for language in texts},
    }


def _categories(table: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for category, cell in zip(table["categories"][0], table["cells"], strict=True):
        yield _row(category["label"], cell, table)


def _options(tables: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Of each option, those who ticked it. A withheld option keeps its row, marked as hidden."""
    for table in tables:
        codes = [category["codes"] for category in table["categories"][0]]
        yield _row(table["variables"][0]["title"], table["cells"][codes.index([TICKED])], table)


def _row(label: dict[str, str], cell: dict[str, Any], table: dict[str, Any]) -> dict[str, Any]:
    return {"label": label, **cell, "base": table["base"], "about": table["about"]}


def value(row: dict[str, Any], said: Words) -> str:
    """What stands beside a bar: a percentage, a number of people where the base is too small, or "not shown"."""
    if row["count"] is None:
        return said["hidden"]
    if row["percent"] is None:
        return said["people"].format(n=row["count"])
    return said["about" if row["about"] else "percent"].format(n=row["percent"])


def _sentence(rows: list[dict[str, Any]], language: str) -> str:
    said = words(language)
    bars = (said["bar"].format(label=row["label"][language], value=value(row, said)) for row in rows)
    return said["bars"].format(rows="; ".join(bars))
