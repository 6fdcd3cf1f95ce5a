"""The questionnaire `mris`: which wording stands when, and who is asked what."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

import survey.instruments
from survey.instrument.load import load_events, load_instrument
from survey.instrument.logic import Answer, evaluate

FOLDER = Path(survey.instruments.__path__[0]) / "mris"
MRIS = load_instrument(FOLDER)
TEXTS = {text.key: text for text in MRIS.all_texts()}

# wordings


def worded(key: str, answers: Mapping[str, Answer]) -> str:
    text = TEXTS[key]
    fits = (one for name, one in text.wordings if evaluate(MRIS.wordings[name], answers, MRIS.values))
    return next(fits, text).source


@pytest.mark.parametrize(
    ("elig", "source"),
    [
        (1, "Please think of the time when you could use {model} as you wished."),
        (2, "Please think of the time before the change."),
        (3, "Please think of how it is while you can use {model} as you wish."),
        (0, "Please think of how it is while you can use {model} as you wish."),
        (-8, "Please think of how it is while you can use {model} as you wish."),
        (-5, "Please think of how it is while you can use {model} as you wish."),
    ],
)
def test_elig_decides_the_wording_and_no_answer_is_worded_like_0(elig: int, source: str) -> None:
    assert worded("p3_intro", {"elig": elig}) == source


@pytest.mark.parametrize(
    ("answers", "upcoming"),
    [
        ({"elig": 1, "evt_main": 4}, False),
        ({"elig": 3, "evt_main": 4}, False),
        ({"elig": 1, "evt_main": 6, "event_6": "announced"}, True),
        ({"elig": 3, "evt_main": 6, "event_6": "past"}, False),
        ({"elig": 3, "evt_main": 7, "mdl": 8}, True),
        ({"elig": 2, "evt_main": 7, "mdl": 8}, False),
        ({"elig": 3, "evt_main": 9, "mdl": 1}, True),
        ({"elig": 1, "evt_main": 9, "mdl": 1}, False),
        ({"elig": 3, "evt_main": 8, "mdl": 8}, False),
        ({"elig": 3}, True),
        ({"elig": 3, "evt_main": -8}, True),
        ({"elig": 2, "evt_main": -7}, False),
    ],
)
def test_an_event_to_come_decides_before_elig_does(answers: dict[str, Answer], upcoming: bool) -> None:
    expected = "How long before this takes effect did you first know?"
    assert (worded("notice", answers) == expected) is upcoming
    assert (worded("bye.7", answers) == "I do not want to") is upcoming


@pytest.mark.parametrize(
    ("answers", "label"),
    [
        ({"mdl": 1, "elig": 3}, "the removal of another model that I used"),
        ({"mdl": 8, "elig": 1}, "the removal of {model}"),
        ({"mdl": 8, "elig": 2}, "the replacement of {model} by another model"),
        ({"elig": 3}, "the announced end of {model}"),
    ],
)
def test_event_7_is_worded_by_model_and_elig(answers: dict[str, Answer], label: str) -> None:
    assert worded("evt.7", answers) == label
    assert worded("evt.7.initial", answers) == f"The{label[3:]}"


# rules


@pytest.mark.parametrize(
    ("answers", "has_event"),
    [
        ({"mdl": 1, "evt": frozenset({2})}, False),
        ({"mdl": 1, "evt": frozenset({7})}, False),
        ({"mdl": 1, "evt": frozenset({2, 7, 8})}, True),
        ({"mdl": 8, "evt": frozenset({7})}, True),
        ({"mdl": -8, "evt": frozenset({7})}, True),
        ({"mdl": 1, "evt": frozenset({0})}, False),
        ({"mdl": 1, "evt": -8}, False),
    ],
)
def test_what_can_be_a_reference_event(answers: dict[str, Answer], has_event: bool) -> None:
    assert evaluate(MRIS.values["has_event"], answers, MRIS.values) is has_event
    relevant = [option.relevant for option in MRIS.item("evt_main").options]
    assert any(node and evaluate(node, answers, MRIS.values) for node in relevant) is has_event


def holds(item: str, **answers: Answer) -> bool:
    node = MRIS.item(item).relevant
    assert node
    return bool(evaluate(node, answers, MRIS.values))


@pytest.mark.parametrize(
    ("mig", "elig", "asked"),
    [
        *((mig, 1, True) for mig in (1, 2, 3, 4)),
        (5, 1, False),
        (5, 2, True),
        (5, 3, False),
        (6, 2, False),
        (-8, 2, False),
    ],
)
def test_sameness_is_asked_of_those_who_talk_to_another_ai(mig: int, elig: int, asked: bool) -> None:
    assert holds("mig_same", mig=mig, elig=elig) is asked


@pytest.mark.parametrize("item", ["gri", "imp", "rec", "cop"])
def test_loss_is_asked_after_the_event_only(item: str) -> None:
    assert [elig for elig in (1, 2, 3, 0, -5, -8) if holds(item, elig=elig)] == [1, 2]


def test_other_branches() -> None:
    assert [elig for elig in (1, 2, 3, 0, -8) if holds("ant", elig=elig)] == [3]
    assert [learn for learn in (1, 7, 8, -5) if holds("tst_2", elig=1, learn=learn)] == [1, 8, -5]
    assert not holds("tst_2", elig=0, learn=-7)
    assert holds("tst_use", tst="", tst_2="words")
    assert not holds("tst_use", tst="", tst_2="")
    assert [use for use in (0, 1, 2, 3) if holds("tst_tag", tst_use=use)] == [2, 3]
    assert (MRIS.item("tst_use").blank_as, MRIS.item("tst_tag").blank_as) == (0, 1)
    for page in MRIS.pages:
        assert (page.relevant == MRIS.pages[4].relevant) is (page.name in ("P4", "P5"))


def test_events_are_offered_as_the_catalogue_says() -> None:
    models = {event.code: event.models for event in load_events(FOLDER)}
    offered = {option.code: option.relevant for option in MRIS.item("evt").options if option.code}
    assert models.keys() == offered.keys()
    for code, allowed in models.items():
        node = offered[code]
        for mdl in (*(option.code for option in MRIS.item("mdl").options), -5, -8):
            expected = not allowed or mdl in allowed
            assert (node is None or bool(evaluate(node, {"mdl": mdl}))) is expected, (code, mdl)


def test_the_wave_fixes_the_state_of_event_6() -> None:
    by_date = [event for event in load_events(FOLDER) if event.by_date]
    assert [event.code for event in by_date] == [6]
    assert [by_date[0].state_on(date(2027, 1, day)) for day in (13, 14)] == ["announced", "past"]
