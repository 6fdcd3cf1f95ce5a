"""Invented rows look like what the release says, and say nothing else."""

import copy
import inspect
import json
from collections import Counter

import numpy as np
import pytest

from reports.like import Unusable, draw
from tests.unit.reports.attack.releases import BOOK as MRIS
from tests.unit.reports.attack.releases import bundle, people, safe
from tests.unit.reports.like.documents import one, report, two
from tests.unit.reports.small import BOOK

AGE = one("age", 300, 250, 200, 100, 50, no_answer=100)
GEN = one("gen", 500, 400, 100)


def column(document, name, n=20_000, seed=1):
    return draw(document, BOOK, seed, n).columns[name]


def shares(document, name, n=20_000):
    return {code: times / n for code, times in Counter(column(document, name, n)).items()}


@pytest.fixture(scope="module")
def released():
    """A real release of 1,000 people and 5,000 rows like it."""
    document = json.loads(bundle(safe(people())).files["report.json"])
    return document, draw(document, MRIS, seed=3, n=5000)


def test_margins_are_those_of_the_one_way_tables():
    assert shares(report(AGE), "age") == pytest.approx({1: 0.3, 2: 0.25, 3: 0.2, 4: 0.1, 5: 0.05, -5: 0.1}, abs=0.015)


def test_there_are_as_many_people_as_the_release_has_unless_told_otherwise():
    assert len(draw(report(AGE), BOOK, 1).columns["age"]) == 1000
    assert len(draw(report(AGE), BOOK, 1, 7).columns["age"]) == 7


def test_a_category_that_joins_codes_gives_each_of_them_evenly():
    document = report(one("age", 400, 600, groups=[[1, 2], [3, 4, 5]]))
    assert shares(document, "age") == pytest.approx(dict.fromkeys((1, 2, 3, 4, 5), 0.2), abs=0.015)


def test_a_code_that_nobody_could_choose_is_not_drawn():
    document = report(one("age", 400, 600, groups=[[1, 2], [3, 4, 5]]), zeros={"age": [2, 5]})
    assert set(column(document, "age")) == {1, 3, 4}


def test_a_hidden_cell_has_an_even_share_of_what_is_left():
    document = report(one("age", 400, None, 300, None, 100, no_answer=100))
    assert shares(document, "age") == pytest.approx({1: 0.4, 2: 0.05, 3: 0.3, 4: 0.05, 5: 0.1, -5: 0.1}, abs=0.015)


def test_a_hidden_cell_is_not_zero_even_where_rounding_left_nothing():
    assert shares(report(one("age", 600, None, 405)), "age")[2] > 0


def test_what_is_withheld_is_no_column():
    assert list(draw(report(AGE, {**GEN, "visible": False}), BOOK, 1).columns) == ["age"]


def test_a_count_outside_that_is_not_published_is_drawn_as_nobody():
    assert set(column(report(AGE | {"no_answer": None}), "age")) == {1, 2, 3, 4, 5}


def test_columns_stand_in_the_order_of_the_codebook():
    assert list(draw(report(GEN, AGE), BOOK, 1).columns) == ["age", "gen"]


YOUNG_WOMEN = two(["age", "gen"], [[[1, 2], [3], [4, 5]], [[1], [2]]], [450, 100, 50, 150, 0, 150], no_answer=100)
"""Coarser than the tables of age and of gen, and without another description."""


def test_what_goes_together_in_a_crosstab_goes_together_in_the_rows():
    drawn = draw(report(AGE, GEN, YOUNG_WOMEN), BOOK, 1, 20_000)
    pairs = Counter(zip(drawn.columns["age"], drawn.columns["gen"], strict=True))
    assert [(pair.first, pair.second) for pair in drawn.forest] == [("age", "gen")]
    assert pairs[4, 1] + pairs[5, 1] == 0
    odds = (pairs[1, 1] * pairs[3, 2]) / (pairs[1, 2] * pairs[3, 1])
    assert odds == pytest.approx(450 * 150 / (100 * 50), rel=0.15)


def test_a_pair_leaves_the_margins_as_they_are():
    with_pair, without = report(AGE, GEN, YOUNG_WOMEN), report(AGE, GEN)
    for name in ("age", "gen"):
        assert shares(with_pair, name) == pytest.approx(shares(without, name), abs=0.015)


@pytest.mark.parametrize(
    "change",
    [{"visible": False}, {"cells": [{"count": count} for count in (450, 100, 50, 150, None, None)]}],
    ids=["withheld", "with a hidden cell"],
)
def test_a_crosstab_that_is_not_shown_in_full_joins_nothing(change):
    assert draw(report(AGE, GEN, YOUNG_WOMEN | change), BOOK, 1).forest == ()


