"""The branching summary of the questionnaire `mris`, row by row, on the real instrument."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey.instrument.codebook import encode
from survey.instrument.schema import Item
from survey.instrument.validate import Facts, Shown, fields_from, validate
from survey.instrument.variables import variables_of
from tests.unit.survey.instrument.mris import (
    ANNOUNCED,
    CODEBOOK,
    CONSENT,
    MRIS,
    PAST,
    answers,
    codes_of,
    fields,
    judge,
    shown,
)

P4 = ("evt", "evt_main", "learn", "notice", "bye", "lost", "cho")
P5 = ("act", "mig", "mig_same", "arch")
P6 = ("wel", "lon", "gri", "ant", "imp", "rec", "cop")
SENS_OPTIONS = {"lost_06", *(f"role_{n:02d}" for n in range(9, 14)), *(f"act_{n:02d}" for n in (3, 4, 5, 9, 13))}


# --- consent ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("refused", "end"), [("con_age", "END_MINOR"), ("con_read", "END_NO"), ("con_store", "END_NO")]
)
def test_a_refused_consent_ends_the_form_and_stores_nothing(refused: str, end: str) -> None:
    outcome = validate(MRIS, fields(elig=1, **{refused: 0}), PAST)
    assert (outcome.end, outcome.submission, outcome.errors) == (end, None, ())


def test_every_consent_question_is_required_and_nothing_else_is() -> None:
    outcome = validate(MRIS, {}, PAST)
    assert {(error.field, error.code) for error in outcome.errors} == {(name, "required") for name in CONSENT}
    assert judge().answers["elig"] == -5


@pytest.mark.parametrize("elig", [1, 2, 3])
def test_without_the_sensitive_part_every_question_and_option_of_it_is_left_out(elig: int) -> None:
    stored = answers(con_sens=0, elig=elig, role=[1, 2, 9], act=[1, 3], lost=[1, 6], rit=[1], wel_2=3, mdl=1, evt=[1])
    hidden = {"gri", "imp", "rec", "cop"} if elig == 3 else {"ant"}
    assert codes_of(stored, set(P6) - hidden) | codes_of(stored, ["rit", "role_main"]) == {-6}
    assert codes_of(stored, hidden) == {-7}
    assert {stored[name] for name in SENS_OPTIONS} == {-6}
    assert stored["role_group"] == stored["act_coll"] == stored["wel_band"] == stored["lon_band"] == -6
    assert {stored[f"{scale}_band"] for scale in ("gri", "rec")} == ({-7} if elig == 3 else {-6})
    assert stored["ant_band"] == (-6 if elig == 3 else -7)


def test_the_rest_of_a_question_with_sensitive_options_is_asked_of_everybody() -> None:
    stored = answers(con_sens=0, elig=1, role=[1, 9], act=[3], lost=[0, 6])
    assert (stored["role_01"], stored["role_02"], stored["role_09"]) == (1, 0, -6)
    assert (stored["act_01"], stored["act_03"], stored["act_00"]) == (-5, -6, -5)
    assert (stored["lost_00"], stored["lost_01"], stored["lost_06"]) == (1, 0, -6)


def test_the_broad_group_is_not_offered_beside_words_without_the_sensitive_part() -> None:
    words = {"tst": "words", "tst_use": 3, "tst_tag": 3, "role": [7]}
    assert answers(**words)["tst_tag"] == 3
    assert answers(con_sens=0, **words)["tst_tag"] == 1
    assert answers(**words | {"role": []})["tst_tag"] == 1


# --- the model and what happened to it -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mdl", "events"),
    [
        (1, {1, 2, 3, 4, 5, 6, 7, 8, 9, 0}),
        (2, {3, 7, 8, 9, 0}),
        (5, {3, 7, 8, 9, 0}),
        (6, {7, 8, 9, 0}),
        (90, {7, 8, 9, 0}),
        (-8, {7, 8, 9, 0}),
        ("", {7, 8, 9, 0}),
    ],
)
def test_the_model_decides_which_events_are_offered(mdl: object, events: set[int]) -> None:
    assert shown(elig=1, mdl=mdl).offered["evt"] == events
    stored = answers(elig=1, mdl=mdl, evt=[1, 8])
    assert stored["evt_08"] == 1
    assert stored["evt_01"] == (1 if 1 in events else -7)
    assert stored["evt_00"] == 0


@pytest.mark.parametrize(
    ("mdl", "label"),
    [
        (1, "GPT-4o"),
        (2, "GPT-4.5"),
        (4, "that model"),
        (8, "Replika"),
        (9, "that companion"),
        (-8, "that model"),
        ("", "that model"),
    ],
)
def test_the_model_has_a_name_in_later_texts(mdl: object, label: str) -> None:
    pipes = shown(mdl=mdl).pipes
    assert pipes["model"].source == label
    assert pipes["Model"].source == label[0].upper() + label[1:]


@pytest.mark.parametrize("elig", [1, 2])
def test_those_to_whom_it_happened_are_asked_everything_but_looking_ahead(elig: int) -> None:
    stored = answers(elig=elig, mdl=1, evt=[1, 4], role=[1, 2], mig=1, tst="words", tst_use=2)
    not_shown = {name for name, code in stored.items() if code == -7}
    assert not_shown == {"ant_1", "ant_2", "ant_3_r", "ant_band"}


def test_those_who_wait_for_it_are_asked_to_look_ahead() -> None:
    stored = answers(elig=3, mdl=1, evt=[4, 6], role=[1, 2], mig=1, tst="words", tst_use=2)
    not_shown = {name for name, code in stored.items() if code == -7}
    assert not_shown == {
        *(variable for item in ("gri", "imp", "rec", "cop") for variable in variables_of(MRIS.item(item))),
        *("gri_band", "rec_band"),
    }


@pytest.mark.parametrize("elig", [0, -8, ""])
def test_those_to_whom_nothing_happened_are_asked_the_rest(elig: object) -> None:
    stored = answers(elig=elig, mdl=1, evt=[1], act=[1], mig=1, tst_2="words", tst_use=3, wel_2=1)
    assert codes_of(stored, (*P4, *P5, "gri", "ant", "imp", "rec", "cop", "tst_use")) == {-7}
    assert {stored[name] for name in ("act_coll", "cho_band", "gri_band", "ant_band", "rec_band")} == {-7}
    assert codes_of(stored, ("role", "rit", "clo", "att", "ins", "agn", "lon", "tru", "pol", "age", "reg")) == {-5}
    assert stored["wel_2"] == 1
    assert not shown(elig=elig).asks("tst_2")


def test_not_shown_wins_over_left_out() -> None:
    stored = answers(con_sens=0, elig=0)
    assert codes_of(stored, ("gri", "ant", "imp", "rec", "cop")) == {-7}
    assert codes_of(stored, ("wel", "lon", "rit")) == {-6}
    assert stored["role_main"] == -7  # none ticked
    assert stored["act_coll"] == -7
    assert (stored["lost_06"], stored["act_03"], stored["role_09"]) == (-7, -7, -6)
    assert (stored["gri_band"], stored["wel_band"]) == (-7, -6)


# --- what fits best --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "sent", "stored", "asked"),
    [
        ([], 1, -7, False),
        ([-8], 1, -7, False),
        ([7], "", 7, False),
        ([7], -8, 7, False),
        ([7, 10], "", -5, True),
        ([7, 10], -8, -8, True),
        ([7, 10], 10, 10, True),
        ([7, 10], 1, -5, True),
    ],
)
def test_the_main_role_is_asked_of_those_with_several(role: list[int], sent: object, stored: int, asked: bool) -> None:
    assert answers(role=role, role_main=sent)["role_main"] == stored
    assert shown(role=role).asks("role_main") == asked
    if asked:
        assert shown(role=role).offered["role_main"] == set(role)


@pytest.mark.parametrize(
    ("mdl", "evt", "sent", "stored", "asked"),
    [
        (1, [], 1, -7, False),
        (1, [0], 1, -7, False),
        (1, [-8], 1, -7, False),
        (1, [2], 2, -7, False),
        (1, [7], 7, -7, False),
        (1, [2, 7], 7, -7, False),
        (2, [7], "", 7, False),
        ("", [7], "", 7, False),
        (1, [1], "", 1, False),
        (1, [1, 2, 7], "", 1, False),
        (1, [1, 4], "", -5, True),
        (1, [1, 4], -8, -8, True),
        (1, [1, 4], 4, 4, True),
        (1, [1, 4], 8, -5, True),
        (1, [1, 4, 2], 2, "unknown_code", True),
    ],
)
def test_the_main_event_is_asked_of_those_with_several_candidates(
    mdl: object, evt: list[int], sent: object, stored: int | str, asked: bool
) -> None:
    outcome = validate(MRIS, fields(elig=1, mdl=mdl, evt=evt, evt_main=sent), PAST)
    if outcome.submission is None:
        assert [(error.field, error.code) for error in outcome.errors] == [("evt_main", stored)]
    else:
        assert outcome.submission.answers["evt_main"] == stored
    assert shown(elig=1, mdl=mdl, evt=evt).asks("evt_main") == asked


@pytest.mark.parametrize(
    ("evt", "evt_main", "expected"),
    [([], "", -7), ([2, 7], "", -7), ([0], "", -7), ([1], "", -5), ([1, 4], "", -5), ([1, 4], -8, -5)],
)
def test_learning_notice_and_goodbye_belong_to_an_event(evt: list[int], evt_main: object, expected: int) -> None:
    stored = answers(elig=1, mdl=1, evt=evt, evt_main=evt_main)
    assert {stored[name] for name in ("learn", "notice", "bye")} == {expected}
    assert stored["cho_1"] == stored["lost_01"] == -5


@pytest.mark.parametrize(
    ("sent", "event"),
    [
        ({"elig": 1, "mdl": 1, "evt": [1]}, "the removal of GPT-4o from the ChatGPT app when GPT-5 came (August 2025)"),
        ({"elig": 1, "mdl": 1, "evt": [2]}, "what happened to {model}"),
        ({"elig": 1, "mdl": 1, "evt": [1, 4], "evt_main": -8}, "what happened to {model}"),
        ({"elig": 2, "mdl": 1, "evt": [1, 4]}, "what happened to {model}"),
        ({"elig": 3, "mdl": 1, "evt": []}, "the announced end of {model}"),
        ({"elig": 1, "mdl": 8, "evt": [7]}, "the removal of {model}"),
        ({"elig": 2, "mdl": 8, "evt": [7]}, "the replacement of {model} by another model"),
        ({"elig": 3, "mdl": 8, "evt": [7]}, "the announced end of {model}"),
        ({"elig": 1, "mdl": 8, "evt": [9]}, "the closing of the whole service"),
        ({"elig": 3, "mdl": 8, "evt": [9]}, "the announced closing of the whole service"),
    ],
)
def test_the_event_has_a_name_in_later_texts(sent: dict[str, Any], event: str) -> None:
    assert shown(**sent).pipes["event"].source == event


def wording(item: str, now: Shown) -> str:
    return now.text(MRIS.item(item).text).source


def label(item: str, code: int, now: Shown) -> str:
    return next(now.text(option.label).source for option in MRIS.item(item).options if option.code == code)


@pytest.mark.parametrize(
    ("facts", "sent", "upcoming"),
    [
        (PAST, {"elig": 1, "mdl": 1, "evt": [6]}, False),
        (ANNOUNCED, {"elig": 1, "mdl": 1, "evt": [6]}, True),
        (ANNOUNCED, {"elig": 1, "mdl": 1, "evt": [4]}, False),
        (ANNOUNCED, {"elig": 3, "mdl": 1, "evt": [4]}, False),
        (PAST, {"elig": 3, "mdl": 1, "evt": [6]}, False),
        (PAST, {"elig": 3, "mdl": 1, "evt": []}, True),
        (ANNOUNCED, {"elig": 3, "mdl": 1, "evt": [4, 6]}, True),
        (ANNOUNCED, {"elig": 1, "mdl": 1, "evt": [4, 6]}, False),
        (PAST, {"elig": 3, "mdl": 8, "evt": [7]}, True),
        (PAST, {"elig": 3, "mdl": 8, "evt": [9]}, True),
        (PAST, {"elig": 3, "mdl": 8, "evt": [8]}, False),
        (PAST, {"elig": 2, "mdl": 8, "evt": [9]}, False),
    ],
)
def test_notice_and_goodbye_are_worded_by_the_event(facts: Facts, sent: dict[str, Any], upcoming: bool) -> None:
    now = shown(facts, **sent)
    assert wording("notice", now).startswith("How long before this takes effect") == upcoming
    assert wording("bye", now).startswith("Can you say goodbye") == upcoming
    assert label("bye", 7, now) == ("I do not want to" if upcoming else "I did not want to")


@pytest.mark.parametrize(
    ("elig", "intro", "act", "mig_5", "tag_3"),
    [
        (1, "when you could use", "What have you done about it?", "by another route", "was to you"),
        (2, "before the change", "What have you done about it?", "in the changed form", "was to you"),
        (3, "while you can use", "so far?", "still {model}", "is to you"),
        (0, "while you can use", "so far?", "still {model}", "is to you"),
        (-8, "while you can use", "so far?", "still {model}", "is to you"),
        ("", "while you can use", "so far?", "still {model}", "is to you"),
    ],
)
def test_texts_follow_what_happened(elig: object, intro: str, act: str, mig_5: str, tag_3: str) -> None:
    now = shown(elig=elig)
    notes = {element.name: element for page in MRIS.pages for element in page.elements if not isinstance(element, Item)}
    assert intro in now.text(notes["p3_intro"].text).source
    assert act in wording("act", now)
    assert mig_5 in label("mig", 5, now)
    assert tag_3 in label("tst_tag", 3, now)


@pytest.mark.parametrize(("facts", "mdl", "stands"), [(ANNOUNCED, 1, True), (PAST, 1, False), (ANNOUNCED, 8, False)])
def test_the_support_box_stands_below_the_announced_event(facts: Facts, mdl: int, stands: bool) -> None:
    assert (("evt", 6) in shown(facts, elig=1, mdl=mdl).below) == stands


# --- what people did, and their words --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("elig", "mig", "asked"),
    [
        (1, 1, True),
        (1, 4, True),
        (3, 3, True),
        (1, 6, False),
        (1, -8, False),
        (1, "", False),
        (1, 5, False),
        (3, 5, False),
        (2, 5, True),
    ],
)
def test_sameness_is_asked_of_those_who_talk_to_another(elig: int, mig: object, asked: bool) -> None:
    assert answers(elig=elig, mig=mig, mig_same=4)["mig_same"] == (4 if asked else -7)


def test_who_learns_it_here_is_not_asked_about_the_first_days() -> None:
    told = {"elig": 1, "mdl": 1, "evt": [1], "tst_2": "words", "tst_use": 3}
    assert judge(**told, learn=7).texts == {}
    assert judge(**told, learn=6).texts == judge(**told).texts == {"tst_2": "words"}


@pytest.mark.parametrize(
    ("use", "stored", "tag", "kept"),
    [(0, 0, -7, False), (-8, 0, -7, False), ("", 0, -7, False), (1, 1, -7, True), (2, 2, 1, True), (3, 3, 1, True)],
)
def test_words_are_kept_as_their_writer_allows(use: object, stored: int, tag: int, kept: bool) -> None:
    submission = judge(elig=1, tst="one", tst_2="two", tst_use=use)
    assert (submission.answers["tst_use"], submission.answers["tst_tag"]) == (stored, tag)
    assert submission.texts == ({"tst": "one", "tst_2": "two"} if kept else {})


@pytest.mark.parametrize("name", ["tst", "tst_2"])
def test_words_have_at_most_two_thousand_code_points(name: str) -> None:
    assert judge(elig=1, tst_use=1, **{name: "字" * 2000}).texts
    outcome = validate(MRIS, fields(elig=1, tst_use=1, **{name: "字" * 2001}), PAST)
    assert [(error.field, error.code) for error in outcome.errors] == [(name, "too_long")]


# --- the normal form -------------------------------------------------------------------------------------------


def sent_values(item: Item) -> dict[str, st.SearchStrategy[list[str]]]:
    if item.kind == "T":
        return {item.name: st.lists(st.text(max_size=20), max_size=1)}
    one = st.sampled_from([*(str(option.code) for option in item.options), "-8"]).map(lambda code: [code])
    if item.kind == "M":
        together = [str(option.code) for option in item.options if not option.exclusive]
        return {item.name: st.one_of(one, st.lists(st.sampled_from(together), max_size=5, unique=True))}
    return dict.fromkeys([row.name for row in item.rows] or [item.name], one)


OPEN = {name: value for item in MRIS.items if not item.required for name, value in sent_values(item).items()}
forms = st.fixed_dictionaries({"con_sens": st.sampled_from([["0"], ["1"]])}, optional=OPEN)
some_facts = st.builds(
    Facts,
    language=st.sampled_from(["en", "ja", "ar"]),
    events=st.sampled_from([{6: "announced"}, {6: "past"}]),
    unproven=st.booleans(),
    fast=st.sampled_from(["yes", "no", "unknown"]),
    form=st.sampled_from(["", "short", "follow_up"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(forms, some_facts)
def test_a_stored_answer_is_its_own_normal_form_and_has_a_code_for_every_byte(
    sent: dict[str, list[str]], facts: Facts
) -> None:
    submission = validate(MRIS, CONSENT | sent, facts).submission
    assert submission is not None
    assert len(encode(CODEBOOK, submission.answers)) == CODEBOOK.width
    again = validate(MRIS, fields_from(MRIS, submission), facts).submission
    if submission.answers["tst_use"] == 0:  # the words are gone, so the question about them is too
        submission.answers["tst_use"] = -7
    assert again == submission


def test_the_order_of_the_variables_is_that_of_the_codebook() -> None:
    names = [variable.name for variable in CODEBOOK.variables]
    assert sorted(answers()) == sorted(names)
    coded = [variable.name for variable in CODEBOOK.coded]
    assert [name for name in answers(elig=3, mdl=8, evt=[9]) if name in coded] == coded
