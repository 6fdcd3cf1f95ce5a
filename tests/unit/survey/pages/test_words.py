"""Texts become markup that cannot be broken out of, and answers are told in the words they were asked in."""

import pytest

from survey.instrument.schema import Text
from survey.instrument.texts import Catalogue
from survey.instrument.validate import Facts, relevance
from survey.pages.answers import Summary, Teller
from survey.pages.build import Setting, build_form
from survey.pages.conditions import Conditions
from survey.pages.style import Sheet, quoted, squeezed
from survey.pages.view import Passage, filled
from survey.pages.words import Typesetter, fill, split_at
from survey.queries import catalogue, load
from tests.unit.survey.pages.test_conditions import random_fields

EN = Catalogue("en", (), {}, {})


def typesetter(**fills: str) -> Typesetter:
    mris = load("mris")
    return Typesetter(mris, EN, Conditions(mris, {"event_6": "past"}), Sheet(), fills)


def test_a_text_is_escaped_and_so_is_what_the_operator_wrote() -> None:
    set_text = typesetter(country="<b>Nowhere</b>").html(Text("t", "a < b in {country}"))
    assert set_text == "a &lt; b in <bdi>&lt;b&gt;Nowhere&lt;/b&gt;</bdi>"


def test_a_place_nobody_filled_is_visible() -> None:
    assert typesetter().html(Text("t", "until {kept_until}")) == "until <bdi>[kept until]</bdi>"


def test_a_pipe_stands_in_its_neutral_form() -> None:
    assert typesetter().html(Text("t", "{Model} went")) == '<span class="p-Model"><span>That model</span></span> went'


def test_other_wordings_are_in_the_document_but_hidden() -> None:
    text = Text("t", "it was", (("current", Text("t@current", "it is")),))
    html = typesetter().html(text)
    assert '<span data-w="" class="c0">it was</span>' in html
    assert "hidden>it is</span>" in html


@pytest.mark.parametrize(
    ("text", "css"),
    [('a "b"', r'"a \22 b\22 "'), ("</style>", r'"\3c /style>"'), ("a\nb", r'"a\a b"'), ("\\", r'"\5c "')],
)
def test_a_label_in_the_style_sheet_cannot_leave_its_string(text: str, css: str) -> None:
    assert quoted(text) == css


@pytest.mark.parametrize(
    ("raw", "parts"),
    [
        ("Your code: {code}. Keep it.", ("Your code:", "Keep it.")),
        ("回执码：{code}。请记下。", ("回执码：", "请记下。")),
        ("No place", ("No place", "")),
    ],
)
def test_a_text_is_split_where_the_page_puts_more_than_words(raw: str, parts: tuple[str, str]) -> None:
    assert split_at(raw, "code") == parts


def test_filling_leaves_unknown_places_alone() -> None:
    assert fill("{a} {b}", {"a": "x"}) == "x {b}"


def test_the_style_sheet_is_squeezed_without_changing_selectors() -> None:
    assert squeezed("/* x */\na :focus, b > c {\n  margin: 0 auto;\n}\n") == "a :focus,b>c{margin:0 auto}"


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("form", ["", "short", "follow_up"])
def test_every_field_of_a_form_can_be_filled_in_again(language: str, form: str) -> None:
    mris = load("mris")
    view = build_form(Setting(mris, catalogue("mris", language), {"event_6": "announced", "lang": language}, {}, form))
    names = {choice.name for question in view.questions for row in (question, *question.rows) for choice in row.choices}
    assert names <= view.field_names
    fields = {name: values for name, values in random_fields(mris, 7).items() if name in view.field_names}
    again = filled(view, fields)
    ticked = {
        (choice.name, choice.value)
        for question in again.questions
        for row in (question, *question.rows)
        for choice in row.choices
        if choice.checked
    }
    written = {(question.name, question.text) for question in again.questions if question.text}
    assert ticked | written == {(name, value) for name, values in fields.items() for value in values if value}


def test_every_question_but_consent_can_be_declined() -> None:
    view = build_form(Setting(load("mris"), EN, {"event_6": "past"}, {}))
    for question in view.questions:
        for row in question.rows or (question,):
            declines = [choice for choice in row.choices if choice.is_refusal]
            assert len(declines) == (0 if question.required or question.kind == "T" else 1), question.name


def test_the_support_box_stands_above_and_below_the_page_on_feelings() -> None:
    view = build_form(Setting(load("mris"), EN, {"event_6": "past"}, {}))
    page = next(section for section in view.sections if section.name == "P6")
    assert [place for place, one in enumerate(page.elements) if isinstance(one, Passage) and one.role == "support"] == [
        1,
        len(page.elements) - 1,
    ]


def told(**fields: str | list[str]) -> Summary:
    sent = {"con_age": "1", "con_read": "1", "con_store": "1", "con_sens": "1", **fields}
    listed = {name: [value] if isinstance(value, str) else value for name, value in sent.items()}
    mris = load("mris")
    shown = relevance(mris, listed, Facts(language="en", events={6: "announced"}))
    return Teller(mris, EN, shown, {"country": "Nowhere"}, ["tst"]).summary()


def said(summary: Summary) -> dict[str, tuple[str, ...]]:
    answers = [answer for section in summary.sections for answer in section.answers]
    return {one.question: one.values for answer in answers for one in (answer, *answer.rows) if one.values}


def test_answers_are_told_in_the_wording_and_with_the_names_of_the_form() -> None:
    words = said(told(mdl="8", elig="3", att_s1="4", role=["7", "90"], clo_ai="0", age="-8"))
    assert words["What is Replika in your life? Choose all that fit."] == ("friend", "other")
    assert words["When a day goes badly, Replika is among the first I turn to."] == ("agree",)
    assert words["to Replika"] == ("0 · not close at all",)
    assert words["Which age group are you in?"] == ("prefer not to say",)


def test_what_is_hidden_is_not_told() -> None:
    words = said(told(con_sens="0", mdl="1", elig="0", wel_2="4", act=["1"]))
    assert "I was tense." not in words
    assert not any("done about it" in question for question in words)


def test_a_text_that_will_not_be_kept_says_so_and_blanks_are_counted() -> None:
    summary = told(elig="1", tst="kept", tst_2="not kept")
    texts = {answer.values: answer.is_dropped for section in summary.sections for answer in section.answers}
    assert (texts[("kept",)], texts[("not kept",)]) == (False, True)
    assert summary.left_blank > 50
