import json
from dataclasses import replace

import pytest

from reports.render import build, render_files
from reports.render.document import canonical
from tests.unit.reports.render.conftest import TEXTS
from tests.unit.reports.small import BOOK, lines


@pytest.fixture
def document(files):
    return json.loads(files["report.json"])


@pytest.fixture
def table(document):
    by_id = {table["id"]: table for table in document["tables"]}
    return by_id.__getitem__


def test_every_number_is_the_protected_cubes(document, cube):
    for shown, table in zip(document["tables"], cube.tables, strict=True):
        assert shown["id"] == table.id
        assert [cell["count"] for cell in shown["cells"]] == list(table.counts)
        assert (shown["base"], shown["no_answer"], shown["not_asked"]) == (table.base, table.no_answer, table.not_asked)
        assert [[category["codes"] for category in one] for one in shown["categories"]] == [
            [list(codes) for codes in one] for one in table.categories
        ]
    assert (document["n"], document["tier"]) == (cube.n, cube.tier) == (400, "whole")


def test_percentages_and_intervals_come_from_the_rounded_counts(table):
    assert table("t1_age")["cells"][3] == {
        **{"count": 100, "base": 400, "about": False},
        **{"percent": 25, "lower": 20, "upper": 30},
    }


def test_a_small_base_is_marked_and_a_smaller_one_has_no_percentages(table):
    assert (table("t2_role_02")["base"], table("t2_role_02")["about"]) == (70, True)
    assert [cell["percent"] for cell in table("t2_role_02")["cells"]] == [57, 43]
    assert table("t2_role_01")["cells"][1] == {
        **{"count": 10, "base": 20, "about": True},
        **{"percent": None, "lower": None, "upper": None},
    }
    assert not table("t1_age")["about"]


def test_a_withheld_table_has_reasons_and_no_number(table, document):
    withheld = table("t2_role_03")
    assert (withheld["visible"], withheld["reasons"], withheld["base"]) == (False, ["small_cells", "full_cell"], None)
    assert all(cell[key] is None for cell in withheld["cells"] for key in cell if key != "about")
    assert set(document["reasons"]["small_cells"]) == {"en", "zh-Hans"}


def test_joined_categories_are_named_in_every_language(table):
    assert table("t1_age")["categories"][0][3] == {
        "codes": [4, 5],
        "label": {"en": "45-54 or 55+", "zh-Hans": "中45-54或中55+"},
    }


def test_a_level_says_what_it_left_out(table):
    assert table("t1_gen")["notes"][0]["en"] == "other descriptions are too few to be shown apart"
    assert table("t1_age")["notes"] == []


def test_tables_say_whether_they_were_planned(protected, make_plan, meta):
    plan = make_plan(lines(("tables: role att", "tables: [role, {of: att, added: 2027-01-10}]")))
    document = build(protected(400, {}, plan), plan, BOOK, TEXTS, meta)
    dates = {table["id"]: (table["planned_on"], table["added_on"]) for table in document["tables"]}
    assert dates["t2_role_01"] == ("2026-11-23", None)
    assert dates["t2_att_1"] == (None, "2027-01-10")


def test_a_title_that_the_plan_lacks_in_a_language_is_given_in_the_source_language(document):
    assert document["sections"][0]["title"] == {"en": "Who answered", "zh-Hans": "谁"}
    assert document["sections"][1]["title"]["zh-Hans"] == "What they said"


def test_withheld_crosstabs_keep_their_place(protected, make_plan, meta):
    plan = make_plan(lines(("tables: role att", "crosstabs: [{rows: att_1, columns: age}]")))
    files = render_files(protected(400, {}, plan), plan, BOOK, TEXTS, meta)
    (crossed,) = [one for one in json.loads(files["report.json"])["tables"] if len(one["variables"]) == 2]
    assert crossed["reasons"] == ["question_withheld"]
    assert "t2_att_1_by_age,att_1,1 2 3,age,3 4 5,count,:,,,Q,C" in files["cells.csv"].decode()
    assert b"1 2 3 \xc3\x97 3 4 5" in files["tables/en/t2_att_1_by_age.csv"]


def test_nothing_is_made_of_a_refused_cube(protected, make_plan, meta):
    with pytest.raises(ValueError, match="too_few_responses"):
        render_files(protected(7, {}), make_plan(), BOOK, TEXTS, meta)


def test_nothing_is_made_of_a_cube_of_another_plan(cube, make_plan, meta):
    other = make_plan(lines(("tables: role att", "tables: role")))
    with pytest.raises(ValueError, match="another plan or codebook"):
        render_files(cube, other, BOOK, TEXTS, meta)


def test_a_language_without_words_is_refused(cube, make_plan, meta):
    with pytest.raises(LookupError, match="xx"):
        render_files(cube, make_plan(), BOOK, {"xx": str}, meta)


def test_the_same_arguments_give_the_same_bytes(files, cube, make_plan, meta):
    assert render_files(cube, make_plan(), BOOK, TEXTS, meta) == files
    assert render_files(cube, make_plan(), BOOK, TEXTS, replace(meta, report="demo-2")) != files


def test_canonical_json_does_not_depend_on_the_order_of_keys():
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "é", "b": 1}) == '{"a":"é","b":1}\n'.encode()


def test_the_summary_is_figures_in_the_order_of_the_plan(cube, make_plan, meta):
    chosen = replace(make_plan(), summary=("role_01", "role_02", "age"))
    assert build(cube, chosen, BOOK, TEXTS, meta)["summary"] == ["t2_role", "t1_age"]
