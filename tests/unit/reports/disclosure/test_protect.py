import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.disclosure import ProtectedCube, Reason, Tier, protect
from reports.plan import load_plan
from reports.tabulate import count, workload
from tests.unit.reports.small import BOOK, PLAN, lines, responses

N = 400


@pytest.mark.parametrize(
    ("ages", "level", "counts"),
    [
        ({1: 100, 2: 100, 3: 100, 4: 90, 5: 10}, 0, (100, 100, 100, 90, 10)),
        ({1: 100, 2: 100, 3: 100, 4: 91, 5: 9}, 1, (100, 100, 100, 100)),
        ({1: 9, 2: 100, 3: 191, 4: 91, 5: 9}, 2, (110, 190, 100)),
        ({1: 192, 2: 0, 3: 9, 4: 102, 5: 97}, 3, (190, 210)),
    ],
)
def test_the_finest_level_without_a_small_cell_is_shown(protected, ages, level, counts):
    table = protected(N, {"age": ages})["t1_age"]
    assert (table.levels, table.counts, table.visible) == ((level,), counts, True)


@pytest.mark.parametrize("few", [0, 1, 9])
def test_a_table_with_a_small_cell_at_its_coarsest_level_is_withheld_whole(protected, few):
    table = protected(N, {"age": {1: N - few, 5: few}})["t1_age"]
    assert not table.visible
    assert set(table.reasons) == {Reason.SMALL_CELLS, Reason.FULL_CELL}
    assert table.categories == (((1, 2), (3, 4, 5)),)
    assert table.counts == (None, None)
    assert (table.base, table.no_answer, table.not_asked) == (None, None, None)


@pytest.mark.parametrize(
    ("true", "shown"), [(10, 10), (11, 10), (12, 10), (13, 15), (14, 15), (15, 15), (17, 15), (18, 20)]
)
def test_counts_go_to_the_nearest_multiple_of_five(protected, true, shown):
    assert protected(N, {"role_01": {0: true, 1: N - true}})["t2_role_01"].counts[0] == shown


def test_who_did_not_answer_stands_outside(protected):
    table = protected(N, {"age": {1: 100, 2: 52, 3: 51, 4: 50, 5: 49, -5: 20, -8: 13, -7: 40, -6: 25}})["t1_age"]
    assert table.counts == (100, 50, 50, 50, 50)
    assert (table.base, table.no_answer, table.not_asked) == (300, 35, 65)


def test_no_answer_at_all_is_never_a_reason_to_hide(protected):
    table = protected(N, {"age": {1: 13, 2: 12, 3: 12, 4: 11, 5: 10, -5: 2, -7: 340}})["t1_age"]
    assert table.visible
    assert (table.no_answer, table.not_asked) == (None, 340)


def test_what_stands_outside_is_not_counted_below_ten(protected):
    """Alone it could repeat a hidden cell: those not asked the sensitive part are those who left it out."""
    cube = protected(N, {"con_sens": {0: 4, 1: 396}, "role_01": {1: 200, 0: 196, -6: 4}})
    assert cube["t1_con_sens"].reasons
    assert cube["t2_role_01"].not_asked is None


def test_codes_that_a_level_leaves_out_join_those_without_an_answer(protected):
    table = protected(N, {"gen": {1: 200, 2: 170, 3: 6, -5: 24}})["t1_gen"]
    assert (table.levels, table.categories, table.counts) == ((1,), (((1,), (2,)),), (200, 170))
    assert table.no_answer == 30


def test_codes_that_are_many_enough_are_not_left_out(protected):
    table = protected(N, {"gen": {1: 200, 2: 170, 3: 30}})["t1_gen"]
    assert (table.levels, table.counts) == ((0,), (200, 170, 30))


def test_percentages_need_a_base(protected):
    tables = [
        protected(N, {"role_01": {0: 10, 1: ticked, -5: N - 10 - ticked}})["t2_role_01"] for ticked in (10, 20, 90)
    ]
    assert [table.base for table in tables] == [20, 30, 100]
    assert [table.has_percentages for table in tables] == [False, True, True]
    assert [table.about for table in tables] == [True, True, False]
    assert all(table.visible for table in tables)


def test_a_category_that_nobody_could_choose_does_not_hide_a_table(protected, make_plan):
    languages = {"lang": {"en": 300, "zh-Hans": 100}}
    assert protected(N, languages)["t1_lang"].levels == (1,)
    plan = make_plan(lines(("open_link: false", "open_link: false\nstructural_zeros: {lang: ja}")))
    assert protected(N, languages, plan)["t1_lang"].counts == (300, 100, 0)


def test_a_structural_zero_that_somebody_chose_is_an_ordinary_small_cell(protected, make_plan):
    plan = make_plan(lines(("open_link: false", "open_link: false\nstructural_zeros: {lang: ja}")))
    table = protected(N, {"lang": {"en": 300, "zh-Hans": 99, "ja": 1}}, plan)["t1_lang"]
    assert table.levels == (1,)


