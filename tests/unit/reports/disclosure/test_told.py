"""How many people were asked, or ticked nothing, says nothing about few people beside tables that join them."""

from pathlib import Path

import numpy as np
import pytest

from reports.disclosure import Mean, ProtectedCube, ProtectedScale, ProtectedTable, Tier, clashes, protect
from reports.disclosure.implied import Shown
from reports.disclosure.told import asking_tells
from reports.plan import load_plan
from reports.tabulate import count, workload
from survey.instrument.codebook import build_codebook
from survey.instrument.load import load_instrument
from tests.unit.reports.attack.releases import BOOK

LIBRARY = build_codebook(load_instrument(Path("tests/library/instruments/library")))
JOINED = ((1, 2, 3), (0,))


def alone(name, categories, counts, outside=(None, None)):
    return Shown((name,), (categories,), counts, outside)


def tick(name, *counts, outside=(None, None)):
    return alone(name, ((0,), (1,)), counts, outside)


def tells(one, *others, n=150):
    told = asking_tells(one, others, n, BOOK)
    assert told is asking_tells(others[0], [*others[1:], one], n, BOOK)
    return told


@pytest.mark.parametrize(("announced", "told"), [(100, True), (95, False), (70, False)])
def test_a_question_for_some_of_a_joined_category_leaves_the_others(announced, told):
    half = announced // 2 // 5 * 5
    asked = alone("ant_1", ((1, 2, 3), (4, 5)), (half, announced - half), (None, 150 - announced))
    assert tells(alone("elig", JOINED, (100, 50)), asked) is told


def test_two_questions_that_were_asked_of_all_in_a_category_leave_nobody():
    three = alone("elig", JOINED, (200, 50))
    looking_ahead = alone("ant_1", ((1, 2, 3), (4, 5)), (50, 50), (None, 150))
    looking_back = alone("imp", ((1, 2), (3, 4, 5)), (50, 50), (None, 150))
    assert not tells(three, looking_ahead, looking_back, n=250)


def test_everybody_who_was_asked_less_some_of_them_are_the_others_though_no_table_says_what_happened():
    affected = tick("lost_01", 60, 50, outside=(None, 90))
    assert tells(affected, alone("ant_1", ((1, 2, 3), (4, 5)), (55, 55), (None, 90)), n=200)
    assert not tells(affected, alone("ant_1", ((1, 2, 3), (4, 5)), (30, 30), (None, 140)), n=200)


def test_who_was_not_asked_is_no_category():
    assert not tells(alone("elig", ((1, 2), (3, 0)), (100, 50)), tick("lost_01", 100, 45))


@pytest.mark.parametrize(("books", "told"), [(50, True), (60, False)])
def test_options_that_nobody_combines(books, told):
    tables = [tick("lend_00", 90, 20), tick("lend_01", 110 - books, books), tick("lend_02", 70, 40)]
    for at, table in enumerate(tables):
        assert asking_tells(table, tables[:at] + tables[at + 1 :], 110, LIBRARY) is told
    assert not asking_tells(tables[0], tables[:2], 110, LIBRARY)


def visitors(*answers):
    """`answers`: how many people, how often they went, and whether they borrowed books, films and nothing."""
    rows = []
    for people, visit, *lent in answers:
        row = np.full(LIBRARY.width, LIBRARY["view_1"].byte(2), np.uint8)
        for name, code in {"con_sens": 1, "visit": visit, "lang": "en", "view_band": 2}.items():
            row[LIBRARY[name].position] = LIBRARY[name].byte(code)
        for name, ticked in zip(("lend_01", "lend_02", "lend_00"), lent or (None,) * 3, strict=True):
            row[LIBRARY[name].position] = 0 if ticked is None else LIBRARY[name].byte(ticked)
        rows += [row] * people
    return np.array(rows)


@pytest.fixture
def library():
    plan = load_plan(Path("tests/library/plans/library.yaml"), LIBRARY)

    def make(*answers):
        cube = protect(count([visitors(*answers)], workload(plan, LIBRARY), ("w",)), plan, LIBRARY)
        return {one.variables[0]: one for one in cube.tables if len(one.variables) == 1 and one.visible}, cube

    return make


def test_how_many_never_went_is_the_number_who_were_not_asked_what_they_borrowed(library):
    few, cube = library((30, 1, 1, 0, 0), (21, 2, 0, 0, 1), (3, 3, 0, 1, 0), (48, 4))
    assert ("visit" in few) != bool({"lend_01", "lend_00"} & few.keys())
    assert clashes(cube, [cube], LIBRARY) == []
    many, _ = library((30, 1, 1, 0, 0), (21, 2, 0, 0, 1), (20, 3, 0, 1, 0), (48, 4))
    assert {"visit", "lend_01"} <= many.keys()


def test_nothing_borrowed_excludes_books(library):
    both = (14, 1, 1, 1, 0)
    some, _ = library(both, (25, 1, 1, 0, 0), (25, 2, 0, 0, 1), (14, 3, 0, 1, 0), (50, 4))
    few, _ = library(both, (25, 1, 1, 0, 0), (21, 2, 0, 0, 1), (12, 3, 0, 0, 1), (7, 3, 0, 1, 0), (50, 4))
    assert {"lend_00", "lend_01"} <= some.keys()
    assert len({"lend_00", "lend_01"} & few.keys()) == 1


@pytest.mark.parametrize(("scored", "told"), [(100, True), (70, False)])
def test_a_mean_that_was_made_without_knowing_of_a_table_tells_no_more_than_one_that_did(scored, told):
    """How many have a score is how many were asked, of those whom the table joins with others."""
    mean = ProtectedScale("t4_ant", "ANT", None, (), (Mean(scored, 3.0, 1.0, 1),))
    eligible = ProtectedTable("t2_elig", ("elig",), (1,), (JOINED,), (100, 50))

    def release(**held):
        return ProtectedCube(
            "", "mris", "1", ("mris/1",), 150, Tier.WHOLE, held.get("tables", ()), scales=held.get("scales", ())
        )

    of_mean, of_table = release(scales=(mean,)), release(tables=(eligible,))
    assert clashes(of_mean, [of_table], BOOK) == (["t4_ant"] if told else [])
    assert clashes(of_table, [of_mean], BOOK) == (["t2_elig"] if told else [])
