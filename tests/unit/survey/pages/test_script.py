"""What the page script is told, and that nothing is lost on its way into the document."""

import json
import re
from typing import Any

import brotli
import pytest
from django.utils import translation

from survey.instrument.schema import Instrument
from survey.instrument.validate import Facts, validate
from survey.pages import script
from survey.pages.build import Setting, build_form
from survey.pages.conditions import Conditions
from survey.pages.languages import LANGUAGES, Language, language
from survey.queries import catalogue, load

MRIS = load("mris")
FACTS = {"event_6": "announced", "lang": "en"}
PLURAL = {"one": 1, "two": 2, "few": 3, "many": 11, "other": 100, "zero": 0}


def told(instrument: Instrument = MRIS, form: str = "") -> dict[str, Any]:
    conditions = Conditions(instrument, FACTS, form)
    known: dict[str, Any] = json.loads(script.knowledge(instrument, conditions, FACTS, language("en")))
    return known


def items(known: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {item["name"]: item for page in known["pages"] for item in page["items"]}


def test_the_script_and_what_it_is_told_weigh_little() -> None:
    view = build_form(Setting(MRIS, catalogue("mris", "en"), FACTS, {}))
    assert len(brotli.compress(script.source().encode(), quality=11)) < 15 * 1024
    assert len(brotli.compress(view.logic.encode(), quality=11)) < 3 * 1024


def test_only_comments_and_indentation_are_left_out() -> None:
    assert (
        script.squeezed("// about\n\nconst a = {\n  // inside\n  b: 'x // y',\n};\n")
        == "const a = {\nb: 'x // y',\n};\n"
    )


def test_no_text_of_the_script_runs_over_a_line_or_ends_its_element() -> None:
    for line in script.source().splitlines():
        assert line.count("`") % 2 == 0, line
        assert not line.startswith(("/*", "*"))
    assert "</script" not in script.source()
    assert "<!--" not in script.source()


@pytest.mark.parametrize("forbidden", ["eval(", "new Function", "innerHTML", "document.cookie", "navigator.", "http:"])
def test_the_script_does_not_even_name(forbidden: str) -> None:
    assert forbidden not in script.source()


def test_every_question_is_told_with_what_shows_it() -> None:
    known = items(told())
    assert list(known) == [item.name for item in MRIS.items]
    assert known["con_age"]["ends"] == {"0": "END_MINOR"}
    assert (known["con_age"]["required"], known["tst"]["max"], known["tst_use"]["blank"]) == (True, 2000, 0)
    assert known["rit"]["sens"]
    assert known["evt_main"]["candidate"]
    assert {"code": 0, "alone": True} in known["cop"]["options"]
    assert known["gri"]["if"] == ["ref", "happened"]


def test_only_computed_variables_that_decide_something_are_told() -> None:
    derived = [name for item in items(told()).values() for name in item.get("derived", {})]
    assert derived == ["role_group"]


def test_what_a_shorter_form_leaves_out_is_told_as_left_out() -> None:
    known = items(told(form="follow_up"))
    assert known["since"]["out"]
    assert known["att"]["rows"] == ["att_d1", "att_d2", "att_d3_r", "att_u1", "att_u2", "att_u3_r"]
    assert "att_s1" in known["att"]["absent"]


def test_a_text_cannot_end_the_element_it_stands_in() -> None:
    view = build_form(Setting(MRIS, catalogue("mris", "en"), {**FACTS, "event_6": "</script>"}, {}))
    assert "<" not in view.logic
    assert json.loads(view.logic)["facts"]["event_6"] == "</script>"


@pytest.mark.parametrize("spoken", LANGUAGES, ids=lambda spoken: spoken.tag)
def test_a_line_with_a_number_is_told_once_for_each_category_of_the_language(spoken: Language) -> None:
    categories = script.plurals(spoken, lambda number: f"{number}:%(number)s")
    expected = {"ar": {"zero", "one", "two", "few", "many", "other"}, "en": {"one", "other"}, "es": {"one", "other"}}
    assert set(categories) == expected.get(spoken.tag, {"other"})
    assert all(line.endswith(":{number}") for line in categories.values())


def test_arabic_gets_its_six_forms_from_six_numbers() -> None:
    assert {
        category: int(line.partition(":")[0])
        for category, line in script.plurals(language("ar"), lambda number: f"{number}:%(number)s").items()
    } == {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}


def test_lines_with_a_number_are_translated() -> None:
    with translation.override("en"):  # the language of the form counts, not that of the moment
        lines = script.texts(language("zh-Hans"), [2000])
    assert list(lines["left"]) == ["other"]
    assert "{number}" in lines["left"]["other"]
    assert "character" not in lines["left"]["other"]
    assert "2000" in lines["too_long"][2000]


def test_every_note_and_end_that_the_script_shows_is_in_the_document() -> None:
    view = build_form(Setting(MRIS, catalogue("mris", "en"), FACTS, {}))
    assert {end.name for end in view.ends} == {"END_MINOR", "END_NO"}
    named = {element.name for section in view.sections for element in section.elements if hasattr(element, "lines")}
    below = {choice.below.name for question in view.questions for choice in question.choices if choice.below}
    assert set(json.loads(view.logic)["notes"]) == (named | below) - {""}


def test_pipes_have_their_own_label_only_where_the_list_has_another() -> None:
    view = build_form(Setting(MRIS, catalogue("mris", "en"), FACTS, {}))
    labels = {
        choice.id: (choice.piped, choice.piped_initial) for question in view.questions for choice in question.choices
    }
    assert labels["mdl-1"] == ("", "")
    assert labels["mdl-4"] == ("that model", "That model")
    assert labels["mdl-9"] == ("that companion", "That companion")
    assert labels["role-1"] == ("", "")


def test_every_code_the_server_takes_is_told() -> None:
    known = items(told())
    for item in MRIS.items:
        codes = [
            option if isinstance(option, int) else option["code"] for option in known[item.name].get("options", [])
        ]
        assert codes == [option.code for option in item.options]


def test_facts_are_those_of_the_wave() -> None:
    assert told()["facts"] == FACTS
    assert validate(MRIS, {}, Facts(language="en", events={6: "announced"})).errors
    assert re.fullmatch(r"sha256-[A-Za-z0-9+/]{43}=", script.source_hash())
