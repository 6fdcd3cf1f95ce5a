"""Measures of two-way tables: trends and odds ratios, from published counts."""

from collections.abc import Iterator, Sequence

import numpy as np

from reports.disclosure import ProtectedCube, ProtectedTable
from reports.estimate import odds_ratio, trend
from reports.plan import MeasureSpec
from reports.render.labels import Texts, localised, said
from reports.render.statistics.table import Document, Values, make_row, make_table, rounded
from survey.instrument.codebook import Codebook

TREND = ("n", "z", "p", "p_holm")
ODDS = ("n", "odds", "odds_lower", "odds_upper", "p", "p_holm")


def measures(specs: Sequence[MeasureSpec], cube: ProtectedCube, codebook: Codebook, texts: Texts) -> Iterator[Document]:
    tables = {table.variables: table for table in cube.tables}
    for spec in specs:
        crossed = [tables[(row, spec.over)] for row in spec.rows]
        rows = [
            make_row(localised(texts, codebook[table.variables[0]].text), table.variables[0], "", values)
            for table in crossed
            if (values := _measured(spec, table)) is not None
        ]
        if any(row["values"]["n"] is not None for row in rows):
            columns = TREND if spec.measure == "trend" else ODDS
            over = localised(texts, codebook[spec.over].text)
            note = said(texts, f"note_{spec.measure}")
            title = said(texts, f"title_{spec.measure}")
            table = make_table(spec.id, spec.section, title, over, columns, rows, [note], texts)
            yield {**table, "by": spec.over}


def _measured(spec: MeasureSpec, table: ProtectedTable) -> Values | None:
    """Hidden where a cell behind it is; None where the answer has more than two categories."""
    keys = TREND if spec.measure == "trend" else ODDS
    if not table.visible or table.hidden or len(table.categories[1]) < 2:
        return dict.fromkeys(keys)
    if len(table.categories[0]) != 2:
        return None
    counts = np.array(table.counts, np.int64).reshape(2, -1)
    yes = event_row(table)
    events, totals = counts[yes].tolist(), counts.sum(axis=0).tolist()
    if spec.measure == "trend":
        found = trend(events, totals)
        values: Values = {"z": found.z, "p": found.p} if found else {"z": None, "p": None}
    else:
        odds = odds_ratio(events[-1], totals[-1] - events[-1], events[0], totals[0] - events[0])
        values = dict(zip(ODDS[1:5], odds or (None,) * 4, strict=True))
    return rounded({"n": sum(totals), **values, "p_holm": None}, 2)


def event_row(table: ProtectedTable) -> int:
    """Which of two rows holds those who said yes."""
    return 0 if table.categories[0][0] == (1,) else 1
