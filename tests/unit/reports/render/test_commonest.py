"""The commonest answer, from the published numbers alone."""

import json

import pytest

from reports.render.commonest import Commonest, commonest


def row(label, count, base=400, percent=None, about=False):
    return {"label": {"en": label}, "count": count, "base": base, "percent": percent, "about": about}


def figure(*rows):
    return {"rows": list(rows)}


LOW, MIDDLE, HIGH = row("low", 100, percent=25), row("middle", 115, percent=29), row("high", 185, percent=46)


def test_it_is_the_answer_of_most_people():
    assert commonest(figure(LOW, HIGH, MIDDLE), "en") == Commonest(("high",), "46 %", 185, 400)


def test_the_two_that_share_the_first_place_are_both_named():
    other = row("other", 185, percent=46)
    assert commonest(figure(HIGH, LOW, other), "en") == Commonest(("high", "other"), "46 %", 185, 400)


def test_where_more_share_the_first_place_none_is_named():
    assert commonest(figure(HIGH, row("b", 185, percent=46), row("c", 185, percent=46), LOW), "en") is None


@pytest.mark.parametrize("base", [None, 400])
def test_a_hidden_number_could_be_the_largest(base):
    assert commonest(figure(HIGH, row("low", None, base=base)), "en") is None


def test_answers_of_different_bases_are_not_compared():
    assert commonest(figure(HIGH, row("other", 20, base=30, percent=67)), "en") is None


def test_a_small_base_has_its_about_and_a_smaller_one_no_percentage():
    small = figure(row("yes", 40, 70, 57, True), row("no", 30, 70, 43, True))
    assert commonest(small, "en") == Commonest(("yes",), "about 57 %", 40, 70)
    smaller = figure(row("yes", 20, 30, None, True), row("no", 10, 30, None, True))
    assert commonest(smaller, "en") == Commonest(("yes",), "", 20, 30)


@pytest.fixture
def figures(files):
    return {figure["id"]: figure for figure in json.loads(files["report.json"])["figures"]}


def test_it_reads_the_figures_of_a_report(figures):
    gender = commonest(figures["t1_gen"], "zh-Hans")
    assert gender == Commonest(("中man",), "53%", 170, 320)
    assert commonest(figures["t1_age"], "en") is None, "four answers of 100 people each"
    assert commonest(figures["t2_role"], "en") is None, "one option is withheld"
