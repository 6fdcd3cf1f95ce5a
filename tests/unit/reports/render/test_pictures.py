import json
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from reports.render import Event
from reports.render.charts import WIDTH, across, content
from reports.render.pictures import draw, listed
from reports.render.timeline import timelines
from tests.unit.reports.render.conftest import TEXTS
from tests.unit.reports.small import BOOK, lines

SVG = "{http://www.w3.org/2000/svg}"


def texts(*names):
    return {language: f"{names[0]} {language}" for language in ("en", "ar")}


def matrix_row(name, percents):
    labels = ("strongly disagree", "disagree", "neither", "agree", "strongly agree")
    return {
        "id": f"t5_{name}",
        "section": "T5",
        "visible": True,
        "variables": [{"name": name, "item": "att", "kind": "X", "title": texts(name), "question": texts("How?")}],
        "categories": [
            [{"codes": [code], "label": {"en": label, "ar": label}} for code, label in enumerate(labels, 1)]
        ],
        "cells": [{"percent": percent} for percent in percents],
    }


@pytest.fixture
def document():
    tables = [matrix_row("att_1", (10, 20, 40, 20, 10)), matrix_row("att_2", (50, 20, 10, 10, 10))]
    group = {"label": texts("A"), "name": "ATT", "codes": "1", "decimals": 1}
    measured = {
        "id": "t6_att_by_age",
        "section": "T6",
        "by": "age",
        "title": texts("attachment"),
        "question": texts("age"),
        "rows": [
            {**group, "values": {"mean": 3.0, "lower": 2.5, "upper": 3.5}},
            {**group, "values": {"mean": 4.0, "lower": 3.8, "upper": 4.2}},
            {**group, "values": {"mean": None, "lower": None, "upper": None}},
        ],
    }
    return {
        "stamp": None,
        "tables": tables,
        "statistics": [measured],
        "pictures": listed(tables, [measured], ["en", "ar"]),
    }


def drawn(document, kind, language="en"):
    (picture,) = (one for one in document["pictures"] if one["kind"] == kind)
    return ET.fromstring(content(draw(picture, document, language)))


def test_the_middle_of_what_is_neither_stands_at_the_same_place_in_every_row(document):
    svg = drawn(document, "likert")
    grey = [box for box in svg.iter(f"{SVG}rect") if box.get("fill") == "#d9dce0" and box.get("height") == "20"]
    centres = [int(box.get("x")) + int(box.get("width")) / 2 for box in grey]
    assert max(centres) - min(centres) <= 1


def test_segments_are_as_long_as_their_percentages_and_do_not_overlap(document):
    svg = drawn(document, "likert")
    boxes = [box for box in svg.iter(f"{SVG}rect") if box.get("height") == "20"]
    first = sorted((int(box.get("x")), int(box.get("width"))) for box in boxes[:5])
    assert [width for _, width in first] == [20, 40, 80, 40, 20]
    assert all(x + width == after for (x, width), (after, _) in pairwise(first))


def test_words_say_what_is_drawn(document):
    description = drawn(document, "likert").findtext(f"{SVG}desc")
    assert "att_1 en: strongly disagree 10 %, disagree 20 %" in description
    assert "3.0 (2.5–3.5)" in drawn(document, "forest").findtext(f"{SVG}desc")


def test_a_hidden_mean_is_named_as_hidden_and_has_no_dot(document):
    svg = drawn(document, "forest")
    assert len(list(svg.iter(f"{SVG}circle"))) == 2
    assert "not shown" in [text.text for text in svg.iter(f"{SVG}text")]


def test_a_script_from_right_to_left_is_mirrored(document):
    left = [int(dot.get("cx")) for dot in drawn(document, "forest").iter(f"{SVG}circle")]
    right = [int(dot.get("cx")) for dot in drawn(document, "forest", "ar").iter(f"{SVG}circle")]
    assert right == [WIDTH - x for x in left]
    assert across(ET.Element("svg", lang="ar"), 20, 100) == WIDTH - 120


def test_nothing_is_listed_for_a_single_row(document):
    assert listed(document["tables"][:1], [], ["en", "ar"]) == []


def test_a_real_report_lists_what_it_draws(files):
    document = json.loads(files["report.json"])
    for picture in document["pictures"]:
        assert f"figures/en/{picture['id']}.svg" in files


EVENTS = (
    Event(1, "2026-01-29", "2026-02-13", "2026-02-13"),
    Event(2, "2025-11", "2026-02-16", "2026-02-17"),
    Event(3, "", "", ""),
    Event(4, "", "2025-08-07", ""),
)


@pytest.fixture
def timeline(make_plan):
    plan = make_plan(lines(("    tables: [age,", "    timeline: age\n    tables: [age,")))
    (made,) = timelines(plan, BOOK, TEXTS, EVENTS)
    return made


def test_a_timeline_holds_dated_events_in_their_order_with_days_of_notice(timeline):
    assert [event["label"]["en"] for event in timeline["events"]] == ["45-54", "18-24", "25-34"]
    assert [event["notice_days"] for event in timeline["events"]] == [None, 15, None]
    assert timeline["years"] == [2025, 2026, 2027]
    assert "18-24: 2026-02-13, 15 days’ notice" in timeline["alt"]["en"]


def test_a_timeline_is_drawn_in_the_order_of_time(timeline):
    svg = ET.fromstring(content(draw(timeline, {"stamp": None}, "en")))
    marks = [int(box.get("x")) for box in svg.iter(f"{SVG}rect") if box.get("class") == "bar"]
    assert marks == sorted(marks)
    assert len(marks) == 3


def test_without_dated_events_there_is_no_timeline(make_plan):
    plan = make_plan(lines(("    tables: [age,", "    timeline: age\n    tables: [age,")))
    assert list(timelines(plan, BOOK, TEXTS, EVENTS[2:3])) == []
