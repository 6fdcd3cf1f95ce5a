"""Scores are exact, bands are cut by whole hundredths, and flags follow their rules."""

from collections.abc import Sequence
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.instrument.schema import Scale, Text
from survey.instrument.score import ScaleRule, Score, band, flagged, straight

AGREEMENT, FREQUENCY = (266, 366), (132, 265)
LABEL = Text("scale", "a scale")


def rule(rows: Sequence[str], minimum: int, low: int = 1, high: int = 5) -> ScaleRule:
    cuts = AGREEMENT if low == 1 else FREQUENCY
    scale = Scale("T", LABEL, tuple(rows), minimum, low, high, "t_band", cuts)
    return ScaleRule(scale, tuple((name, name.endswith("_r")) for name in rows))


@pytest.mark.parametrize(
    ("total", "rows", "cuts", "hundredths", "expected"),
    [
        (32, 12, AGREEMENT, 267, 2),
        (31, 12, AGREEMENT, 258, 1),
        (4, 3, FREQUENCY, 133, 2),
        (8, 3, AGREEMENT, 267, 2),
        (11, 3, AGREEMENT, 367, 3),
        (8, 3, FREQUENCY, 267, 3),
        (1, 8, FREQUENCY, 13, 1),  # 12.5 hundredths: half goes up
        (213, 80, AGREEMENT, 266, 1),  # 266.25
        (533, 200, AGREEMENT, 267, 2),  # 266.5
        (12, 12, AGREEMENT, 100, 1),
        (60, 12, AGREEMENT, 500, 3),
        (0, 6, FREQUENCY, 0, 1),
    ],
)
def test_a_band_is_cut_by_hundredths_half_up(
    total: int, rows: int, cuts: tuple[int, int], hundredths: int, expected: int
) -> None:
    score = Score(total, rows)
    assert score.hundredths == hundredths
    assert band(score, cuts) == expected


@given(st.integers(0, 5000), st.integers(1, 100))
def test_hundredths_are_the_mean_rounded_half_up(total: int, rows: int) -> None:
    exact = Fraction(total, rows) * 100
    assert Score(total, rows).hundredths == int(exact + Fraction(1, 2))


def test_reversed_rows_are_turned_before_the_mean() -> None:
    assert rule(["a", "b_r", "c"], 2).score({"a": 5, "b_r": 1, "c": 4}) == Score(14, 3)
    assert rule(["a", "b_r"], 2, low=0, high=4).score({"a": 3, "b_r": 0}) == Score(7, 2)


def test_the_mean_is_over_the_answered_rows() -> None:
    score = rule(["a", "b", "c_r"], 2).score({"a": 4, "b": -8, "c_r": 1})
    assert score == Score(9, 2)
    assert isinstance(score, Score)
    assert score.mean == 4.5


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"a": 4, "b": -5, "c": -8}, -5),
        ({"a": -5, "b": -5, "c": -5}, -5),
        ({"a": -8, "b": -8, "c": -8}, -5),
        ({"a": -7, "b": -7, "c": -7}, -7),
        ({"a": -6, "b": -6, "c": -6}, -6),
        ({"a": -7, "b": -6, "c": -6}, -7),
        ({"a": 4, "b": -7, "c": -7}, -7),  # a shorter form asked too few rows to make a score
        ({"a": 4, "b": -5, "c": -7}, -5),
        ({}, -7),
    ],
)
def test_without_enough_rows_the_band_tells_why(answers: dict[str, int], expected: int) -> None:
    assert rule(["a", "b", "c"], 2).band(answers) == expected


def test_the_fixture_of_the_questionnaire_scores_as_published() -> None:
    """4 rows, row 3 reversed, 8 people: mean 3.25 (design of the instrument)."""
    people = ["5415", "4424", "3332", "2142", "5524", "1251", "3423", "4334"]
    scale = rule(["a", "b", "c_r", "d"], 3)
    scores = [scale.score(dict(zip(["a", "b", "c_r", "d"], map(int, person), strict=True))) for person in people]
    assert sum(score.mean for score in scores if isinstance(score, Score)) / 8 == 3.25


ATT = tuple(f"att_{n}" for n in range(12))
GRI, POL = tuple(f"gri_{n}" for n in range(8)), tuple(f"pol_{n}" for n in range(8))
MATRICES = {"att": ATT, "gri": GRI, "pol": POL}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (dict.fromkeys(ATT, 5), 1),
        (dict.fromkeys(ATT, 1), 1),
        (dict.fromkeys(ATT, 3), 0),
        (dict.fromkeys(ATT, 5) | {"att_7": 4}, 0),
        (dict.fromkeys(ATT, 5) | {"att_7": -5}, 0),
        (dict.fromkeys(ATT, -5), 0),
        (dict.fromkeys(ATT, -8), 0),
        (dict.fromkeys(ATT[:6], 5) | dict.fromkeys(ATT[6:], -7), 0),
        (dict.fromkeys(GRI, 0) | dict.fromkeys(POL, 5), 1),
        (dict.fromkeys(GRI, 2) | dict.fromkeys(POL, 5), 0),
        (dict.fromkeys(GRI, 4) | dict.fromkeys(POL, 3), 0),
        (dict.fromkeys(GRI, 4), 0),
        (dict.fromkeys(GRI, -7) | dict.fromkeys(POL, 5), 0),
        ({}, 0),
    ],
    ids=str,
)
def test_straight_lines_are_found_where_every_row_is_answered(answers: dict[str, int], expected: int) -> None:
    assert straight(answers, MATRICES) == expected


def test_an_instrument_without_these_matrices_has_no_straight_lines() -> None:
    assert straight({}, {}) == 0


@pytest.mark.parametrize(
    ("unproven", "straight_lines", "fast", "expected"),
    [(0, 0, "no", 0), (0, 0, "unknown", 0), (1, 0, "no", 1), (0, 1, "no", 1), (0, 0, "yes", 1), (1, 1, "yes", 1)],
)
def test_any_flag_makes_a_response_flagged(unproven: int, straight_lines: int, fast: str, expected: int) -> None:
    assert flagged({"unproven": unproven, "straight": straight_lines, "fast": fast}) == expected