def test_variables_that_as_many_were_not_asked_were_not_asked_of_the_same_people():
    document = report(one("age", 300, 300, 200, not_asked=200), one("gen", 300, 400, no_answer=100, not_asked=200))
    drawn = draw(document, BOOK, 1, 5000).columns
    unasked = [np.array(drawn[name]) == -7 for name in ("age", "gen")]
    assert np.array_equal(*unasked)
    assert unasked[0].mean() == pytest.approx(0.2, abs=0.02)
    assert (np.array(drawn["gen"]) == -5).mean() == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize(("either", "both"), [(400, 0.0), (300, 0.1), (200, 0.2)])
def test_conditions_overlap_as_the_crosstab_says(either, both):
    crossed = two(["age", "gen"], [[[1], [2]], [[1], [2]]], [200, 100, 100, 200], not_asked=either)
    document = report(one("age", 400, 400, not_asked=200), one("gen", 400, 400, not_asked=205), crossed)
    drawn = draw(document, BOOK, 1, 20_000).columns
    found = np.mean([pair == (-7, -7) for pair in zip(drawn["age"], drawn["gen"], strict=True)])
    assert found == pytest.approx(both, abs=0.015)


def test_options_of_one_question_are_left_blank_together():
    options = [one(f"role_0{option}", 500, 400, groups=[[0], [1]], no_answer=100) for option in (1, 2)]
    drawn = draw(report(*options), BOOK, 1, 5000).columns
    blank = [{place for place, code in enumerate(drawn[name]) if code == -5} for name in ("role_01", "role_02")]
    assert blank[0] == blank[1] != set()


def test_the_same_seed_draws_the_same_people_and_another_one_others():
    document = report(AGE, GEN, YOUNG_WOMEN)
    assert draw(document, BOOK, 5).columns == draw(document, BOOK, 5).columns
    assert draw(document, BOOK, 5).columns != draw(document, BOOK, 6).columns


def test_it_is_a_function_of_the_document_alone():
    document = report(AGE, GEN, YOUNG_WOMEN)
    before = copy.deepcopy(document)
    draw(document, BOOK, 5)
    assert document == before
    assert list(inspect.signature(draw).parameters) == ["document", "codebook", "seed", "n"]


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ({}, "no report"),
        (report(AGE) | {"n": None}, "how many"),
        (report(), "no one-way table"),
        (report(AGE | {"variables": [{"name": "shoe"}]}), "no variable 'shoe'"),
        (report(one("age", 500, 500, groups=[[1], [9]])), "no code"),
        (report(one("age", 0, 0)), "hold together"),
        (report(one("age", -5, 10)), "hold together"),
        (report(AGE, GEN, YOUNG_WOMEN | {"cells": [{"count": 5}]}), "hold together"),
        (report({"visible": True}), "not in its form"),
        (report(AGE) | {"tables": None}, "not in its form"),
    ],
)
def test_what_is_no_report_of_this_codebook_is_refused(document, message):
    with pytest.raises(Unusable, match=message):
        draw(document, BOOK, 1)


def test_like_a_real_release_all_codes_are_in_the_codebook(released):
    _, drawn = released
    for name, codes in drawn.columns.items():
        assert set(codes) <= {*MRIS[name].codes, -5, -7}, name


def test_like_a_real_release_every_margin_is_met(released):
    document, drawn = released
    for table in document["tables"]:
        if table["visible"] and len(table["variables"]) == 1:
            codes = Counter(drawn.columns[table["variables"][0]["name"]])
            wanted = [cell["count"] for cell in table["cells"]] + [table["no_answer"] or 0, table["not_asked"] or 0]
            groups = [category["codes"] for category in table["categories"][0]] + [[-5], [-7]]
            found = [sum(codes[code] for code in group) / drawn.n for group in groups]
            assert found == pytest.approx([count / sum(wanted) for count in wanted], abs=0.035), table["id"]


def test_like_a_real_release_every_pair_of_the_tree_is_met(released):
    document, drawn = released
    kept = {frozenset((pair.first, pair.second)) for pair in drawn.forest}
    tables = [table for table in document["tables"] if {one["name"] for one in table["variables"]} in kept]
    assert len(tables) == len(kept) > 50
    for table in tables:
        first, second = (
            {code: place for place, one in enumerate(side) for code in one["codes"]} for side in table["categories"]
        )
        rows = zip(*(drawn.columns[one["name"]] for one in table["variables"]), strict=True)
        pairs = Counter((first[a], second[b]) for a, b in rows if a in first and b in second)
        wanted = np.array([cell["count"] for cell in table["cells"]])
        found = np.array(
            [pairs[a, b] for a in range(len(table["categories"][0])) for b in range(len(table["categories"][1]))]
        )
        # Who was asked is drawn without regard to the other question, which shows where few were asked.
        near = 0.05 if wanted.sum() > document["n"] / 2 else 0.1
        assert found / found.sum() == pytest.approx(wanted / wanted.sum(), abs=near), table["id"]
