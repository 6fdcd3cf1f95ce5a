"""Adjusted odds ratios in a report: from tables that are shown in full, at categories that all of them have."""

from dataclasses import replace
from math import exp
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm

from reports.disclosure import ProtectedCube, ProtectedTable, Reason, Tier
from reports.plan import load_plan
from reports.render.statistics.adjusted import ADJUSTED, adjusted
from reports.render.tables import tidy
from survey.queries import codebook

BOOK = codebook("mris")
(SPEC,) = load_plan(Path("reports/plans/mris.yaml"), BOOK).regressions
TEXTS = {"en": lambda text: text.source}
YES, EACH, HIGH, LOW = ((1,), (0,)), ((1,), (2,), (3,)), ((1, 2), (3,)), ((1,), (2, 3))

PEOPLE = np.array([[[60, 90], [40, 70], [20, 40]], [[80, 100], [90, 95], [60, 75]], [[50, 45], [85, 80], [95, 70]]])
"""Attachment by lack of choice by act or none; all are multiples of 5."""


def table(variables, sides, counts):
    return ProtectedTable("x", variables, (0, 0), sides, tuple(int(one) for one in np.ravel(counts)))


def cube(*tables):
    return ProtectedCube("", "mris", "1", ("mris/1",), 1000, Tier.WHOLE, tables)


JOINT = table(("cho_band", "att_band"), (EACH, EACH), PEOPLE.sum(axis=2).T)
BY_ATT = table(("act_coll", "att_band"), (YES, EACH), PEOPLE.sum(axis=1).T)
BY_CHO = table(("act_coll", "cho_band"), (YES, EACH), PEOPLE.sum(axis=0).T)


def values(*tables):
    made = adjusted(SPEC, cube(*tables), BOOK, TEXTS)
    return {(row["name"], row["codes"]): row["values"] for row in made["rows"]}, made["notes"][0]["en"]


def model(people):
    """The same by another library, from counts of all three questions."""
    first, second, _ = people.shape
    rows = [[1.0, *(a == one for one in range(1, first)), *(b == one for one in range(1, second))]
            for a in range(first) for b in range(second)]  # fmt: skip
    return sm.GLM(people.reshape(-1, 2), np.array(rows, float), family=sm.families.Binomial()).fit().params


def test_they_are_those_of_a_model_that_saw_all_three_questions_at_once():
    found, _ = values(JOINT, BY_ATT, BY_CHO)
    ratios = [found[name, code]["adjusted"] for name in ("att_band", "cho_band") for code in ("2", "3")]
    assert ratios == [round(exp(one), 2) for one in model(PEOPLE)[1:]]
    assert found["att_band", "1"].keys() == {"n"}
    assert found["att_band", "3"]["odds"] == round(230 / 195 / (120 / 200), 2) == 1.97


def test_a_row_of_a_category_of_its_own_variable_stands_under_it_among_all_numbers():
    made = adjusted(SPEC, cube(JOINT, BY_ATT, BY_CHO), BOOK, TEXTS)
    places = {tuple(row)[1:5] for row in tidy({"tables": [], "statistics": [made]})}
    assert {("att_band", "3", "", ""), ("cho_band", "2", "", "")} <= places


def test_categories_that_one_table_joins_are_joined_in_all():
    joined = table(("cho_band", "att_band"), (EACH, HIGH), np.add.reduceat(PEOPLE.sum(axis=2).T, [0, 2], axis=1))
    found, _ = values(joined, BY_ATT, BY_CHO)
    assert [key for key in found if key[0] == "att_band"] == [("att_band", "1 2"), ("att_band", "3")]
    expected = model(np.add.reduceat(PEOPLE, [0, 2], axis=0))
    assert found["att_band", "3"]["adjusted"] == round(exp(expected[1]), 2)


def test_below_500_people_they_have_one_decimal():
    few = [replace(one, counts=tuple(count // 15 * 5 for count in one.counts)) for one in (JOINT, BY_ATT, BY_CHO)]
    found, _ = values(*few)
    number = found["cho_band", "3"]["adjusted"]
    assert number == round(number, 1)


BARE = dict.fromkeys(ADJUSTED)
HIDDEN = replace(BY_CHO, counts=(None, *BY_CHO.counts[1:]))
TURNED = table(("cho_band", "att_band"), (HIGH, EACH), np.add.reduceat(PEOPLE.sum(axis=2).T, [0, 2], axis=0))
OTHER_WAY = table(("act_coll", "cho_band"), (YES, LOW), np.add.reduceat(PEOPLE.sum(axis=0).T, [0, 1], axis=1))
FEW = replace(BY_ATT, counts=(5, *BY_ATT.counts[1:]))
AGAINST = table(("act_coll", "cho_band"), (YES, EACH), [[400, 15, 15], [15, 400, 400]])
ALIKE = table(("cho_band", "att_band"), (EACH, EACH), [[400, 10, 10], [10, 200, 200], [10, 200, 200]])
OPPOSITE = table(("act_coll", "att_band"), (YES, EACH), [[15, 400, 400], [400, 15, 15]])


@pytest.mark.parametrize(
    ("tables", "why"),
    [
        ((JOINT, BY_ATT, HIDDEN), "not all of it"),
        ((replace(JOINT, reasons=(Reason.BELOW_TIER,)), BY_ATT, BY_CHO), "is not shown"),
        ((JOINT, replace(BY_ATT, reasons=(Reason.SMALL_CELLS,)), BY_CHO), "is not shown"),
        ((JOINT, FEW, BY_CHO), "10 people are needed"),
        ((TURNED, BY_ATT, OTHER_WAY), "no two categories"),
        ((ALIKE, OPPOSITE, AGAINST), "no finite odds ratio"),
    ],
)
def test_where_they_are_not_given_one_line_says_why(tables, why):
    found, note = values(*tables)
    assert why in note
    assert found == {("att_band", ""): BARE, ("cho_band", ""): BARE}
