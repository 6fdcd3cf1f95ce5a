"""Reports as small as a test needs them, about the small instrument."""


def one(name, *counts, groups=None, no_answer=None, not_asked=None, visible=True):
    """A one-way table. `groups`: the codes of each category, as a list of lists; None among `counts`: hidden."""
    return _table(
        [name], [groups or [[code] for code in range(1, len(counts) + 1)]], counts, no_answer, not_asked, visible
    )


def two(names, groups, counts, no_answer=None, not_asked=None, visible=True):
    return _table(names, groups, counts, no_answer, not_asked, visible)


def _table(names, groups, counts, no_answer, not_asked, visible):
    return {
        "id": "_by_".join(names),
        "variables": [{"name": name} for name in names],
        "visible": visible,
        "categories": [[{"codes": codes} for codes in side] for side in groups],
        "cells": [{"count": count} for count in counts],
        "no_answer": no_answer,
        "not_asked": not_asked,
    }


def report(*tables, n=1000, zeros=None):
    return {
        "format": "sunset-report/1",
        "report": "small-1",
        "rehearsal": False,
        "n": n,
        "instrument": {"name": "small", "version": "1"},
        "plan": {"structural_zeros": zeros or {}},
        "tables": list(tables),
    }
