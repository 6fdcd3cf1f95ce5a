"""`report.json`: everything that a report says, as plain data. All other files are made from this document alone."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from reports.disclosure import FIRM_PERCENT_FROM, PARAMETERS, PERCENT_FROM, ProtectedCube, ProtectedTable, Reason
from reports.estimate import percent, percent_interval
from reports.plan import Plan, Section, TableSpec, Titles
from reports.render.figures import figures
from reports.render.labels import Localised, Texts, joined, localised, said
from reports.render.meta import Meta
from reports.render.pictures import listed
from reports.render.statistics import moments_by_group, scale_moments, statistics
from reports.render.testimonies import testimonies
from reports.render.timeline import timelines
from reports.render.waves import side_by_side
from reports.render.words import SOURCE_LANGUAGE
from survey.instrument.codebook import Codebook, Variable

FORMAT = "sunset-report/1"

type Document = dict[str, Any]

NOTHING: Mapping[str, Any] = MappingProxyType({})

_CONTROLS = dict.fromkeys(code for code in (*range(32), *range(127, 160)) if chr(code) != "\n")


def canonical(document: Any) -> bytes:
    """JSON with sorted keys and no spaces: the same content gives the same bytes."""
    return (json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n").encode()


def build(
    cube: ProtectedCube, plan: Plan, codebook: Codebook, texts: Texts, meta: Meta, beside: Mapping[str, Any] = NOTHING
) -> Document:
    """The whole report. `beside`: what was kept with the cube (`actions.beside`), or nothing.

    Raises ValueError for a refused cube, or one that was made from another plan or codebook.
    """
    if cube.refusal:
        raise ValueError(f"there is nothing to report: {cube.refusal}")
    if (cube.plan, cube.instrument, cube.version) != (plan.digest, codebook.instrument, codebook.version):
        raise ValueError("the cube was made from another plan or codebook")
    specs = {spec.id: spec for spec in plan.tables}
    tables = [_table(table, specs[table.id], plan, codebook, texts) for table in cube.tables]
    drawn = figures(tables, texts)
    measured = statistics(cube, plan, codebook, texts)
    document: Document = _without_controls(
        {
            "format": FORMAT,
            "report": meta.report,
            "survey": meta.survey,
            "rehearsal": meta.rehearsal,
            "stamp": said(texts, "stamp") if meta.rehearsal else None,
            "title": _in(texts, plan.title),
            "made_on": meta.made_on.isoformat(),
            "publisher": meta.publisher,
            "contact": meta.contact,
            "funder": meta.funder,
            "ethics": meta.ethics,
            "sealed": {name: day.isoformat() for name, day in meta.sealed},
            "licence": meta.licence,
            "languages": list(texts),
            "waves": list(cube.waves),
            "n": cube.n,
            "tier": cube.tier,
            "parameters": PARAMETERS,
            "audit": cube.audit,
            "instrument": {"name": cube.instrument, "version": cube.version, "sha256": meta.instrument_digest},
            "plan": {
                "name": plan.name,
                "version": plan.version,
                "sha256": plan.digest,
                "planned_on": plan.planned_on.isoformat(),
                "preregistration": plan.preregistration,
                "limits": _in(texts, plan.limits) if plan.limits else None,
                "structural_zeros": {name: sorted(codes, key=str) for name, codes in plan.structural_zeros.items()},
            },
            "reasons": {str(reason): said(texts, f"reason_{reason}") for reason in _reasons(cube)},
            "sections": [_section(section, texts) for section in plan.sections],
            "tables": tables,
            "figures": drawn,
            "statistics": measured,
            "pictures": [*timelines(plan, codebook, texts, meta.events), *listed(tables, measured, list(texts))],
            "scales": scale_moments(cube, codebook),
            "scales_by_group": moments_by_group(cube, codebook, texts),
            "summary": _summary(plan, drawn),
            "testimonies": testimonies(plan, codebook, texts, beside.get("testimonies")),
        }
    )
    document["compared_waves"] = side_by_side(plan, codebook, texts, document, beside.get("waves", ()))
    return document


def _without_controls(part: Any) -> Any:
    """Control characters in a text would make SVG, XML and PDF invalid, and mean nothing to a reader."""
    if isinstance(part, dict):
        return {key: _without_controls(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_without_controls(one) for one in part]
    return part.translate(_CONTROLS) if isinstance(part, str) else part


def _summary(plan: Plan, drawn: list[Document]) -> list[str]:
    """Ids of the figures that the public page shows, in the order of the plan."""
    tables = {spec.variables: spec.id for spec in plan.tables}
    wanted = [tables[(name,)] for name in plan.summary]
    found = (figure["id"] for table in wanted for figure in drawn if table in figure["tables"])
    return list(dict.fromkeys(found))


def _section(section: Section, texts: Texts) -> Document:
    return {
        "id": section.id,
        "title": _in(texts, section.title),
        "note": _in(texts, section.note) if section.note else None,
        "context": {source: _in(texts, text) for source, text in section.context.items()},
    }


def _table(table: ProtectedTable, spec: TableSpec, plan: Plan, codebook: Codebook, texts: Texts) -> Document:
    variables = [codebook[name] for name in table.variables]
    return {
        "id": table.id,
        "section": spec.section,
        "variables": [_variable(variable, texts) for variable in variables],
        "headline": spec.headline,
        "planned_on": None if spec.added_on else plan.planned_on.isoformat(),
        "added_on": spec.added_on.isoformat() if spec.added_on else None,
        "visible": table.visible,
        "reasons": [str(reason) for reason in table.reasons],
        "levels": list(table.levels),
        "coarsest": [variable.coarsest for variable in variables],
        "notes": _notes(table, variables, texts),
        "categories": [_categories(*pair, texts) for pair in zip(variables, table.levels, strict=True)],
        "cells": _cells(table),
        "base": table.base,
        "about": table.about,
        "no_answer": table.no_answer,
        "not_asked": table.not_asked,
    }


def _variable(variable: Variable, texts: Texts) -> Document:
    return {
        "name": variable.name,
        "item": variable.item,
        "kind": variable.kind,
        "title": localised(texts, variable.text),
        "question": localised(texts, variable.item_text),
    }


def _notes(table: ProtectedTable, variables: list[Variable], texts: Texts) -> list[Localised]:
    """What the chosen levels have to say, for example about codes they leave out."""
    grids = [variable.levels[level] for variable, level in zip(variables, table.levels, strict=True)]
    return [localised(texts, grid.note) for grid in grids if grid.note and table.visible]


def _categories(variable: Variable, level: int, texts: Texts) -> list[Document]:
    return [
        {
            "codes": [variable.codes[index] for index in category.indexes],
            "label": joined(texts, category.labels),
        }
        for category in variable.levels[level].categories
    ]


def _cells(table: ProtectedTable) -> list[Document]:
    """Row by row. A hidden cell has no count; below the smallest base, and in a column of a two-way table that holds
    a hidden cell, there is no percentage."""
    return [_cell(count, base) for count, base in zip(table.counts, table.bases, strict=True)]


def _cell(count: int | None, base: int | None) -> Document:
    cell = {"count": count, "base": base, "about": base is not None and base < FIRM_PERCENT_FROM}
    if count is None or base is None or base < PERCENT_FROM:
        return {**cell, "percent": None, "lower": None, "upper": None}
    lower, upper = percent_interval(count, base)
    return {**cell, "percent": percent(count, base), "lower": lower, "upper": upper}


def _reasons(cube: ProtectedCube) -> list[Reason]:
    return sorted({reason for table in cube.tables for reason in table.reasons})


def _in(texts: Texts, titles: Titles) -> Localised:
    """A plan's text in every language of the report; where the plan lacks one, its source language."""
    return {language: titles.get(language, titles[SOURCE_LANGUAGE]) for language in texts}
