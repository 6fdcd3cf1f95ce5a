"""What the style sheet shows is what the server asks for: checked on random answers to the real questionnaire."""

import random
from collections.abc import Mapping, Sequence

import pytest

from survey.instrument.logic import parse
from survey.instrument.schema import Instrument, Item, Note, Option, Text
from survey.instrument.validate import Facts, relevance
from survey.pages.conditions import Conditions, Untranslatable, box_id
from survey.pages.formulas import Formula, Ticked, all_of, any_of, at_least_two, holds, negated
from survey.pages.style import selector
from survey.queries import load

EVENTS = ("announced", "past")


def random_fields(instrument: Instrument, seed: int) -> dict[str, list[str]]:
    """A form filled in at will, also where nothing was asked: a page keeps stale ticks until it is sent."""
    chance = random.Random(seed)
    fields: dict[str, list[str]] = {}
    for item in instrument.items:
        for name in [row.name for row in item.rows] or [item.name]:
            if chance.random() < 0.75:
                fields[name] = answer(item, chance)
    fields.update({name: ["1"] for name in ("con_age", "con_read", "con_store")})
    if chance.random() < 0.8:
        fields["con_sens"] = ["1"]
    fields.setdefault("con_sens", ["0"])
    return fields


def answer(item: Item, chance: random.Random) -> list[str]:
    if item.kind == "T":
        return [chance.choice(["", "words"])]
    codes = [str(option.code) for option in item.options]
    if chance.random() < 0.1 and not item.required:
        return ["-8"]
    if item.kind != "M":
        return [chance.choice(codes)]
    inclusive = [str(option.code) for option in item.options if not option.exclusive]
    return chance.sample(inclusive, chance.randint(0, min(4, len(inclusive))))


def boxes(fields: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """The ids that are ticked, or filled, in a page that sends these fields."""
    pairs = [(name, value) for name, values in fields.items() for value in values]
    ticked = {box_id(name, int(value)) for name, value in pairs if value.lstrip("-").isdigit()}
    return frozenset(ticked | {name for name, value in pairs if value == "words"})


@pytest.fixture(scope="module")
def mris() -> Instrument:
    return load("mris")


@pytest.mark.parametrize("state", EVENTS)
@pytest.mark.parametrize("form", ["", "short", "follow_up"])
def test_every_question_and_option_is_shown_exactly_when_the_server_asks_it(
    mris: Instrument, form: str, state: str
) -> None:
    conditions = Conditions(mris, {"event_6": state, "lang": "en"}, form)
    hidden = 0
    for seed in range(150):
        fields = random_fields(mris, seed)
        shown = relevance(mris, fields, Facts(language="en", events={6: state}, form=form))
        ticked = boxes(fields)
        for item in mris.items:
            asked = holds(conditions.item(item.name), ticked)
            assert asked == shown.asks(item.name), (seed, item.name)
            hidden += not asked
            if asked:
                offered = {option.code for option in item.options if holds(conditions.option(item, option), ticked)}
                assert offered == shown.offered[item.name], (seed, item.name)
    assert hidden > 1000


@pytest.mark.parametrize("state", EVENTS)
def test_every_wording_and_note_and_page_follows_the_server_too(mris: Instrument, state: str) -> None:
    conditions = Conditions(mris, {"event_6": state, "lang": "en"})
    seen: set[str] = set()
    for seed in range(200):
        fields = random_fields(mris, seed)
        shown = relevance(mris, fields, Facts(language="en", events={6: state}))
        ticked = boxes(fields)
        wordings = {name for name in mris.wordings if holds(conditions.wording(name), ticked)}
        assert wordings == shown.wordings, seed
        assert {page.name for page in mris.pages if holds(conditions.page(page), ticked)} == shown.pages
        seen |= wordings
    assert seen == set(mris.wordings)


def test_the_chosen_label_of_a_pipe_is_the_one_the_server_would_print(mris: Instrument) -> None:
    conditions = Conditions(mris, {"event_6": "announced", "lang": "en"})
    for seed in range(150):
        fields = random_fields(mris, seed)
        shown = relevance(mris, fields, Facts(language="en", events={6: "announced"}))
        for pipe in mris.pipes:
            options = mris.item(pipe.item).options
            chosen = [option for option in options if holds(conditions.ticked(pipe.item, option.code), boxes(fields))]
            labels = [shown.text(option.piped or option.label) for option in chosen]
            assert labels in ([shown.pipes[pipe.name]], []), (seed, pipe.name)
            assert labels or shown.pipes[pipe.name] == shown.text(pipe.neutral)


A, B, C = Ticked("a"), Ticked("b"), Ticked("c")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        (all_of(True, A, A), A),
        (any_of(False, A), A),
        (all_of(A, False), False),
        (all_of(A, any_of(A, B)), A),
        (all_of(A, any_of(negated(A), B)), all_of(A, B)),
        (any_of(A, all_of(A, B)), A),
        (negated(negated(A)), A),
        (at_least_two([A]), False),
        (all_of(), True),
        (any_of(), False),
    ],
)
def test_formulas_are_kept_short(formula: Formula, expected: Formula) -> None:
    assert formula == expected


@pytest.mark.parametrize(
    ("formula", "css"),
    [
        (A, ":has(#a:checked)"),
        (Ticked("t", text=True), ":has(#t:not(:placeholder-shown))"),
        (any_of(A, B), ":has(#a:checked,#b:checked)"),
        (all_of(A, negated(B)), ":has(#a:checked):not(:has(#b:checked))"),
        (any_of(A, all_of(B, C)), ":is(:has(#a:checked),:has(#b:checked):has(#c:checked))"),
    ],
)
def test_a_formula_is_one_compound_selector(formula: Formula, css: str) -> None:
    assert selector(formula) == css


@pytest.mark.parametrize(
    "source", ["${x} + 1 = 2", "count-selected(${m}) >= 3", "selected(${m}, ${x})", "${nothing} = 1"]
)
def test_what_boxes_cannot_tell_is_refused(source: str) -> None:
    conditions = Conditions(tiny(), {})
    with pytest.raises(Untranslatable):
        conditions.where(parse(source))


def tiny() -> Instrument:
    options = tuple(Option(code, Text(f"o.{code}", str(code))) for code in (1, 2, 3))
    items = (Item("x", "S", Text("x", "x"), options=options), Item("m", "M", Text("m", "m"), options=options))
    return instrument_of(*items)


def instrument_of(*elements: Item | Note) -> Instrument:
    from survey.instrument.schema import Page

    return Instrument(
        name="tiny",
        version="1",
        title=Text("title", "Tiny"),
        pages=(Page("P1", Text("P1.title", "One"), elements),),
        ends={},
        texts={"prefer_not_to_say": Text("no", "no")},
        pipes=(),
        wordings={},
        values={},
        scales=(),
        derived=(),
        ladders={},
    )
