"""Coded responses: every variable at its byte, every ladder level a partition, fast enough to seal a large wave."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.instrument.codebook import COLUMNS, Variable, build_codebook, decode, describe, encode
from survey.instrument.schema import Code, Group, Ladder, Level
from tests.unit.survey.instrument.mris import CODEBOOK, MRIS

BLANK: dict[str, Code] = {variable.name: -5 for variable in CODEBOOK.variables}


def test_positions_follow_the_form_with_derived_variables_last() -> None:
    names = [variable.name for variable in CODEBOOK.coded]
    assert [variable.position for variable in CODEBOOK.coded] == list(range(CODEBOOK.width))
    assert names[:6] == ["con_sens", "mdl", "elig", "since", "freq", "acc_01"]
    assert names[-1] == "tru_band"
    assert CODEBOOK.width == len(names) == len(set(names)) == 187


def test_what_leaves_the_response_has_no_position() -> None:
    leaving = {variable.name: variable for variable in CODEBOOK.variables if variable.position is None}
    assert set(leaving) == {"con_age", "con_read", "con_store", "tst_use", "tst_tag"}
    assert {name for name, variable in leaving.items() if variable.testimony} == {"tst_use", "tst_tag"}
    assert not any(variable.tabulated for variable in leaving.values())
    assert all(variable.tabulated for variable in CODEBOOK.coded)


@pytest.mark.parametrize(
    ("name", "code", "byte"),
    [
        ("elig", 1, 1),
        ("elig", 0, 4),
        ("role_04", 0, 1),
        ("role_04", 1, 2),
        ("role_main", 90, 15),
        ("clo_ai", 0, 1),
        ("clo_ai", 10, 11),
        ("lang", "zh-Hans", 2),
        ("fast", "unknown", 3),
        ("elig", -5, 255),
        ("elig", -8, 255),
        ("elig", -6, 0),
        ("elig", -7, 0),
    ],
)
def test_a_code_has_its_byte(name: str, code: Code, byte: int) -> None:
    variable = CODEBOOK[name]
    assert variable.position is not None
    assert encode(CODEBOOK, BLANK | {name: code})[variable.position] == variable.byte(code) == byte


def codes(variable: Variable) -> st.SearchStrategy[Code]:
    return st.sampled_from([*variable.codes, -5, -6, -7, -8])


@given(st.fixed_dictionaries({variable.name: codes(variable) for variable in CODEBOOK.coded}))
def test_coded_answers_come_back(answers: dict[str, Code]) -> None:
    seen = {-6: -7, -8: -5}
    expected = {name: seen.get(code, code) if isinstance(code, int) else code for name, code in answers.items()}
    assert decode(CODEBOOK, encode(CODEBOOK, answers)) == expected


@pytest.mark.parametrize("answers", [BLANK | {"elig": 4}, BLANK | {"lang": "xx"}, {"elig": 1}, {}], ids=len)
def test_an_unknown_code_or_a_missing_variable_is_refused(answers: dict[str, Code]) -> None:
    with pytest.raises(KeyError):
        encode(CODEBOOK, answers)


def test_bytes_of_another_codebook_are_refused() -> None:
    with pytest.raises(ValueError, match="3 bytes instead of 187"):
        decode(CODEBOOK, b"\x00\x01\x02")


@pytest.mark.parametrize("variable", CODEBOOK.variables, ids=lambda variable: variable.name)
def test_every_level_holds_every_code_once_and_joins_whole_groups(variable: Variable) -> None:
    for place, level in enumerate(variable.levels):
        groups = [set(category.indexes) for category in level.categories] + [set(level.out)]
        assert sorted(index for group in groups for index in group) == list(range(len(variable.codes)))
        nested = place <= variable.coarsest
        assert level.joins(variable.levels[max(place - 1, 0) if nested else 0])


@pytest.mark.parametrize("variable", CODEBOOK.variables, ids=lambda variable: variable.name)
def test_other_ways_to_split_are_in_two_and_none_is_there_twice(variable: Variable) -> None:
    grids = [frozenset(frozenset(one.indexes) for one in level.categories) for level in variable.levels[1:]]
    assert len(set(grids)) == len(grids)
    assert all(len(level.categories) == 2 for level in variable.levels[variable.coarsest + 1 :])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("att_band", ["low | middle/high"]),
        ("notice", ["not at all | less than a week/a week and more",
                    "not at all/less than a week/one to four weeks | more than four weeks"]),
        ("role_group", ["tool only | any bond/other", "other | tool only/any bond"]),
        ("pol_1", ["strongly oppose | oppose/neither/support", "oppose | neither/support",
                   "oppose/neither/support | strongly support"]),
        ("role_04", []),
    ],
)  # fmt: skip
def test_splits_are_called_by_what_they_join(name: str, expected: list[str]) -> None:
    coarsest, last = CODEBOOK[name].coarsest, len(CODEBOOK[name].levels)
    assert [" | ".join(labels(name, level)) for level in range(coarsest + 1, last)] == expected


def test_do_not_remember_is_out_of_every_split() -> None:
    for name in ("since", "learn", "notice"):
        variable = CODEBOOK[name]
        assert {level.out for level in variable.levels[variable.coarsest + 1 :]} == {(variable.codes.index(8),)}


def test_a_grid_joins_another_if_it_tears_none_of_its_categories() -> None:
    alone, low_middle, split = CODEBOOK["att_band"].levels
    assert split.joins(alone)
    assert not split.joins(low_middle)
    assert not low_middle.joins(split)
    left_out = CODEBOOK["gen"].levels
    assert left_out[1].joins(left_out[0])
    assert not left_out[0].joins(left_out[1])


def labels(name: str, level: int) -> list[str]:
    return ["/".join(text.source for text in category.labels) for category in CODEBOOK[name].levels[level].categories]


@pytest.mark.parametrize(
    ("name", "level", "expected"),
    [
        ("att_s1", 1, ["disagree", "neither", "agree"]),
        ("att_s1", 2, ["disagree or neither", "agree"]),
        ("pol_3", 1, ["oppose", "neither", "support"]),
        ("role_04", 0, ["not chosen", "chosen"]),
        ("evt_main", 4, ["removed", "changed"]),
        ("wel_2", 1, ["never", "at times", "often"]),
        ("gen", 1, ["woman", "man"]),
        ("fast", 1, ["no", "yes"]),
        ("con_sens", 0, ["yes", "leave them out"]),
    ],
)
def test_merged_groups_bear_their_names(name: str, level: int, expected: list[str]) -> None:
    assert labels(name, level) == expected


def test_a_group_without_a_name_joins_the_labels_of_its_codes() -> None:
    unnamed = Ladder("elig", (Level((Group((1, 2)), Group((3, 0)))),))
    levels = build_codebook(replace(MRIS, ladders={**MRIS.ladders, "elig": unnamed}))["elig"].levels
    assert [category.labels[0].source for category in levels[1].categories] == [
        "I can no longer use {model}",
        "I can still use {model}, but the end is announced",
    ]
    assert [len(category.labels) for category in levels[1].categories] == [2, 2]


def test_a_level_may_count_codes_as_non_response() -> None:
    level = CODEBOOK["gen"].levels[1]
    assert level.out == (2,)
    assert level.note is not None
    assert CODEBOOK["bye"].levels[CODEBOOK["bye"].coarsest].out == (3, 4)


def test_a_ladder_that_leaves_out_a_code_is_refused() -> None:
    broken = Ladder("elig", (Level((Group((1, 2)), Group((0,)))),))
    with pytest.raises(ValueError, match="elig"):
        build_codebook(replace(MRIS, ladders={**MRIS.ladders, "elig": broken}))


@pytest.mark.parametrize(
    ("name", "sens"),
    [
        ("role_07", False),
        ("role_10", True),
        ("wel_2", True),
        ("att_s1", False),
        ("role_group", True),
        ("act_coll", True),
        ("wel_band", True),
        ("att_band", False),
        ("clo_diff", False),
    ],
)
def test_sensitive_variables_are_known_and_so_is_what_is_computed_from_them(name: str, sens: bool) -> None:
    assert CODEBOOK[name].sens is sens


def test_the_codebook_as_rows() -> None:
    rows = list(describe(CODEBOOK, lambda text: text.source))
    assert all(len(row) == len(COLUMNS) for row in rows)
    assert [row[-2:] for row in rows if row[1] == "elig"][-1] == ("0", "none of these")
    assert {row[0] for row in rows if row[1] == "tst_use"} == {""}
    assert next(row for row in rows if row[1] == "wel_1_r")[2:6] == ("wel", "X", "yes", "often5")
