"""Bands, derived variables and shorter forms of the questionnaire `mris`, on the real instrument."""

from dataclasses import replace

import pytest

from tests.unit.survey.instrument.mris import MRIS, PAST, answers, codes_of


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ([1], 1),
        ([1, 12], 1),
        ([1, 14], 2),
        ([5, 6], 2),
        ([11], 3),
        ([14, 13], 3),
        ([12], 4),
        ([12, 13, 90], 4),
        ([90], 4),
        ([], -5),
        ([-8], -8),
    ],
)
def test_the_broad_group_of_roles(role: list[int], expected: int) -> None:
    assert answers(role=role)["role_group"] == expected


@pytest.mark.parametrize(
    ("act", "expected"),
    [([1], 1), ([6, 9], 1), ([4], 1), ([3, 6, 7, 8, 10, 13], 0), ([0], 0), ([], -5), ([-8], -8)],
)
def test_collective_acts(act: list[int], expected: int) -> None:
    assert answers(elig=1, act=act)["act_coll"] == expected


BOTH = [
    (0, 10, 1),
    (0, 5, 1),
    (0, 4, 2),
    (5, 6, 2),
    (0, 0, 3),
    (9, 9, 3),
    (1, 0, 4),
    (10, 6, 4),
    (10, 5, 5),
    (10, 0, 5),
]
ONE_MISSING = [("", 5, -5), (5, "", -5), (-8, 5, -5), (5, -8, -5), ("", "", -5)]


@pytest.mark.parametrize(("clo_ai", "clo_hum", "expected"), [*BOTH, *ONE_MISSING])
def test_the_difference_in_closeness(clo_ai: object, clo_hum: object, expected: int) -> None:
    assert answers(clo_ai=clo_ai, clo_hum=clo_hum)["clo_diff"] == expected


def rows(item: str, code: int) -> dict[str, int]:
    return {row.name: code for row in MRIS.item(item).rows}


@pytest.mark.parametrize(
    ("sent", "band", "expected"),
    [
        (rows("att", 4), "att_band", 2),  # eight rows say 4, four reversed rows count 2: 40 / 12 = 3.33
        (rows("att", 3), "att_band", 2),
        (rows("att", 5) | {name: 1 for name in rows("att", 1) if name.endswith("_r")}, "att_band", 3),
        (dict(list(rows("att", 3).items())[:8]), "att_band", 2),
        (dict(list(rows("att", 3).items())[:7]), "att_band", -5),
        ({"att_s1": 5, "att_s2": 5}, "att_s_band", 3),
        ({"att_s1": 5}, "att_s_band", -5),
        ({"wel_1_r": 4, "wel_2": 0, "wel_4_r": 4}, "wel_band", 1),
        ({"lon_1": 4, "lon_2": 0, "lon_3_r": 4}, "lon_band", 2),  # 4 / 3 = 1.33
        ({"tru_1": 3, "tru_2": 4, "tru_3": 4}, "tru_band", 3),  # 11 / 3 = 3.67
    ],
)
def test_bands(sent: dict[str, int], band: str, expected: int) -> None:
    assert answers(elig=1, **sent)[band] == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (rows("att", 5), 1),
        (rows("att", 3), 0),
        (rows("att", 5) | {"att_u1": 4}, 0),
        (rows("gri", 4) | rows("pol", 1), 1),
        (rows("gri", 4), 0),
        ({}, 0),
    ],
)
def test_straight_lines(sent: dict[str, int], expected: int) -> None:
    stored = answers(elig=1, **sent)
    assert (stored["straight"], stored["flagged"]) == (expected, expected)


# shorter forms


def test_the_short_form_asks_its_questions_only() -> None:
    stored = answers(replace(PAST, form="short"), elig=1, mdl=1, evt=[1], since=1, role=[1], clo_ai=3, **rows("att", 4))
    assert codes_of(stored, ("since", "acc", "rit", "clo", "ins", "learn", "bye", "lost", "lon", "pol", "gen")) == {-7}
    assert {stored[name] for name in ("clo_diff", "ins_band", "lon_band", "rec_band")} == {-7}
    assert (stored["att_band"], stored["notice"], stored["role_main"], stored["role_group"]) == (2, -5, 1, 1)
    assert stored["act_01"] == -5


def test_the_follow_up_form_asks_two_parts_of_attachment() -> None:
    stored = answers(replace(PAST, form="follow_up"), elig=1, **rows("att", 5))
    assert (stored["att_s1"], stored["att_d1"], stored["att_u3_r"]) == (-7, 5, 5)
    assert (stored["att_band"], stored["att_s_band"], stored["att_d_band"]) == (-7, -7, 3)
    assert stored["straight"] == 0
    assert codes_of(stored, ("cho", "freq", "pol", "tst_use")) == {-7}
