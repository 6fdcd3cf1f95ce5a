"""What reviewers are told about protection: each table's fate, and the shares of flagged answers."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from survey.queries import load

type Document = dict[str, Any]

FLAG_RULES = frozenset({"unproven", "straight", "fast", "flagged"})
"""Rules of derived variables that mark answers of doubtful quality."""

FLAGGED = frozenset({1, "yes"})
NEAREST = 5
"""Shares of flagged answers are shown to the nearest 5 per cent."""


STATES = ("withheld", "cells hidden", "joined", "as asked")
"""What can become of a table, from the most hidden to the least."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    table: str
    title: str
    state: str
    """One of STATES."""
    detail: str


@dataclass(frozen=True, slots=True)
class Protection:
    """What is hidden, why, and what could at best be told of it."""

    planned: int
    groups: dict[str, list[LogEntry]]
    """By state; only those that there are."""
    hidden_cells: int
    programs: int
    narrowest: float | None
    """Width of the narrowest interval that somebody who knows every sum could give for a hidden number."""

    def count(self, state: str) -> int:
        return len(self.groups.get(state, ()))

    @property
    def withheld(self) -> int:
        return self.count("withheld")

    @property
    def with_hidden_cells(self) -> int:
        return self.count("cells hidden")

    @property
    def joined(self) -> int:
        return self.count("joined")

    @property
    def as_asked(self) -> int:
        return self.count("as asked")


def protection(document: Document, language: str) -> Protection:
    entries = [_entry(table, document, language) for table in document["tables"]]
    grouped = {state: [entry for entry in entries if entry.state == state] for state in STATES}
    audit = document.get("audit") or {}  # A release of an earlier version has none.
    return Protection(
        planned=len(entries),
        groups={state: listed for state, listed in grouped.items() if listed},
        hidden_cells=audit.get("hidden_cells", 0),
        programs=audit.get("linear_programs", 0),
        narrowest=audit.get("narrowest_interval"),
    )


def withheld_by_reason(document: Document, language: str) -> list[tuple[str, int]]:
    """Why tables are withheld, in words, and how many for each reason; the most frequent first."""
    hidden = [table for table in document["tables"] if not table["visible"]]
    counted = Counter(reason for table in hidden for reason in table["reasons"])
    return [(document["reasons"][reason][language], count) for reason, count in counted.most_common()]


def _entry(table: Document, document: Document, language: str) -> LogEntry:
    title = " × ".join(variable["title"][language] for variable in table["variables"])
    if not table["visible"]:
        reasons = " ".join(document["reasons"][reason][language] for reason in table["reasons"])
        return LogEntry(table["id"], title, "withheld", reasons)
    hidden = sum(cell["count"] is None for cell in table["cells"])
    if hidden:
        shown_as = _shown_as(table, language)
        detail = f"{hidden} / {len(table['cells'])}" + (f"; {shown_as}" if shown_as else "")
        return LogEntry(table["id"], title, "cells hidden", detail)
    return LogEntry(table["id"], title, "joined" if any(table["levels"]) else "as asked", _shown_as(table, language))


def _shown_as(table: Document, language: str) -> str:
    """The categories that joined ones are shown as."""
    sides = zip(table["levels"], table["categories"], strict=True)
    joined = (" | ".join(category["label"][language] for category in side) for level, side in sides if level)
    return "; ".join(joined)


def flagged_shares(document: Document, language: str) -> list[tuple[str, str]]:
    """(flag, share) for the quality flags among the tables; a withheld one says so."""
    rules = {derived.name: derived.rule for derived in load(document["instrument"]["name"]).derived}
    tables = [table for table in document["tables"] if len(table["variables"]) == 1]
    return [
        (table["variables"][0]["title"][language], _share(table))
        for table in tables
        if rules.get(table["variables"][0]["name"]) in FLAG_RULES
    ]


def _share(table: Document) -> str:
    for category, cell in zip(table["categories"][0], table["cells"], strict=True):
        if FLAGGED.intersection(category["codes"]) and cell["percent"] is not None:
            return f"{NEAREST * round(cell['percent'] / NEAREST)} %"
    return "not shown"
