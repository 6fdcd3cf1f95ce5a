"""The command that measures protection, on few people."""

import json

import numpy as np
import pytest
from django.core.management import call_command

from config.attainable import can_be_crossed, can_be_split
from config.protection import Protected, as_markdown


@pytest.fixture(scope="module")
def measured():
    from io import StringIO

    out = StringIO()
    call_command("protection", sizes=(60, 100, 300), seeds=1, json=True, stdout=out)
    return json.loads(out.getvalue())


def test_three_populations_are_measured_at_every_size(measured):
    assert {one["population"] for one in measured} == {"packaged", "one-sided", "unrelated"}
    assert sorted({one["responses"] for one in measured}) == [60, 100, 300]


def test_nothing_hidden_can_be_told_within_fewer_than_five(measured):
    assert all(one["narrowest"] is None or one["narrowest"] >= 5 for one in measured)


def test_the_plan_survives_for_the_most_part(measured):
    assert all(one["one_way"] > 0.5 for one in measured if one["responses"] >= 100)
    assert all(one["crosstabs"] > 0.5 for one in measured if one["responses"] == 300)


def test_no_more_is_shown_than_could_be(measured):
    for one in measured:
        assert one["one_way"] <= one["one_way_possible"]
        assert one["crosstabs"] is None or one["crosstabs"] <= one["crosstabs_possible"]


@pytest.mark.parametrize(
    ("counts", "possible"),
    [([[10, 20], [10, 20]], False), ([[15, 20], [15, 20]], True), ([[9, 60], [60, 60]], False),
     ([[5, 60, 5], [60, 20, 60]], True), ([[5] * 14, [5] * 14], True), ([[40, 40]], False)],
)  # fmt: skip
def test_a_crosstab_could_be_shown_if_any_two_groups_by_two_answers_could(counts, possible):
    assert can_be_crossed(np.array(counts)) is possible


@pytest.mark.parametrize(("counts", "possible"), [([9, 300], False), ([9, 1, 300], True), ([10, 10], True)])
def test_a_table_could_be_shown_if_any_two_answers_could(counts, possible):
    assert can_be_split(np.array(counts)) is possible


def test_a_line_holds_the_worst_and_the_middle():
    one = Protected(300, 0.9, 0.95, 0.8, 0.85, 2.0, 3.0, 0.5, 4, 7.0)
    other = Protected(300, 0.7, 0.8, None, None, None, None, None, 0, None)
    line = as_markdown([one, other, one]).splitlines()[-1]
    assert (
        line
        == "| 300 | 70 % (90 %) | 80 % (95 %) | 80 % (80 %) | 85 % (85 %) | 2.0 × 3.0 | 50 % (50 %) | 4 (most 4) | 7 |"
    )
