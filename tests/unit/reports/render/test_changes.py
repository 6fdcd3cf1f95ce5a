import copy
import json

import pytest

from reports.render.changes import MOST_MOVES, changes


@pytest.fixture
def document(files):
    return json.loads(files["report.json"])


def other(document, table_id=None, **changed):
    """The same report with one table changed, or with something else of it changed."""
    copied = copy.deepcopy(document)
    where = next(one for one in copied["tables"] if one["id"] == table_id) if table_id else copied
    where.update(changed)
    return copied


def named(found):
    return [one.table for one in found]


def test_a_report_differs_from_itself_in_nothing(document):
    found = changes(document, document, "en")
    assert found.is_none
    assert found.same == sum(table["visible"] for table in document["tables"])


def test_more_people_and_another_tier_are_told(document):
    found = changes(document, other(document, n=600, tier="whole"), "en")
    assert (found.n_before, found.n_after, found.tier_after) == (document["n"], 600, "whole")
    assert not found.is_none


def test_a_table_may_come_and_go(document):
    hidden = other(document, "t1_age", visible=False)
    assert named(changes(document, hidden, "en").vanished) == ["t1_age"]
    assert named(changes(hidden, document, "en").appeared) == ["t1_age"]
    without = other(document, tables=document["tables"][1:])
    assert named(changes(without, document, "en").planned) == ["t1_age"]
    assert named(changes(document, without, "en").dropped) == ["t1_age"]


def test_a_plan_may_number_its_tables_anew(document):
    assert changes(document, other(document, "t1_age", id="t9_age"), "en").is_none


def test_other_categories_are_told_and_not_compared(document):
    joined = [[{"codes": [1, 2, 3, 4, 5], "label": {"en": "all", "zh-Hans": "全"}}]]
    found = changes(document, other(document, "t1_age", categories=joined, cells=[]), "en")
    assert (named(found.regrouped), found.moved) == (["t1_age"], 0)


def test_hidden_cells_are_told(document):
    (ages, *_) = document["tables"]
    cells = [{**ages["cells"][0], "count": None, "percent": None}, *ages["cells"][1:]]
    found = changes(document, other(document, "t1_age", cells=cells), "en")
    assert (named(found.more_hidden), found.moved) == (["t1_age"], 0)


def test_the_largest_differences_come_first_with_their_category(document):
    (ages, *_) = document["tables"]
    cells = [{**cell, "percent": cell["percent"] + up} for cell, up in zip(ages["cells"], (1, -7, 0, 3), strict=True)]
    found = changes(document, other(document, "t1_age", cells=cells), "en")
    assert [move.points for move in found.moves] == [-7, 3, 1]
    assert (found.moves[1].category, found.moved) == ("45-54 or 55+", 3)


def test_only_the_largest_are_listed(document):
    changed = copy.deepcopy(document)
    for table in changed["tables"]:
        for cell in table["cells"] if table["visible"] else ():
            cell["percent"] = None if cell["percent"] is None else cell["percent"] + 1
    found = changes(document, changed, "en")
    assert len(found.moves) == MOST_MOVES < found.moved


def test_a_report_that_spoke_other_languages_can_be_compared(document):
    chinese = json.loads(json.dumps(document).replace('"en":', '"xx":'))
    (dropped, *_) = changes(chinese, other(document, tables=[]), "en").dropped
    assert dropped.title.startswith("age")
