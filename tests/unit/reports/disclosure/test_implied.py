"""Tables of answers of which one follows from the other say nothing about few people together."""

from dataclasses import replace

import numpy as np
import pytest

from reports.disclosure import clashes
from reports.disclosure.implied import Shown, tells_of_few
from survey.instrument.links import Link
from tests.unit.reports.attack.releases import BOOK, people, safe

LINKS = (Link("main", 1, "a", frozenset({1})), Link("main", 2, "b", frozenset({1})))
TICK = (((0,), (1,)),)


def alone(name, *counts, categories=TICK):
    return Shown((name,), categories, counts)


@pytest.mark.parametrize(("ticked", "told"), [(35, True), (30, True), (40, False)])
def test_fewer_may_not_have_ticked_an_answer_without_calling_it_the_main_one(ticked, told):
    main = alone("main", 30, 70, categories=(((1,), (2,)),))
    assert tells_of_few(main, [alone("a", 60, ticked)], LINKS) is told
    assert tells_of_few(alone("a", 60, ticked), [main], LINKS) is told


def test_what_is_joined_with_an_answer_that_follows_from_nothing_is_not_compared():
    main = alone("main", 30, 70, categories=(((1, 3), (2,)),))
    assert not tells_of_few(main, [alone("a", 60, 30)], LINKS)


def test_an_answer_that_follows_from_all_categories_says_nothing():
    assert not tells_of_few(
        alone("main", 90, 10, categories=(((1,), (2,)),)), [alone("a", 95, categories=(((0, 1),),))], LINKS
    )


@pytest.mark.parametrize(("first", "told"), [(40, True), (None, False), (30, False)])
def test_the_same_holds_in_every_group_of_two_tables(first, told):
    by = (((1,), (2,)),)
    inner = Shown(("main", "age"), ((((1,), (2,))), *by), (first, 20, 50, 50))
    outer = Shown(("age", "a"), (*by, *TICK), (60, 45, 60, 60))
    assert tells_of_few(inner, [outer], LINKS) is told
    assert tells_of_few(outer, [inner], LINKS) is told
    assert not tells_of_few(inner, [alone("a", 100, 105)], LINKS)


def test_a_report_shows_a_collective_act_or_all_of_them_but_not_the_few_others():
    codes = people(1, 1000)[:120].copy()
    acts = [one.position for one in BOOK.coded if one.item == "act"]
    codes[:, acts] = BOOK["act_02"].byte(0)
    codes[:60, BOOK["act_02"].position] = BOOK["act_02"].byte(1)
    codes[55:63, BOOK["act_04"].position] = BOOK["act_04"].byte(1)
    codes[:, BOOK["act_coll"].position] = np.where(
        np.arange(120) < 63, BOOK["act_coll"].byte(1), BOOK["act_coll"].byte(0)
    )
    cube = safe(codes)
    shown = {table.variables: table for table in cube.tables}
    assert shown["act_coll",].visible
    assert not shown["act_02",].visible
    of_the_act = replace(shown["act_02",], categories=(((0,), (1,)),), counts=(60, 60), reasons=())
    assert "t8_act_coll" in clashes(cube, [replace(cube, tables=(of_the_act,))], BOOK)
    assert clashes(cube, [cube], BOOK) == []
