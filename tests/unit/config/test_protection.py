"""The command that measures protection, on few people."""

import json

import pytest
from django.core.management import call_command

from config.protection import Protected, as_markdown


@pytest.fixture(scope="module")
def measured():
    from io import StringIO

    out = StringIO()
    call_command("protection", sizes=(60, 100, 300), seeds=1, json=True, stdout=out)
    return json.loads(out.getvalue())


def test_three_populations_are_measured_from_the_smallest_report_on(measured):
    assert {one["population"] for one in measured} == {"packaged", "one-sided", "unrelated"}
    assert sorted({one["responses"] for one in measured}) == [100, 300]


def test_nothing_hidden_can_be_told_within_fewer_than_five(measured):
    assert all(one["narrowest"] is None or one["narrowest"] >= 5 for one in measured)


def test_the_plan_survives_for_the_most_part(measured):
    assert all(one["one_way"] > 0.5 for one in measured)
    assert all(one["crosstabs"] > 0.5 for one in measured if one["responses"] == 300)


def test_a_line_holds_the_worst_and_the_middle():
    one = Protected(300, 0.9, 0.8, 2.0, 3.0, 0.5, 4, 7.0)
    other = Protected(300, 0.7, None, None, None, None, 0, None)
    line = as_markdown([one, other, one]).splitlines()[-1]
    assert line == "| 300 | 70 % (90 %) | 80 % (80 %) | 2.0 × 3.0 | 50 % (50 %) | 4 (most 4) | 7 |"