def test_a_full_cell_is_hidden_even_beside_structural_zeros_alone(protected, make_plan):
    plan = make_plan(lines(("open_link: false", "open_link: false\nstructural_zeros: {lang: zh-Hans ja}")))
    table = protected(N, {"lang": {"en": N}}, plan)["t1_lang"]
    assert table.reasons == (Reason.FULL_CELL,)


@pytest.mark.parametrize(
    ("n", "tier", "headline", "other"),
    [
        (50, Tier.ONE_WAY, Reason.BELOW_TIER, Reason.BELOW_TIER),
        (149, Tier.ONE_WAY, Reason.BELOW_TIER, Reason.BELOW_TIER),
        (150, Tier.HEADLINE, Reason.QUESTION_WITHHELD, Reason.BELOW_TIER),
        (299, Tier.HEADLINE, Reason.QUESTION_WITHHELD, Reason.BELOW_TIER),
        (300, Tier.WHOLE, Reason.QUESTION_WITHHELD, Reason.QUESTION_WITHHELD),
    ],
)
def test_crosstabs_come_by_tier(protected, make_plan, n, tier, headline, other):
    crosstabs = "tables: att\n    crosstabs: [{rows: att_1, columns: age, headline: true}, {rows: att_1, columns: gen}]"
    plan = make_plan(lines(("tables: role att", crosstabs)))
    cube = protected(n, {}, plan)
    assert cube.tier is tier
    assert cube["t2_att_1_by_age"].reasons == (headline,)
    assert cube["t2_att_1_by_gen"].reasons == (other,)
    assert cube["t2_att_1_by_gen"].counts == (None,) * 4


@pytest.mark.parametrize(
    ("n", "open_link", "refusal"),
    [
        (0, "false", Reason.TOO_FEW_RESPONSES),
        (49, "false", Reason.TOO_FEW_RESPONSES),
        (50, "false", None),
        (49, "true", Reason.TOO_FEW_RESPONSES),
        (50, "true", Reason.TOO_FEW_FOR_OPEN_LINK),
        (99, "true", Reason.TOO_FEW_FOR_OPEN_LINK),
        (100, "true", None),
    ],
)
def test_too_few_responses_give_a_refused_cube_without_any_number(protected, make_plan, n, open_link, refusal):
    cube = protected(n, {}, make_plan(lines(("open_link: false", f"open_link: {open_link}"))))
    assert cube.refusal is refusal
    if refusal:
        assert (cube.n, cube.tier, cube.tables) == (None, None, ())


BYTES = st.integers(0, 2**32 - 1)


@given(st.integers(50, 200), BYTES, st.floats(0.3, 3))
def test_no_small_number_leaves_and_nothing_is_hidden_without_need(tmp_path_factory, n, seed, skew):
    plan = _plan(tmp_path_factory)
    codes = _random_codes(n, seed, skew)
    exact = count([codes], workload(plan, BOOK))
    cube = protect(exact, plan, BOOK)
    for table in cube.tables:
        variable = BOOK[table.variables[0]]
        by_code = dict(zip(variable.codes, exact.one[variable.name][1:-1].tolist(), strict=True))
        true = [sum(by_code[code] for code in codes_) for codes_ in table.categories[0]]
        if table.visible:
            assert min(true) >= 10
            assert all(shown % 5 == 0 and abs(shown - was) <= 2 for shown, was in zip(table.counts, true, strict=True))
        else:
            assert table.levels == (variable.coarsest,)
            assert min(true) < 10
        numbers = [number for number in (*table.counts, table.no_answer, table.not_asked) if number is not None]
        assert all(number >= 10 and number % 5 == 0 for number in numbers)


@given(st.integers(50, 200), BYTES)
def test_the_same_counts_give_the_same_cube_and_it_survives_its_json(tmp_path_factory, n, seed):
    plan = _plan(tmp_path_factory)
    exact = count([_random_codes(n, seed, 1)], workload(plan, BOOK), ("small/1",))
    cube = protect(exact, plan, BOOK)
    assert protect(exact, plan, BOOK).to_json() == cube.to_json()
    assert ProtectedCube.from_json(cube.to_json()) == cube
    assert ProtectedCube.from_document(json.loads(json.dumps(cube.as_document()))) == cube


def test_a_document_of_another_format_is_refused():
    with pytest.raises(ValueError, match="protected-cube/1"):
        ProtectedCube.from_document({"format": "something else"})


def test_a_refused_cube_survives_its_json(protected):
    cube = protected(7, {})
    assert ProtectedCube.from_json(cube.to_json()) == cube


def test_tables_are_found_by_id(protected):
    cube = protected(N, {})
    assert cube["t1_age"].variables == ("age",)
    with pytest.raises(KeyError):
        cube["t9_age"]


def _plan(tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "random.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return load_plan(path, BOOK)


def _random_codes(n, seed, skew):
    random = np.random.default_rng(seed)
    codes = responses(n, {})
    for variable in BOOK.coded:
        values = [*range(1, len(variable.codes) + 1), 0, 255]
        weights = random.random(len(values)) ** skew
        codes[:, variable.position] = random.choice(values, n, p=weights / weights.sum())
    return codes
