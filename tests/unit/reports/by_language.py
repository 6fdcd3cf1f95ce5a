"""Answers to three scales of the packaged questionnaire by people of as many languages as are wanted."""

from dataclasses import replace
from functools import cache

from tests.unit.reports.attack.releases import BOOK, PLAN, people, safe

LANG = BOOK["lang"]
SCALES = ("INS", "ATT_S", "ATT")
SMALL = replace(
    PLAN,
    tables=tuple(
        spec for spec in PLAN.tables if spec.section == "T2" or spec.variables[0].startswith(("ins_", "att_"))
    ),
    scales=tuple(spec for spec in PLAN.scales if spec.scale in SCALES and spec.by in (None, "lang")),
    moments=tuple(spec for spec in PLAN.moments if spec.scale in SCALES),
    functioning=tuple(spec for spec in PLAN.functioning if spec.scale in SCALES),
    measures=(),
    regressions=(),
    summary=(),
)
"""Of the plan: three scales, two of which share rows, and the tables that belong to them."""


def answered(codes, name="INS"):
    rows = codes[:, [BOOK[row].position for row, _ in BOOK.scales[name].rows]]
    return ((rows > 0) & (rows < 255)).all(axis=1)


@cache
def complete():
    """People who answered all of INS, whatever they say of themselves elsewhere."""
    return people(1, 1000)[answered(people(1, 1000))]


def spoken(codes, **languages):
    """So many people of each language, in this order."""
    found = codes[: sum(languages.values())].copy()
    names = [name.replace("_", "-") for name, n in languages.items() for _ in range(n)]
    found[:, LANG.position] = [LANG.byte(name) for name in names]
    return found


def offered(codes):
    """The plan of a questionnaire in these languages only."""
    others = {name for name in LANG.codes if LANG.byte(name) not in codes[:, LANG.position]}
    return replace(SMALL, structural_zeros={"lang": frozenset(others)})


def protected(codes, **keys):
    return safe(codes, plan=offered(codes), **keys)
