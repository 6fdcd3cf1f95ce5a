"""What reviewers are told about protection: each table's fate, and the shares of flagged answers."""

from dataclasses import dataclass
from typing import Any

from survey.queries import load

type Document = dict[str, Any]

FLAG_RULES = frozenset({"unproven", "straight", "fast", "flagged"})
"""Rules of derived variables that mark answers of doubtful quality."""

FLAGGED = 1
NEAREST = 5
"""Shares of flagged answers are shown to the nearest 5 per cent."""


@dataclass(frozen=True, slots=True)
class LogEntry:
    table: str
    title: str
    state: str
    """as asked, joined, cells hidden or withheld"""
    detail: str


def protection_log(document: Document, language: str) -> list[LogEntry]:
    """One entry per planned table: withheld ones first, then those whose categories were joined."""
    entries = [_entry(table, document, language) for table in document["tables"]]
    return sorted(entries, key=lambda entry: ("withheld", "cells hidden", "joined", "as asked").index(entry.state))


def _entry(table: Document, document: Document, language: str) -> LogEntry:
    title = " × ".join(variable["title"][language] for variable in table["variables"])
    if not table["visible"]:
        reasons = " ".join(document["reasons"][reason][language] for reason in table["reasons"])
        return LogEntry(table["id"], title, "withheld", reasons)
    steps = ", ".join(f"{level} of {most}" for level, most in zip(table["levels"], table["coarsest"], strict=True))
    hidden = sum(cell["count"] is None for cell in table["cells"])
    if hidden:
        return LogEntry(table["id"], title, "cells hidden", f"{hidden} of {len(table['cells'])}; levels {steps}")
    joined = any(table["levels"])
    return LogEntry(table["id"], title, "joined" if joined else "as asked", steps if joined else "")


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
        if FLAGGED in category["codes"] and cell["percent"] is not None:
            return f"{NEAREST * round(cell['percent'] / NEAREST)} %"
    return "not shown"
