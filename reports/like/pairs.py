"""How answers of two variables go together, from the crosstabs that are shown in full.

Only the association is taken from a crosstab. What each variable looks like alone says its own one-way table, which is
at least as fine and counts more people.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from reports.like.margins import Document, Margin, Shares, Unusable
from reports.like.tree import Pair, information
from survey.instrument.schema import Code

ROUNDS, NEAR = 200, 1e-10
"""Iterative proportional fitting stops after so many rounds, or when both margins are this near."""


def pairs(document: Document, margins: Mapping[str, Margin]) -> Iterator[Pair[str]]:
    n = document["n"]
    for table in document["tables"]:
        names = [variable["name"] for variable in table["variables"]]
        if len(names) == 2 and _is_complete(table) and all(name in margins for name in names):
            first, second = names
            counts = _counts(table)
            joint = _joint(counts, table["categories"], margins[first], margins[second])
            yield Pair(first, second, joint, information(joint) * counts.sum() / n)


def _is_complete(table: Document) -> bool:
    return table["visible"] and all(cell["count"] is not None for cell in table["cells"])


def _counts(table: Document) -> Shares:
    rows, columns = (len(categories) for categories in table["categories"])
    counts = np.array([cell["count"] for cell in table["cells"]], np.float64)
    if counts.size != rows * columns or counts.min(initial=0) < 0 or counts.sum() <= 0:
        raise Unusable(f"The table {table['id']} does not hold together.")
    return counts.reshape(rows, columns)


def _joint(counts: Shares, categories: list[list[Any]], first: Margin, second: Margin) -> Shares:
    """Shares of the categories of the one-way tables that go together as the counts of the crosstab do."""
    apart = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    lift = np.divide(counts, apart, out=np.ones_like(counts), where=apart > 0)
    # A category that the crosstab leaves out goes together with nothing: the last row and column.
    lift = np.pad(lift, (0, 1), constant_values=1.0)
    rows, columns = _places(first, categories[0]), _places(second, categories[1])
    return fitted(lift[np.ix_(rows, columns)], first.shares, second.shares)


def _places(margin: Margin, categories: list[dict[str, Any]]) -> list[int]:
    """For each category of the one-way table, which one of the crosstab holds it; if none does, one after the last."""
    where: dict[Code, int] = {code: place for place, one in enumerate(categories) for code in one["codes"]}
    return [where.get(codes[0], len(categories)) for codes in margin.categories]


def fitted(lift: Shares, rows: Shares, columns: Shares) -> Shares:
    """Shares with these margins whose odds ratios are those of `lift` (iterative proportional fitting)."""
    joint = lift * np.outer(rows, columns)
    for _ in range(ROUNDS):
        joint = joint * _ratio(rows, joint.sum(axis=1))[:, None]
        joint = joint * _ratio(columns, joint.sum(axis=0))[None, :]
        if np.abs(joint.sum(axis=1) - rows).max() < NEAR:
            break
    return joint / joint.sum()


def _ratio(wanted: Shares, found: Shares) -> Shares:
    return np.divide(wanted, found, out=np.zeros_like(found), where=found > 0)
