"""Waves side by side, as repeated cross-sections: what releases of other waves published, beside the report's own.

Nothing is computed from the two: a reader who holds both releases reads the same.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reports.plan import Plan
from reports.render.csvfile import HIDDEN, Field, write
from reports.render.labels import Texts, localised, named
from survey.instrument.codebook import Codebook, Variable

type Document = dict[str, Any]

COMPARED = ("variable", "codes", "report", "waves", "percent", "lower", "upper", "status")


def published(document: Mapping[str, Any], variables: Sequence[str]) -> Document:
    """What a release says of these variables, by variable: codes of each category, and its cell."""
    tables = {
        table["variables"][0]["name"]: [
            [category["codes"], cell] for category, cell in zip(table["categories"][0], table["cells"], strict=True)
        ]
        for table in document["tables"]
        if len(table["variables"]) == 1
    }
    return {name: tables[name] for name in variables if name in tables}


def side_by_side(
    plan: Plan, codebook: Codebook, texts: Texts, own: Document, others: Sequence[Mapping[str, Any]]
) -> list[Document]:
    """A part for each section that asks for it. `own`: the document so far; `others`: as `actions.beside` kept them."""
    releases = [{name: one[name] for name in ("report", "waves")} for one in (own, *others)]
    return [
        {"section": section.id, "releases": releases, "tables": _tables(section.waves, codebook, texts, own, others)}
        for section in plan.sections
        if section.waves
    ]


def _tables(
    wanted: Sequence[str], codebook: Codebook, texts: Texts, own: Document, others: Sequence[Mapping[str, Any]]
) -> list[Document]:
    columns = [published(own, wanted), *(one["tables"] for one in others)] if others else []
    return [_table(codebook[name], texts, [one.get(name, []) for one in columns]) for name in wanted if columns]


def _table(variable: Variable, texts: Texts, columns: list[list[Any]]) -> Document:
    """A row for each category that one of them has, the report's own first; a cell is None where one has it not."""
    rows = {tuple(codes): codes for column in columns for codes, _ in column}
    cells = [{tuple(codes): cell for codes, cell in column} for column in columns]
    return {
        "variable": variable.name,
        "title": localised(texts, variable.text),
        "question": localised(texts, variable.item_text),
        "rows": [
            {"codes": codes, "label": named(variable, codes, texts), "cells": [column.get(key) for column in cells]}
            for key, codes in rows.items()
        ],
    }


def side_by_side_csv(document: Mapping[str, Any]) -> bytes:
    """`waves.csv`: a row for each category and release. Labels are in the codebook."""
    return write(COMPARED, _rows(document))


def _rows(document: Mapping[str, Any]) -> Iterator[tuple[Field, ...]]:
    for part in document["compared_waves"]:
        for table in part["tables"]:
            for row in table["rows"]:
                for release, cell in zip(part["releases"], row["cells"], strict=True):
                    if cell is not None:
                        codes = " ".join(map(str, row["codes"]))
                        yield (table["variable"], codes, release["report"], " ".join(release["waves"]), *_shown(cell))


def _shown(cell: Mapping[str, Any]) -> tuple[Field, ...]:
    if cell["percent"] is None:
        return (HIDDEN, None, None, "hidden")
    return (cell["percent"], cell["lower"], cell["upper"], "about" if cell["about"] else "shown")
