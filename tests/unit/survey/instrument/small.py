"""A small instrument that has one question of each kind."""

from collections.abc import Iterable
from typing import Any

from survey.instrument.logic import parse
from survey.instrument.schema import Derived, Instrument, Item, Note, Option, Page, Pipe, Row, Scale, Text
from survey.instrument.validate import Facts

FACTS = Facts(language="en", events={6: "past"}, unproven=False, fast="no")


def text(key: str, **wordings: str) -> Text:
    worded = tuple((name, Text(f"{key}.{name}", source)) for name, source in wordings.items())
    return Text(key, key, worded)


def options(*codes: int, sens: Iterable[int] = (), exclusive: Iterable[int] = ()) -> tuple[Option, ...]:
    return tuple(Option(code, text(f"o{code}"), sens=code in sens, exclusive=code in exclusive) for code in codes)


def picked(item: str, *codes: int) -> tuple[Option, ...]:
    """Options that are offered only where they were ticked in `item`."""
    return tuple(Option(code, text(f"p{code}"), relevant=parse(f"selected(${{{item}}}, {code})")) for code in codes)


def single(name: str, *codes: int, **more: Any) -> Item:
    return Item(name, "S", text(name), **({"options": options(*codes)} | more))


BEGIN = Page(
    "begin",
    text("begin"),
    (
        single("con_age", 1, 0, required=True, ends=((0, "END_MINOR"),)),
        single("con_sens", 1, 0, required=True),
    ),
)
ROWS = (Row("att_a", text("a")), Row("att_b", text("b")))
ANNOUNCED = parse("${event_6} = 'announced'")
ROLES = (
    Option(1, text("o1"), below=Note("help", text("help"), relevant=ANNOUNCED)),
    *options(2, 10, 0, sens=[10], exclusive=[0]),
)
MIDDLE = Page(
    "middle",
    text("middle"),
    (
        single("elig", 1, 2, 0),
        Note("announced", text("announced"), relevant=ANNOUNCED),
        Item("role", "M", text("role", changed="what it is"), options=ROLES),
        single("best", options=picked("role", 1, 2, 10), only_candidate=True, sens=True),
        Item("line", "N", text("line"), options=options(*range(11)), relevant=parse("${elig} = 1")),
        Item(
            "att", "X", text("att"), options=options(1, 2, 3), rows=(Row("att_a", text("a")), Row("att_b", text("b")))
        ),
    ),
)
HIDDEN = Page(
    "hidden",
    text("hidden"),
    (Item("cop", "M", text("cop"), options=options(1, 2), relevant=parse("${elig} != 0")), single("imp", 1, 2)),
    sens=True,
    relevant=parse("${elig} != ''"),
)
WORDS = Page(
    "words",
    text("words"),
    (
        Item("tst", "T", text("tst"), max_length=10),
        single("tst_use", 0, 1, 2, 3, relevant=parse("${tst} != ''"), blank_as=0),
        single(
            "tst_tag",
            relevant=parse("${tst_use} >= 2"),
            blank_as=1,
            options=(*options(1, 2), Option(3, text("o3"), relevant=parse("${group} != ''"))),
        ),
    ),
)
GROUP = Derived(
    "group",
    text("group"),
    options(1, 2),
    (
        (-6, parse("${con_sens} = 0")),
        (-8, parse("selected(${role}, -8)")),
        (1, parse("selected(${role}, 1)")),
        (2, parse("${role} != ''")),
    ),
)
SMALL = Instrument(
    name="small",
    version="1",
    title=text("title"),
    pages=(BEGIN, MIDDLE, HIDDEN, WORDS),
    ends={"END_MINOR": text("END_MINOR")},
    texts={},
    pipes=(Pipe("model", "elig", text("neutral"), text("Neutral")),),
    wordings={"changed": parse("${affected} and ${elig} = 2")},
    values={"affected": parse("${elig} = 1 or ${elig} = 2")},
    scales=(Scale("ATT", text("ATT"), ("att_a", "att_b"), 2, 1, 3, "att_band", (150, 250)),),
    derived=(
        GROUP,
        Derived("att_band", text("band"), options(1, 2, 3), rule="band", scale="ATT"),
        Derived("lang", text("lang"), (), rule="language"),
        Derived("unproven", text("unproven"), options(0, 1), rule="unproven"),
        Derived("fast", text("fast"), (), rule="fast"),
        Derived("straight", text("straight"), options(0, 1), rule="straight"),
        Derived("flagged", text("flagged"), options(0, 1), rule="flagged"),
    ),
    ladders={},
    forms={"short": ("con_age", "con_sens", "elig", "role", "att_b")},
)
