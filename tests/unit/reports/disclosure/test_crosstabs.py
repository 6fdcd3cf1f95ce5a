"""Two-way tables from exact counts to what is shown."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.disclosure import ProtectedCube, Reason, clashes, protect
from reports.disclosure.audit import audit
from reports.disclosure.crosstab import at_levels, with_hidden
from reports.disclosure.reasons import Tier
from reports.disclosure.work import Work
from reports.plan import load_plan
from reports.tabulate import count, workload
from tests.unit.reports.small import BOOK, PLAN, lines

CROSSTABS = "crosstabs: [{rows: att_1 att_2_r, columns: age lang}, {rows: att_1, columns: att_2_r}]"
CROSSED = lines(("tables: role att", f"tables: role att\n    {CROSSTABS}"))
FIRST, SECOND = ("small/1",), ("small/1", "small/2")


@pytest.fixture(scope="module")
def plan(tmp_path_factory):
    path = tmp_path_factory.mktemp("crossed") / "small.yaml"
    path.write_text(CROSSED, encoding="utf-8")
    return load_plan(path, BOOK)


def people(*groups):
    """Codes of people in groups of (how many, att_1, age, att_2_r, lang)."""
    names = ("att_1", "age", "att_2_r", "lang")
    rows = []
    for number, *answers in groups:
        given = {"con_sens": 1, "gen": 1, "role_01": 1, "role_02": 0, "role_03": 0, "note_of": 1}
        given |= dict(zip(names, answers, strict=False))
        given = {"att_2_r": 2, "lang": "en"} | given
        row = np.zeros(BOOK.width, np.uint8)
        for variable in BOOK.coded:
            row[variable.position] = variable.byte(given[variable.name])
        rows.append(np.tile(row, (number, 1)))
    return np.concatenate(rows)


def shown(plan, codes, earlier=(), waves=FIRST):
    return protect(count([codes], workload(plan, BOOK), waves), plan, BOOK, earlier)


def even(number=20, **special):
    """Everybody spread evenly over five answers and five ages, but for `special` cells (a3g1=4: att 3, age 1)."""
    return [(special.get(f"a{att}g{age}", number), att, age) for att in range(1, 6) for age in range(1, 6)]


TABLE = "t2_att_1_by_age"


def joins(grid):
    return "|".join(" ".join(str(index + 1) for index in one.indexes) for one in grid.categories)


def test_a_table_without_a_small_cell_is_shown_as_it_was_asked(plan):
    table = shown(plan, people(*even()))[TABLE]
    assert (table.levels, table.hidden, table.counts) == ((0, 0), 0, (20,) * 25)
    assert table.bases == (100,) * 25


def test_a_small_cell_is_hidden_with_three_others(plan):
    table = shown(plan, people(*even(a3g2=4)))[TABLE]
    assert table.levels == (0, 0)
    assert table.hidden == 4
    assert table.counts[2 * 5 + 1] is None
    assert [base is None for base in table.bases[:5]].count(True) == 2


def test_many_small_cells_are_joined(plan):
    few = {f"a{att}g{age}": 4 for att in (1, 2) for age in range(1, 6)}
    table = shown(plan, people(*even(30, **few)))[TABLE]
    assert table.levels[0] > 0
    assert table.hidden == 0


def test_small_groups_are_joined_with_others(plan):
    table = shown(plan, people(*((20 if age < 4 else 11, att, age) for att in (1, 4) for age in range(1, 6))))
    assert all(len(set(codes) & {4, 5}) != 1 for codes in table["t2_att_1_by_age"].categories[1])


def test_where_one_question_is_withheld_so_is_its_crosstab(plan):
    table = shown(plan, people((300, 3, 1), (3, 3, 2)))[TABLE]
    assert table.reasons == (Reason.QUESTION_WITHHELD,)


def test_a_crosstab_never_shows_more_than_the_question_alone(plan):
    cube = shown(plan, people(*even(), (-0, 1, 1)))
    for table in cube.tables:
        if len(table.variables) == 2 and table.visible:
            alone = [next(one for one in cube.tables if one.variables == (name,)) for name in table.variables]
            for name, level, one in zip(table.variables, table.levels, alone, strict=True):
                assert BOOK[name].levels[level].joins(BOOK[name].levels[one.levels[0]])


@pytest.mark.parametrize(
    ("many", "joined"), [(1, ((1,), (2, 3, 4, 5))), (2, ((1, 2), (3, 4, 5))), (5, ((1, 2, 3, 4), (5,)))]
)
def test_where_no_level_fits_answers_are_split_another_way(plan, many, joined):
    """Cells of 10 and more on both sides of one cut only; the last level of the ladder cuts after 3."""
    few = {1: {2: 6, 3: 1, 4: 2, 5: 2}, 2: {3: 7, 4: 2, 5: 2}, 5: {1: 1, 2: 1, 3: 2, 4: 7}}[many]
    table = shown(plan, people(*((number, att, age) for att, number in ({many: 150} | few).items() for age in (1, 5))))
    assert table[TABLE].categories[0] == joined


def test_non_nested_splits_of_one_question_are_audited_together(plan):
    """att_1 is cut after 1 in one table and after 4 in another; what the two say about 2 to 4 is one system."""
    codes = people(*[(30, att, age, 1 + (att > 2)) for att in range(1, 6) for age in (1, 5)])
    exact = count([codes], workload(plan, BOOK), FIRST)
    specs = {one.id: one for one in plan.tables}
    places = {joined: place for place, grid in enumerate(BOOK["att_1"].levels) if (joined := joins(grid))}
    first = at_levels(specs[TABLE], exact, BOOK, (places["1|2 3 4 5"], 3), {})
    link = at_levels(specs["t2_att_1_by_att_2_r"], exact, BOOK, (places["1 2|3 4 5"], 0), {})
    second = at_levels(specs["t2_att_2_r_by_age"], exact, BOOK, (0, 3), {})
    hidden = np.ones((2, 2), bool)
    found = audit([with_hidden(first, hidden), link, second], Work(exact, plan, BOOK, (), Tier.WHOLE))
    assert found.programs == 2 * 2 * hidden.sum()


def test_the_audit_is_part_of_the_cube(plan):
    cube = shown(plan, people(*even(a3g2=4)))
    assert cube.audit["hidden_cells"] >= 4
    assert cube.audit["narrowest_interval"] >= 5
    assert ProtectedCube.from_json(cube.to_json()) == cube


def test_the_audit_finds_a_cell_that_subtraction_brings_back(plan):
    codes = people(*even(a3g2=4))
    exact = count([codes], workload(plan, BOOK), FIRST)
    spec = next(one for one in plan.tables if one.id == TABLE)
    hidden = np.zeros((5, 5), bool)
    hidden[2, 1] = True
    table = with_hidden(at_levels(spec, exact, BOOK, (0, 0), {}), hidden)
    assert audit([table], Work(exact, plan, BOOK, (), Tier.WHOLE)).failed == (TABLE,)


def test_the_audit_sees_through_three_linked_tables(plan):
    """att_1 says of everybody what att_2_r is: what one table hides, the others tell by their sums."""
    codes = people(
        *[(30, att, age, att) for att in range(1, 6) for age in range(1, 6) if (att, age) != (3, 2)], (4, 3, 2, 3)
    )
    exact = count([codes], workload(plan, BOOK), FIRST)
    specs = {one.id: one for one in plan.tables}
    first = at_levels(specs[TABLE], exact, BOOK, (0, 0), {})
    hidden = np.zeros((5, 5), bool)
    hidden[np.ix_([2, 3], [1, 2])] = True
    second = at_levels(specs["t2_att_2_r_by_age"], exact, BOOK, (0, 0), {})
    link = at_levels(specs["t2_att_1_by_att_2_r"], exact, BOOK, (0, 0), {})
    work = Work(exact, plan, BOOK, (), Tier.WHOLE)
    assert not audit([with_hidden(first, hidden)], work).failed
    assert audit([with_hidden(first, hidden), second, link], work).failed == (TABLE,)


@settings(max_examples=30, deadline=None)
@given(st.integers(300, 900), st.integers(0, 2**32 - 1), st.floats(0.4, 3))
def test_nothing_small_can_be_told_whatever_people_answer(plan, n, seed, skew):
    random = np.random.default_rng(seed)
    codes = np.zeros((n, BOOK.width), np.uint8)
    for variable in BOOK.coded:
        values = [*range(1, len(variable.codes) + 1), 255]
        weights = random.random(len(values)) ** skew
        codes[:, variable.position] = random.choice(values, n, p=weights / weights.sum())
    cube = shown(plan, codes)
    for table in (one for one in cube.tables if len(one.variables) == 2 and one.visible):
        assert all(count is None or (count >= 10 and count % 5 == 0) for count in table.counts)
        assert table.hidden <= len(table.counts) / 4
    assert cube.audit["narrowest_interval"] is None or cube.audit["narrowest_interval"] >= 5


def test_the_same_waves_hide_the_same_cells_again(plan):
    codes = people(*even(a3g2=4))
    before = shown(plan, codes)
    again = shown(plan, codes, earlier=[before])
    assert again == before
    assert clashes(again, [before], BOOK) == []


def test_in_another_order_of_the_questions_too(plan, tmp_path):
    path = tmp_path / "turned.yaml"
    path.write_text(PLAN.replace("tables: role att", "tables: role att\n    crosstabs: [{rows: age, columns: att_1}]"))
    codes = people(*even(a3g2=4))
    before = shown(plan, codes)
    turned = shown(load_plan(path, BOOK), codes, earlier=[before])
    there, here = before[TABLE], turned["t2_age_by_att_1"]
    assert np.array(here.counts, object).reshape(5, 5).T.ravel().tolist() == list(there.counts)


def test_hidden_cells_and_releases_that_lie_inside_each_other_do_not_go_together(plan):
    before = shown(plan, people(*even(a3g2=4)))
    assert before[TABLE].hidden
    later = shown(plan, people(*even(60)), earlier=[before], waves=SECOND)
    assert not later[TABLE].visible
    assert TABLE in clashes(shown(plan, people(*even(60)), waves=SECOND), [before], BOOK)


def test_a_changed_count_of_the_same_waves_is_not_shown(plan):
    before = shown(plan, people(*even()))
    now = shown(plan, people(*even(a1g1=40)), earlier=[before])
    assert now[TABLE].reasons == (Reason.QUESTION_WITHHELD,)
    moved = shown(plan, people(*even(a1g1=30, a1g2=10, a2g1=10, a2g2=30)), earlier=[before])
    assert moved[TABLE].reasons == (Reason.DIFFERS_FROM_EARLIER,)
