"""What was released before limits what may be released now."""

import pytest

from reports.disclosure import Reason, clashes
from tests.unit.reports.small import BOOK

FIRST, SECOND = ("small/1",), ("small/1", "small/2")
ALL = (*SECOND, "small/3")


def test_the_same_waves_again_give_the_same_tables(protected):
    counts = {"age": {1: 100, 2: 100, 3: 100, 4: 91, 5: 9}}
    before = protected(400, counts)
    assert protected(400, counts, earlier=[before]) == before


def test_another_count_for_the_same_waves_is_not_shown(protected):
    before = protected(400, {"role_01": {0: 100, 1: 300}})
    now = protected(400, {"role_01": {0: 105, 1: 295}}, earlier=[before])
    assert now["t2_role_01"].reasons == (Reason.DIFFERS_FROM_EARLIER,)


def test_the_same_waves_are_never_shown_at_two_levels(protected):
    before = protected(400, {"age": {1: 100, 2: 100, 3: 100, 4: 91, 5: 9}})
    now = protected(400, {"age": {1: 100, 2: 100, 3: 100, 4: 90, 5: 10}}, earlier=[before])
    assert (before["t1_age"].levels, now["t1_age"].levels) == ((1,), (1,))


def test_waves_without_a_common_one_do_not_matter(protected):
    before = protected(400, {"age": {1: 100, 2: 300}}, waves=("small/2",))
    now = protected(400, {"age": {1: 150, 3: 250}}, earlier=[before], waves=FIRST)
    assert now == protected(400, {"age": {1: 150, 3: 250}}, waves=FIRST)


def test_a_withheld_table_of_an_earlier_release_says_nothing(protected):
    before = protected(400, {"age": {1: 400}})
    counts = {"age": {1: 250, 3: 250}}
    assert protected(500, counts, earlier=[before], waves=SECOND)["t1_age"].visible


@pytest.mark.parametrize(
    ("ages", "level"),
    [
        ({1: 120, 2: 120, 3: 120, 4: 120, 5: 120}, 0),
        ({1: 120, 2: 120, 3: 120, 4: 110, 5: 105}, 1),
        ({1: 105, 2: 120, 3: 120, 4: 120, 5: 120}, 2),
        ({1: 105, 2: 130, 3: 105, 4: 115, 5: 110}, 3),
    ],
)
def test_what_a_later_wave_added_must_not_be_small(protected, ages, level):
    before = protected(500, {"age": dict.fromkeys(range(1, 6), 100)}, waves=FIRST)
    now = protected(sum(ages.values()), {"age": ages}, earlier=[before], waves=SECOND)
    assert now["t1_age"].levels == (level,)


def test_where_every_level_shows_a_small_difference_the_table_is_withheld(protected):
    before = protected(400, {"role_01": {0: 200, 1: 200}}, waves=FIRST)
    now = protected(500, {"role_01": {0: 295, 1: 205}}, earlier=[before], waves=SECOND)
    assert now["t2_role_01"].reasons == (Reason.SMALL_DIFFERENCE,)


def test_a_finer_level_now_is_compared_with_what_was_joined_then(protected):
    before = protected(400, {"age": {1: 391, 3: 9}}, waves=FIRST)
    assert not before["t1_age"].visible
    before = protected(400, {"age": {1: 350, 3: 50}}, waves=FIRST)
    assert before["t1_age"].levels == (3,)
    now = protected(450, {"age": {1: 200, 2: 198, 3: 20, 4: 17, 5: 15}}, earlier=[before], waves=SECOND)
    assert now["t1_age"].reasons == (Reason.SMALL_DIFFERENCE,)


def test_tables_that_split_answers_differently_do_not_tell_of_the_few_between(protected):
    before = protected(411, {"att_1": {1: 400, 2: 4, 3: 2, 4: 2, 5: 3}}, waves=FIRST)
    assert before["t2_att_1"].categories == (((1,), (2, 3, 4, 5)),)
    now = protected(800, {"att_1": {1: 401, 2: 4, 3: 2, 4: 200, 5: 193}}, earlier=[before], waves=SECOND)
    assert now["t2_att_1"].categories == (((1, 2, 3, 4), (5,)),)


def test_nor_do_both_waves_by_themselves_and_together(protected):
    parts = [protected(411, {"att_1": {1: 400, 2: 2, 3: 1, 4: 4, 5: 4}}, waves=(wave,)) for wave in ALL[:2]]
    now = protected(822, {"att_1": {1: 800, 2: 4, 3: 2, 4: 8, 5: 8}}, waves=SECOND)
    assert now["t2_att_1"].categories == (((1, 2, 3), (4, 5)),)
    assert clashes(now, parts, BOOK) == ["t2_att_1"]


@pytest.mark.parametrize(("n", "refusal"), [(400, Reason.TOO_FEW_ADDED), (445, Reason.TOO_FEW_ADDED), (450, None)])
def test_a_small_wave_is_not_reported_as_the_difference_of_two_releases(protected, n, refusal):
    before = protected(400, {}, waves=FIRST)
    assert protected(n, {}, earlier=[before], waves=SECOND).refusal is refusal


def ticks(protected, n, yes, waves, earlier=()):
    return protected(n, {"role_01": {0: n - yes, 1: yes}}, earlier=earlier, waves=waves)


@pytest.mark.parametrize(("yes", "visible"), [(104, False), (115, True)])
def test_a_wave_is_not_what_two_releases_leave_of_a_third(protected, yes, visible):
    first, second = (ticks(protected, 400, 50, (wave,)) for wave in ALL[:2])
    now = ticks(protected, 1200, yes, ALL, [first, second])
    assert now["t2_role_01"].visible is visible


@pytest.mark.parametrize(("yes", "visible"), [(104, False), (115, True)])
def test_nor_what_this_release_and_another_leave_of_a_third(protected, yes, visible):
    whole = ticks(protected, 1200, yes, ALL)
    second = ticks(protected, 400, 50, ALL[1:2])
    assert ticks(protected, 400, 50, FIRST, [whole, second])["t2_role_01"].visible is visible


def test_waves_that_are_released_by_themselves_are_not_singled_out(protected):
    parts = [ticks(protected, 400, 50, (wave,)) for wave in ALL[:2]]
    assert ticks(protected, 800, 100, SECOND, parts)["t2_role_01"].visible


@pytest.mark.parametrize(("name", "code"), [("no_answer", -8), ("not_asked", -6)])
@pytest.mark.parametrize(("later", "shown"), [(26, None), (30, 30)])
def test_nor_does_a_count_outside_a_table_tell_of_few_people(protected, name, code, later, shown):
    before = protected(400, {"role_01": {code: 20, 0: 190, 1: 190}}, waves=FIRST)
    counts = {"role_01": {code: later, 0: 300, 1: 500 - later}}
    table = protected(800, counts, earlier=[before], waves=SECOND)["t2_role_01"]
    assert table.visible
    assert getattr(table, name) == shown


def test_two_reports_made_at_once_may_not_appear_together(protected):
    first = ticks(protected, 400, 50, FIRST)
    both = ticks(protected, 800, 54, SECOND)
    assert clashes(both, [first], BOOK) == clashes(first, [both], BOOK) == ["t2_role_01"]
    assert clashes(first, [first], BOOK) == []
    assert clashes(ticks(protected, 800, 54, SECOND, [first]), [first], BOOK) == []
