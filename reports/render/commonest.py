"""The commonest answer of a figure, as far as its published numbers tell."""

from dataclasses import dataclass
from typing import Any

from reports.render.figures import value
from reports.render.words import words

MOST_NAMED = 2
"""Answers that may share the first place; of more, none stands out."""


@dataclass(frozen=True, slots=True)
class Commonest:
    answers: tuple[str, ...]
    """One label, or the labels that share the first place."""
    share: str
    """As beside the bar; empty where the base is too small for a percentage."""
    count: int
    base: int


def commonest(figure: dict[str, Any], language: str) -> Commonest | None:
    """None where a number is hidden, where the answers have different bases, and where too many share the first
    place."""
    rows = figure["rows"]
    if any(row["count"] is None for row in rows) or len({row["base"] for row in rows}) > 1:
        return None
    most = max(row["count"] for row in rows)
    first = [row for row in rows if row["count"] == most]
    if len(first) > MOST_NAMED:
        return None
    share = value(first[0], words(language)) if first[0]["percent"] is not None else ""
    return Commonest(tuple(row["label"][language] for row in first), share, most, first[0]["base"])
