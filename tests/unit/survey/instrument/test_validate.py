"""How answers are judged, shown on a small instrument that has one of each kind."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.instrument.validate import Facts, FieldError, Submission, fields_from, relevance, validate
from survey.instrument.validate.reading import clean
from tests.unit.survey.instrument.small import FACTS, SMALL

CONSENT: dict[str, Sequence[str]] = {"con_age": ["1"], "con_sens": ["1"]}
PERSIAN = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"  # with the joiner that its spelling needs


def judge(**fields: Any) -> Submission:
    return judge_with(FACTS, **fields)


def judge_with(facts: Facts, **fields: Any) -> Submission:
    outcome = validate(SMALL, CONSENT | as_fields(fields), facts)
    assert outcome.errors == ()
    assert outcome.submission is not None
    return outcome.submission


def errors(**fields: Any) -> set[tuple[str, str]]:
    outcome = validate(SMALL, CONSENT | as_fields(fields), FACTS)
    assert (outcome.submission is None) == bool(outcome.errors)
    return {(error.field, error.code) for error in outcome.errors}


def as_fields(sent: dict[str, Any]) -> dict[str, Sequence[str]]:
    return {name: value if isinstance(value, list) else [value] for name, value in sent.items()}


def roles(submission: Submission) -> list[object]:
    return [submission.answers[f"role_{code}"] for code in ("01", "02", "10", "00")]


def test_a_form_with_nothing_but_consent_is_blank_where_asked_and_hidden_elsewhere() -> None:
    answers = judge().answers
    assert answers["elig"] == -5
    assert answers["att_a"] == -5
    assert answers["line"] == answers["best"] == answers["cop_01"] == answers["imp"] == answers["tst_use"] == -7


def test_the_answers_stand_in_the_order_of_the_codebook() -> None:
    expected = (
        "con_age con_sens elig role_01 role_02 role_10 role_00 best line att_a att_b cop_01 cop_02 imp tst_use tst_tag "
        "group att_band lang unproven fast straight flagged"
    )
    assert " ".join(judge().answers) == expected
    assert " ".join(judge(elig="0", role=["2", "1"], att_b="3", tst="hello", tst_use="3").answers) == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (["1", "10"], [1, 0, 1, 0]),
        (["0"], [0, 0, 0, 1]),
        ([], [-5, -5, -5, -5]),
        ([""], [-5, -5, -5, -5]),
        (["-8"], [-8, -8, -8, -8]),
        (["2", "2", "2"], [0, 1, 0, 0]),
    ],
)
def test_each_option_of_a_multiple_choice_has_its_position(sent: list[str], expected: list[int]) -> None:
    assert roles(judge(role=sent)) == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (["1", "10"], [1, 0, -6, 0]),
        (["10"], [-5, -5, -6, -5]),
        (["10", "-8"], [-8, -8, -6, -8]),
        (["10", "0"], [0, 0, -6, 1]),
        ([], [-5, -5, -6, -5]),
    ],
)
def test_an_option_left_out_at_consent_stays_so_whatever_was_sent(sent: list[str], expected: list[int]) -> None:
    assert roles(judge(con_sens="0", role=sent)) == expected


@pytest.mark.parametrize("sent", [["0", "1"], ["-8", "1"], ["-8", "0"], ["1", "2", "-8"]])
def test_exclusive_options_stand_alone(sent: list[str]) -> None:
    assert errors(role=sent) == {("role", "not_a_choice_together")}


@pytest.mark.parametrize(
    "sent",
    [
        "7",
        "01",
        "+1",
        " 1",
        "1 ",
        "1.0",
        "1e0",
        "\uff11",
        "\u0661",
        "-5",
        "-6",
        "-7",
        "--8",
        "true",
        "9" * 5000,
        "\x00",
    ],
)
def test_only_the_exact_decimal_text_is_a_code(sent: str) -> None:
    assert errors(elig=sent, role=[sent], att_a=sent) == {(name, "unknown_code") for name in ("elig", "role", "att_a")}


@pytest.mark.parametrize("sent", [[None], [1], [["1"]], [{}], [b"1"], None, 1, {"a": 1}, b"1"], ids=str)
def test_what_is_no_text_is_no_code(sent: Any) -> None:
    outcome = validate(SMALL, CONSENT | {"elig": sent, "role": sent, "tst": sent}, FACTS)
    assert outcome.errors == tuple(FieldError(name, "unknown_code") for name in ("elig", "role", "tst"))


def test_one_wrong_field_leaves_the_others_alone() -> None:
    assert errors(elig="9", att_a="1", att_b="x") == {("elig", "unknown_code"), ("att_b", "unknown_code")}


def test_a_single_choice_takes_one_answer() -> None:
    assert errors(elig=["1", "2"]) == {("elig", "not_a_choice_together")}
    assert judge(elig=["1", "", "1"]).answers["elig"] == 1


@pytest.mark.parametrize("sent", ["", "7", "-8", "-5"])
def test_consent_is_required_and_cannot_be_refused_silently(sent: str) -> None:
    assert errors(con_age=sent) == {("con_age", "required" if sent == "" else "unknown_code")}


def test_an_answer_that_ends_the_form_ends_everything() -> None:
    outcome = validate(SMALL, {"con_age": ["0"], "elig": ["what?"]}, FACTS)
    assert (outcome.end, outcome.submission, outcome.errors) == ("END_MINOR", None, ())


def test_what_a_changed_answer_hides_is_cleared() -> None:
    assert judge(elig="1", line="7").answers["line"] == 7
    assert judge(elig="2", line="7").answers["line"] == -7
    assert judge(elig="2", line="nonsense").answers["line"] == -7


@pytest.mark.parametrize(
    ("sens", "elig", "cop", "imp"),
    [
        ("1", "1", -5, -5),
        ("1", "0", -7, -5),
        ("1", "", -7, -7),
        ("0", "1", -6, -6),
        ("0", "0", -7, -6),
        ("0", "", -7, -7),
    ],
)
def test_not_shown_wins_over_left_out(sens: str, elig: str, cop: int, imp: int) -> None:
    answers = judge(con_sens=sens, elig=elig).answers
    assert (answers["cop_01"], answers["cop_02"], answers["imp"]) == (cop, cop, imp)


@pytest.mark.parametrize(
    ("ticked", "sent", "expected"),
    [
        ([], "", -7),
        (["-8"], "1", -7),
        (["0"], "1", -7),
        (["2"], "", 2),
        (["2"], "1", 2),
        (["1", "2"], "", -5),
        (["1", "2"], "-8", -8),
        (["1", "2"], "2", 2),
        (["1", "2"], "10", -5),
    ],
)
def test_the_best_of_the_ticked_is_asked_only_where_there_is_a_choice(
    ticked: list[str], sent: str, expected: int
) -> None:
    assert judge(role=ticked, best=sent).answers["best"] == expected


@pytest.mark.parametrize(("ticked", "expected"), [([], -7), (["10"], -7), (["1"], -6), (["1", "2"], -6)])
def test_a_sensitive_best_is_left_out_unless_there_is_none(ticked: list[str], expected: int) -> None:
    assert judge(con_sens="0", role=ticked).answers["best"] == expected


def test_derived_variables_are_computed_in_time_for_what_depends_on_them() -> None:
    sent = {"tst": "hello", "tst_use": "3", "tst_tag": "3"}
    assert judge(role=["1"], **sent).answers["tst_tag"] == 3
    assert judge(role=["-8"], **sent).answers["tst_tag"] == 1
    assert judge(role=["1"], con_sens="0", **sent).answers["tst_tag"] == 1
    assert judge(role=["-8"]).answers["group"] == -8
    assert judge(role=[]).answers["group"] == -5


@pytest.mark.parametrize(
    ("use", "tag", "expected", "kept"),
    [
        ("", "2", (0, -7), {}),
        ("0", "2", (0, -7), {}),
        ("-8", "2", (0, -7), {}),
        ("1", "2", (1, -7), {"tst": "hello"}),
        ("2", "", (2, 1), {"tst": "hello"}),
        ("3", "-8", (3, 1), {"tst": "hello"}),
        ("3", "2", (3, 2), {"tst": "hello"}),
    ],
)
def test_words_are_kept_only_as_allowed(use: str, tag: str, expected: tuple[int, int], kept: dict[str, str]) -> None:
    submission = judge(tst="hello", tst_use=use, tst_tag=tag)
    assert (submission.answers["tst_use"], submission.answers["tst_tag"]) == expected
    assert submission.texts == kept


def test_without_words_nothing_is_asked_about_them() -> None:
    submission = judge(tst=" \r\n\t", tst_use="3", tst_tag="2")
    assert submission.texts == {}
    assert submission.answers["tst_use"] == submission.answers["tst_tag"] == -7


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("e\u0301te\u0301", "été"),
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("a\tb\x00c\x1bd\x7fe\x9f", "a bcde"),
        ("\ud83da\udc4d", "a"),
        ("  a \n ", "a"),
        ("👍🏽" * 5, "👍🏽" * 5),
        ("\u2028a\u2029b\x85c", "a\nb\nc"),
        (PERSIAN, PERSIAN),
    ],
)
def test_a_text_is_cleaned_and_otherwise_left_as_it_is(sent: str, kept: str) -> None:
    assert judge(tst=sent, tst_use="1").texts == {"tst": kept}


@given(st.text(st.characters(exclude_categories=())))
def test_cleaning_twice_changes_nothing(sent: str) -> None:
    once = clean(sent, 1000)
    assert clean(once, 1000) == once
    once.encode()


@pytest.mark.parametrize(
    ("sent", "fits"), [("x" * 10, True), ("x" * 11, False), ("e\u0301" * 10, True), ("\n" * 9 + "x", True)]
)
def test_the_length_of_a_text_is_counted_in_code_points_of_its_normal_form(sent: str, fits: bool) -> None:
    assert errors(tst=sent, tst_use="1") == (set() if fits else {("tst", "too_long")})


def test_endless_combining_marks_cost_nothing() -> None:
    assert errors(tst="a" + "\u0316\u0301" * 120_000) == {("tst", "too_long")}


def test_unknown_fields_and_thousands_of_values_are_harmless() -> None:
    sent = {f"field_{n}": ["1"] * 10 for n in range(5000)} | {"role": ["1"] * 5000}
    assert judge(**sent) == judge(role=["1"])


any_text = st.text(st.characters(exclude_categories=()))
anything: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.binary() | any_text,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=2),
)
NAMES = ["con_age", "con_sens", "elig", "role", "best", "line", "att_a", "cop", "tst", "tst_use", "tst_tag", "group"]


@given(st.dictionaries(st.sampled_from(NAMES) | st.text(), anything))
def test_whatever_is_sent_is_judged(fields: dict[str, Any]) -> None:
    outcome = validate(SMALL, CONSENT | fields, FACTS)
    verdicts = [outcome.submission is not None, bool(outcome.errors), outcome.end is not None]
    assert verdicts.count(True) == 1
    relevance(SMALL, CONSENT | fields, FACTS)


def test_circumstances_become_variables() -> None:
    answers = judge_with(Facts("ja", unproven=True, fast="<b>")).answers
    assert (answers["lang"], answers["unproven"], answers["fast"], answers["flagged"]) == ("ja", 1, "unknown", 1)
    answers = judge_with(Facts("ja", unproven=False, fast="yes")).answers
    assert (answers["unproven"], answers["fast"], answers["flagged"]) == (0, "yes", 1)


def test_a_shorter_form_leaves_the_rest_out_by_question_and_by_row() -> None:
    short = replace(FACTS, form="short")
    answers = judge_with(short, elig="1", line="3", role=["1"], best="1", att_a="3", att_b="3").answers
    assert (answers["elig"], answers["role_01"], answers["att_b"]) == (1, 1, 3)
    assert answers["line"] == answers["best"] == answers["att_a"] == answers["cop_01"] == answers["tst_use"] == -7
    assert answers["att_band"] == -7


def test_bands_are_scored_from_the_rows() -> None:
    assert judge(att_a="3", att_b="2").answers["att_band"] == 2
    assert judge(att_a="3", att_b="3").answers["att_band"] == 3
    assert judge(att_a="3").answers["att_band"] == -5


form = st.fixed_dictionaries(
    {"con_age": st.just(["1"]), "con_sens": st.sampled_from([["0"], ["1"]])},
    optional={
        name: st.lists(st.sampled_from(["1", "2", "3", "10", "0", "-8", ""]), max_size=3)
        for name in ("elig", "role", "best", "line", "att_a", "att_b", "cop", "imp", "tst_use", "tst_tag")
    }
    | {"tst": st.lists(st.text(max_size=9), max_size=1)},
)


@given(form)
def test_validating_a_stored_answer_again_gives_the_same(fields: dict[str, list[str]]) -> None:
    submission = validate(SMALL, fields, FACTS).submission
    if submission is None:
        return
    again = validate(SMALL, fields_from(SMALL, submission), FACTS).submission
    if submission.answers["tst_use"] == 0:  # the words are gone, so the question about them is too
        submission.answers["tst_use"] = -7
    assert again == submission
    assert again is not None
    assert list(again.answers) == list(submission.answers)
