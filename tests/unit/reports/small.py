"""A small instrument that has one of everything that tables are made of, and codes for it."""

from collections.abc import Mapping, Sequence

import numpy as np

from survey.instrument.codebook import build_codebook
from survey.instrument.schema import Derived, Group, Instrument, Item, Ladder, Level, Option, Page, Row, Text


def text(key, source=None):
    return Text(key, source or key.replace("_", " "))


def options(item, *labels, first=1):
    return tuple(Option(code, text(f"{item}.{code}", label)) for code, label in enumerate(labels, first))


def level(groups, out=(), names=(), note=None):
    """`groups` like "1 2|3": codes joined by spaces, groups by bars."""
    parts = [tuple(_code(code) for code in part.split()) for part in groups.split("|")]
    labels = [((("", text(f"group.{name}", name)),) if name else ()) for name in (*names, *[""] * len(parts))]
    made = tuple(Group(codes, label) for codes, label in zip(parts, labels, strict=False))
    return Level(made, tuple(out), text("note", note) if note else None)


def _code(code):
    return int(code) if code.isdecimal() else code


AGREE = ("strongly disagree", "disagree", "neither", "agree", "strongly agree")
LADDERS = {
    "age": Ladder("age", (level("1|2|3|4 5"), level("1 2|3|4 5"), level("1 2|3 4 5"))),
    "gen": Ladder("gen", (level("1|2", out=(3,), note="other descriptions are too few to be shown apart"),)),
    "agree5": Ladder(
        "agree5", (level("1 2|3|4 5", names=("disagree", "neither", "agree")), level("1 2 3|4 5")), (1, 2, 3, 4, 5)
    ),
    "lang": Ladder("lang", (level("en|zh-Hans ja"),)),
}
ITEMS = (
    Item("con_sens", "S", text("con_sens"), options=options("con_sens", "no", "yes", first=0), ladder="binary"),
    Item("age", "S", text("age"), options=options("age", "18-24", "25-34", "35-44", "45-54", "55+"), ladder="age"),
    Item("gen", "S", text("gen"), options=options("gen", "woman", "man", "another description"), ladder="gen"),
    Item(
        "role",
        "M",
        text("role", "What was {model}?"),
        options=options("role", "=tool", "friend", "other"),
        ladder="tick",
    ),
    Item(
        "att",
        "X",
        text("att"),
        options=options("att", *AGREE),
        ladder="agree5",
        rows=(Row("att_1", text("att_1")), Row("att_2_r", text("att_2_r"), reverse=True)),
    ),
    Item("note_of", "S", text("note_of"), options=options("note_of", "a", "b")),
)
LANGUAGES = tuple(Option(code, text(f"lang.{code}", code)) for code in ("en", "zh-Hans", "ja"))
LANG = Derived("lang", text("lang"), LANGUAGES, ladder="lang", rule="language")
INSTRUMENT = Instrument(
    name="small",
    version="1",
    title=text("title", "A small instrument"),
    pages=(Page("P1", text("P1"), ITEMS),),
    ends={},
    texts={"ticked": text("ticked"), "not_ticked": text("not_ticked", "not ticked")},
    pipes=(),
    wordings={},
    values={},
    scales=(),
    derived=(LANG,),
    ladders=LADDERS,
)
BOOK = build_codebook(INSTRUMENT)

ALWAYS = {
    "con_sens": 1,
    "age": 1,
    "gen": 1,
    "role_01": 1,
    "role_02": 0,
    "role_03": 0,
    "att_1": 4,
    "att_2_r": 2,
    "note_of": 1,
    "lang": "en",
}


def responses(n: int, counts: Mapping[str, Mapping[object, int]]) -> np.ndarray:
    """Codes of `n` people. `counts` says how many chose each code of a variable; the others chose as in ALWAYS."""
    codes = np.zeros((n, BOOK.width), np.uint8)
    for variable in BOOK.coded:
        column: list[int] = []
        for code, times in counts.get(variable.name, {}).items():
            column += [variable.byte(code)] * times
        column += [variable.byte(ALWAYS[variable.name])] * (n - len(column))
        codes[:, variable.position] = column
    return codes


PLAN = """\
plan: small
version: "1"
instrument: small
title: {en: A small plan}
planned: 2026-11-23
open_link: false
sections:
  T1:
    title: {en: Who answered, zh-Hans: 谁}
    tables: [age, gen, lang, con_sens]
  T2:
    title: {en: What they said}
    tables: role att
"""


def lines(*changes: tuple[str, str]) -> str:
    """The small plan with replacements."""
    source = PLAN
    for old, new in changes:
        assert old in source
        source = source.replace(old, new)
    return source


def names(tables: Sequence[object]) -> list[str]:
    return [table.id for table in tables]
