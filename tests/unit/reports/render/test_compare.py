import copy
import json

import pytest

from reports.render.compare import compare


@pytest.fixture
def document(files):
    return json.loads(files["report.json"])


def other(document, table_id, **changes):
    changed = copy.deepcopy(document)
    table = next(one for one in changed["tables"] if one["id"] == table_id)
    table.update(changes)
    return changed


def test_the_same_release_differs_in_nothing(document):
    found = compare(document, document, "en")
    ages = next(table for table in found.tables if table.id == "t1_age")
    assert ages.rows[3] == ("45-54 or 55+", "25 %", "25 %", "+0")
    assert found.otherwise == found.only_first == found.only_second == ()
    assert {table.id for table in found.tables} == {table["id"] for table in document["tables"] if table["visible"]}


def test_points_are_second_less_first_and_hidden_numbers_have_none(document):
    cells = [{**cell, "percent": 30} for cell in document["tables"][0]["cells"]]
    (ages, *_) = compare(document, other(document, "t1_age", cells=cells), "en").tables
    assert [row[3] for row in ages.rows] == ["+5", "+5", "+5", "+5"]
    hidden = [{**cell, "percent": None, "count": None} for cell in cells]
    (ages, *_) = compare(document, other(document, "t1_age", cells=hidden), "en").tables
    assert [row[2:] for row in ages.rows] == [("not shown", "")] * 4


def test_tables_in_other_categories_or_in_one_release_only_are_named(document):
    joined = [[{"codes": [1, 2, 3, 4, 5], "label": {"en": "all", "zh-Hans": "全"}}]]
    assert compare(document, other(document, "t1_age", categories=joined), "en").otherwise == ("age",)
    assert compare(document, other(document, "t1_age", visible=False), "en").only_first == ("age",)
    assert compare(other(document, "t1_age", visible=False), document, "en").only_second == ("age",)
