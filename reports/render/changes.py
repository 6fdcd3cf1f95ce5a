"""What became different from one report to another of the same survey, in words and in order of size.

Tables are told apart by their variables, so that a plan may number them anew. Both documents are `report.json`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

type Document = dict[str, Any]
type Table = dict[str, Any]

MOST_MOVES = 8
"""How many of the largest differences are listed."""


@dataclass(frozen=True, slots=True)
class Move:
    """A percentage that both show in the same category. Points of per cent from the earlier to the later."""

    table: str
    title: str
    category: str
    before: int
    after: int

    @property
    def points(self) -> int:
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Named:
    table: str
    title: str


@dataclass(frozen=True, slots=True)
class Changes:
    """`appeared` and `vanished`: shown in one and not in the other. `regrouped`: in other categories."""

    n_before: int
    n_after: int
    tier_before: str
    tier_after: str
    planned: tuple[Named, ...]
    """Tables that only the later plan asks for."""
    dropped: tuple[Named, ...]
    """Tables that only the earlier plan asks for."""
    appeared: tuple[Named, ...]
    vanished: tuple[Named, ...]
    regrouped: tuple[Named, ...]
    more_hidden: tuple[Named, ...]
    """Shown in both, with other cells hidden."""
    same: int
    """Tables that both show in the same categories with the same numbers."""
    moves: tuple[Move, ...]
    moved: int
    """How many percentages differ; `moves` are the largest of them."""

    @property
    def is_none(self) -> bool:
        lists = (self.planned, self.dropped, self.appeared, self.vanished, self.regrouped, self.more_hidden)
        return self.n_before == self.n_after and not self.moved and not any(lists)


def changes(before: Document, after: Document, language: str) -> Changes:
    """From one document to another; `language` is one of the later one's."""
    former, now = _by_variables(before), _by_variables(after)
    pairs = [(former[key], table) for key, table in now.items() if key in former]
    shown = [(old, new) for old, new in pairs if old["visible"] and new["visible"]]
    alike = [(old, new) for old, new in shown if _codes(old) == _codes(new)]
    moves = sorted(_moves(alike, language), key=lambda move: (-abs(move.points), move.table))

    def named(tables: Iterator[Table]) -> tuple[Named, ...]:
        return tuple(Named(table["id"], title(table, language)) for table in tables)

    return Changes(
        n_before=before["n"],
        n_after=after["n"],
        tier_before=before["tier"],
        tier_after=after["tier"],
        planned=named(table for key, table in now.items() if key not in former),
        dropped=named(table for key, table in former.items() if key not in now),
        appeared=named(new for old, new in pairs if new["visible"] and not old["visible"]),
        vanished=named(new for old, new in pairs if old["visible"] and not new["visible"]),
        regrouped=named(new for old, new in shown if _codes(old) != _codes(new)),
        more_hidden=named(new for old, new in alike if _hidden(old) != _hidden(new)),
        same=sum(_counts(old) == _counts(new) for old, new in alike),
        moves=tuple(moves[:MOST_MOVES]),
        moved=len(moves),
    )


def title(table: Table, language: str) -> str:
    """In the language if the table's document speaks it, else in the first that it does."""
    titles = (variable["title"] for variable in table["variables"])
    return " × ".join(texts.get(language) or next(iter(texts.values())) for texts in titles)


def _by_variables(document: Document) -> dict[tuple[str, ...], Table]:
    return {tuple(variable["name"] for variable in table["variables"]): table for table in document["tables"]}


def _codes(table: Table) -> list[list[object]]:
    return [[category["codes"] for category in side] for side in table["categories"]]


def _counts(table: Table) -> list[int | None]:
    return [cell["count"] for cell in table["cells"]]


def _hidden(table: Table) -> list[bool]:
    return [count is None for count in _counts(table)]


def _moves(alike: list[tuple[Table, Table]], language: str) -> Iterator[Move]:
    for old, new in alike:
        for label, one, other in zip(_labels(new, language), old["cells"], new["cells"], strict=True):
            if None not in (one["percent"], other["percent"]) and one["percent"] != other["percent"]:
                yield Move(new["id"], title(new, language), label, one["percent"], other["percent"])


def _labels(table: Table, language: str) -> list[str]:
    """Of every cell, row by row: its category, or both of them."""
    labels = [""]
    for side in table["categories"]:
        names = [category["label"][language] for category in side]
        labels = [f"{left} × {name}" if left else name for left in labels for name in names]
    return labels
