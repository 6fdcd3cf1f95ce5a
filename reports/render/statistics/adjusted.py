"""Odds ratios adjusted for each other, beside those that are not: from three published crosstabs alone.

Published tables may join the categories of a question differently. They are brought to the finest categories that are
sums of each table's, and where only one is left of a question there is nothing to compare.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from reports.disclosure import ProtectedCube, ProtectedTable, Reason, coefficient_decimals, unfit_for_regression
from reports.estimate import Joined, Odds, adjusted_odds, odds_ratio
from reports.plan import RegressionSpec
from reports.render.labels import Localised, Texts, joined, localised, said
from reports.render.statistics.measures import event_row
from reports.render.statistics.table import Document, Values, make_row, make_table, rounded, spaced
from survey.instrument.codebook import Codebook, Variable
from survey.instrument.schema import Code

ADJUSTED = (*("n", "odds", "odds_lower", "odds_upper", "adjusted", "adjusted_lower", "adjusted_upper", "p", "p_holm"),)

type Codes = tuple[Code, ...]
type Side = tuple[Codes, ...]
"""The categories of one question."""


@dataclass(frozen=True, slots=True)
class Crosstabs:
    """The predictors by each other, and the outcome by each of them, its event in the first row."""

    joint: Joined
    by_predictor: tuple[Joined, Joined]
    sides: tuple[Side, Side]


def adjusted(spec: RegressionSpec, cube: ProtectedCube, codebook: Codebook, texts: Texts) -> Document:
    """A row per category of both predictors; or one row for each with nothing, and a note that says why."""
    given = _given(spec, cube)
    if isinstance(given, str):
        rows = [
            make_row(localised(texts, codebook[name].text), name, "", dict.fromkeys(ADJUSTED))
            for name in spec.predictors
        ]
        notes = [said(texts, f"no_odds_{given}")]
    else:
        rows, notes = list(_rows(spec, *given, codebook, texts)), [said(texts, "note_adjusted")]
    title, question = said(texts, "title_adjusted"), localised(texts, codebook[spec.outcome].text)
    return make_table(spec.id, spec.section, title, question, ADJUSTED, rows, notes, texts)


def _given(spec: RegressionSpec, cube: ProtectedCube) -> tuple[Crosstabs, tuple[list[Odds], list[Odds]]] | str:
    """The tables and what follows from them, or the word for why nothing does."""
    tables = {table.variables: table for table in cube.tables}
    joint = tables.get(spec.predictors) or tables[spec.predictors[::-1]]
    outcomes = [tables[spec.outcome, name] for name in spec.predictors]
    unfit = _unfit(joint, outcomes)
    if unfit:
        return "hidden" if unfit is Reason.SMALL_CELLS else "few"
    crosstabs = _crosstabs(spec, joint, outcomes)
    if crosstabs is None:
        return "grid"
    found = adjusted_odds(crosstabs.joint, *crosstabs.by_predictor)
    return "fit" if found is None else (crosstabs, found)


def _unfit(joint: ProtectedTable, outcomes: Sequence[ProtectedTable]) -> Reason | None:
    if not all(table.visible for table in outcomes):
        return Reason.SMALL_CELLS
    reasons = (unfit_for_regression(joint, [table], event_row(table)) for table in outcomes)
    return next((reason for reason in reasons if reason), None)


def _crosstabs(spec: RegressionSpec, joint: ProtectedTable, outcomes: Sequence[ProtectedTable]) -> Crosstabs | None:
    sides = [
        _common(joint.categories[joint.variables.index(name)], outcome.categories[1])
        for name, outcome in zip(spec.predictors, outcomes, strict=True)
    ]
    first, second = sides
    if len(first) < 2 or len(second) < 2:
        return None
    crossed = _at(joint, (first, second) if joint.variables == spec.predictors else (second, first))
    if joint.variables != spec.predictors:
        crossed = Joined(crossed.counts.T, crossed.behind.T)
    by_first, by_second = (_event_first(_at(table, (table.categories[0], side)), table)
                           for table, side in zip(outcomes, sides, strict=True))  # fmt: skip
    return Crosstabs(crossed, (by_first, by_second), (first, second))


def _common(one: Side, other: Side) -> Side:
    """The finest categories that are sums of both tables' categories; none where one leaves codes out."""
    if {code for codes in one for code in codes} != {code for codes in other for code in codes}:
        return ()
    found: list[set[Code]] = []
    for codes in (*one, *other):
        touching = [group for group in found if group & set(codes)]
        found = [group for group in found if group not in touching] + [set(codes).union(*touching)]
    order = [code for codes in one for code in codes]
    ordered = [tuple(sorted(group, key=order.index)) for group in found]
    return tuple(sorted(ordered, key=lambda codes: order.index(codes[0])))


def _at(table: ProtectedTable, sides: tuple[Side, Side]) -> Joined:
    """The counts of a table with categories joined."""
    members = [
        np.array([[set(codes) <= set(whole) for codes in own] for whole in side], np.float64)
        for side, own in zip(sides, table.categories, strict=True)
    ]
    counts = np.array(table.counts, np.float64).reshape([len(side) for side in table.categories])
    first, second = members
    return Joined(first @ counts @ second.T, first @ np.ones_like(counts) @ second.T)


def _event_first(table: Joined, source: ProtectedTable) -> Joined:
    return table if event_row(source) == 0 else Joined(table.counts[::-1], table.behind[::-1])


def _rows(
    spec: RegressionSpec,
    crosstabs: Crosstabs,
    found: tuple[list[Odds], list[Odds]],
    codebook: Codebook,
    texts: Texts,
) -> Iterator[Document]:
    counts = [crosstabs.joint.counts, *(table.counts for table in crosstabs.by_predictor)]
    decimals = coefficient_decimals(int(min(one.sum() for one in counts)))
    for name, side, table, odds in zip(spec.predictors, crosstabs.sides, counts[1:], found, strict=True):
        for at, codes in enumerate(side):
            values: Values = {"n": float(table[:, at].sum())}
            if at:
                values |= _values(table[:, at], table[:, 0], odds[at - 1])
            text = _labelled(codebook[name], codes, texts)
            yield make_row(text, name, spaced(codes), rounded(values, decimals), decimals)


def _values(own: np.ndarray, first: np.ndarray, odds: Odds) -> Values:
    plain = odds_ratio(*(int(count) for count in (*own, *first)))
    return {
        **dict(zip(ADJUSTED[1:4], plain[:3] if plain else (None,) * 3, strict=True)),
        **dict(zip(ADJUSTED[4:8], odds, strict=True)),
        "p_holm": None,
    }


def _labelled(variable: Variable, codes: Codes, texts: Texts) -> Localised:
    """Question and category: this table has rows of two questions."""
    parts = [
        category.labels
        for category in variable.levels[0].categories
        if {variable.codes[index] for index in category.indexes} <= set(codes)
    ]
    names = joined(texts, tuple(label for labels in parts for label in labels))
    return {language: f"{text}: {names[language]}" for language, text in localised(texts, variable.text).items()}
