"""Waves side by side: published numbers of other waves beside those of a report."""

import csv
import io

import pytest

from reports.render import build, published
from reports.render.outline import sections
from reports.render.waves import side_by_side_csv
from tests.unit.reports.render.conftest import MIXED, TEXTS
from tests.unit.reports.small import BOOK, lines

OTHER = {**MIXED, "age": {1: 120, 2: 80, 3: 90, 4: 60, 5: 50}, "att_1": {1: 5, 5: 395}}


@pytest.fixture
def plan(make_plan):
    return make_plan(lines(("tables: role att", "tables: role att\n    waves: age att_1")))


@pytest.fixture
def earlier(plan, protected, meta):
    document = build(protected(400, OTHER, plan), plan, BOOK, TEXTS, meta)
    return {"report": "small-1", "waves": ["small/1"], "tables": published(document, ["age", "att_1"])}


@pytest.fixture
def document(plan, protected, meta, earlier):
    return build(protected(400, MIXED, plan, waves=("small/2",)), plan, BOOK, TEXTS, meta, {"waves": [earlier]})


def test_each_number_is_the_published_one_of_its_release(document):
    written = list(csv.DictReader(io.StringIO(side_by_side_csv(document).decode("utf-8-sig"))))
    numbers = {(row["codes"], row["report"]): row for row in written if row["variable"] == "age"}
    ages = {place: (row["percent"], row["lower"], row["upper"]) for place, row in numbers.items()}
    tables = {table["id"]: table for table in document["tables"]}
    own = tables["t1_age"]["cells"][0]
    assert ages["1", "demo-1"] == tuple(str(own[name]) for name in ("percent", "lower", "upper"))
    assert ages["1", "small-1"][0] == "30"


def test_other_categories_stand_apart_and_hidden_ones_are_marked(document):
    ((age, att),) = ([one for one in sections(document, "en")[1].statistics if "_waves_" in one.id],)
    assert age.columns == ("small/2 · demo-1", "small/1 · small-1")
    rows = dict(age.rows)
    assert rows["45-54 or 55+"] == ("25 % (20–30)", "–")
    assert rows["55+"][0] == "–"
    assert "not shown" in {values[1] for _, values in att.rows}


def test_where_there_is_nothing_to_compare_one_line_says_so(plan, protected, meta):
    section = sections(build(protected(400, MIXED, plan), plan, BOOK, TEXTS, meta), "en")[1]
    assert [remark for remark in section.remarks if "nothing to compare" in remark]
    assert not [one for one in section.statistics if "_waves_" in one.id]
