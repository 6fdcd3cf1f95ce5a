from itertools import combinations
from math import prod

from hypothesis import given
from hypothesis import strategies as st

from reports.tabulate.design import CAP, cover

CELLS = st.dictionaries(st.text("abcdef", min_size=1, max_size=2), st.integers(3, 13), min_size=1, max_size=12)


@given(CELLS, st.data())
def test_every_variable_and_every_pair_lies_in_a_group_within_the_cap(cells, data):
    every_pair = list(combinations(sorted(cells), 2))
    pairs = data.draw(st.lists(st.sampled_from(every_pair), unique=True)) if every_pair else []
    groups = cover(cells, pairs, cap=200)
    assert {name for group in groups for name in group} == set(cells)
    assert all(any({first, second} <= set(group) for group in groups) for first, second in pairs)
    assert all(len(set(group)) == len(group) for group in groups)
    assert all(prod(cells[name] for name in group) <= 200 or len(group) == 2 for group in groups)


def test_all_pairs_of_sixty_questions_need_a_sixth_of_the_passes():
    cells = {f"q{number:02d}": 7 for number in range(60)}
    groups = cover(cells, list(combinations(cells, 2)), CAP)
    assert len(groups) <= 1770 / 5


def test_variables_without_pairs_share_few_groups():
    groups = cover({f"tick_{number}": 4 for number in range(70)}, [], CAP)
    assert len(groups) == 10


def test_the_design_does_not_depend_on_the_order_of_the_plan():
    cells = {"a": 5, "b": 7, "c": 9, "d": 4}
    pairs = [("a", "b"), ("b", "c"), ("c", "d")]
    assert cover(cells, pairs) == cover(dict(reversed(cells.items())), pairs[::-1])
