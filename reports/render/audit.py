"""`audit.json`: with which rules the tables were protected, and what was joined or withheld in each, and why."""

from collections import Counter
from typing import Any

FORMAT = "sunset-audit/1"


def audit(document: dict[str, Any]) -> dict[str, Any]:
    tables = document["tables"]
    reasons = Counter(reason for table in tables for reason in table["reasons"])
    return {
        "format": FORMAT,
        "report": document["report"],
        "rehearsal": document["rehearsal"],
        "stamp": document["stamp"],
        "waves": document["waves"],
        "n": document["n"],
        "tier": document["tier"],
        "parameters": document["parameters"],
        "plan": document["plan"]["sha256"],
        "instrument": document["instrument"]["sha256"],
        "hidden_cells": document["audit"],
        "tables": {"planned": len(tables), **Counter(map(_state, tables))},
        "reasons": {one: {"tables": count, "text": document["reasons"][one]} for one, count in reasons.items()},
        "log": [_entry(table) for table in tables],
    }


def _state(table: dict[str, Any]) -> str:
    if not table["visible"]:
        return "withheld"
    if _hidden(table):
        return "cells_hidden"
    return "joined" if any(table["levels"]) else "as_asked"


def _hidden(table: dict[str, Any]) -> int:
    """Cells that are hidden in a table that is shown."""
    return sum(cell["count"] is None for cell in table["cells"]) if table["visible"] else 0


def _entry(table: dict[str, Any]) -> dict[str, Any]:
    return {
        "table": table["id"],
        "state": _state(table),
        "levels": table["levels"],
        "coarsest": table["coarsest"],
        "reasons": table["reasons"],
        "hidden": _hidden(table),
    }
