"""Two releases side by side: the tables of single questions that both show in the same categories."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from reports.render.figures import value
from reports.render.words import words

type Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Compared:
    """One table. Rows: label, the first release, the second, and points of per cent between them, if both have one."""

    id: str
    title: str
    question: str
    rows: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    tables: tuple[Compared, ...]
    otherwise: tuple[str, ...]
    """Titles of the tables that both show, but in other categories."""
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]


def compare(first: Document, second: Document, language: str) -> Comparison:
    """Both have to speak `language`."""
    ours, theirs = _shown(first), _shown(second)
    shared = [(table, theirs[name]) for name, table in ours.items() if name in theirs]
    alike = [pair for pair in shared if _codes(pair[0]) == _codes(pair[1])]
    return Comparison(
        tables=tuple(_compared(one, other, language) for one, other in alike),
        otherwise=tuple(_title(one, language) for one, other in shared if _codes(one) != _codes(other)),
        only_first=tuple(_title(table, language) for name, table in ours.items() if name not in theirs),
        only_second=tuple(_title(table, language) for name, table in theirs.items() if name not in ours),
    )


def _shown(document: Document) -> dict[str, Document]:
    """By variable: whatever a plan calls its tables."""
    return {
        table["variables"][0]["name"]: table
        for table in document["tables"]
        if table["visible"] and len(table["variables"]) == 1
    }


def _codes(table: Document) -> list[list[object]]:
    return [category["codes"] for category in table["categories"][0]]


def _title(table: Document, language: str) -> str:
    return str(table["variables"][0]["title"][language])


def _compared(one: Document, other: Document, language: str) -> Compared:
    question = one["variables"][0]["question"][language]
    title = _title(one, language)
    return Compared(one["id"], title, question if question != title else "", tuple(_rows(one, other, language)))


def _rows(one: Document, other: Document, language: str) -> Iterator[tuple[str, str, str, str]]:
    said = words(language)
    for category, ours, theirs in zip(one["categories"][0], one["cells"], other["cells"], strict=True):
        known = ours["percent"] is not None and theirs["percent"] is not None
        points = f"{theirs['percent'] - ours['percent']:+d}" if known else ""
        yield category["label"][language], value(ours, said), value(theirs, said), points
