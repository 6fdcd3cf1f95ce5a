"""Which cells are hidden, and that linear programs and counting out every possibility agree on what can be told."""

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reports.disclosure.bounds import Known, intervals
from reports.disclosure.suppress import complemented, sensitive


def everything(counts):
    return np.ones(counts.shape, bool)


def table(*rows):
    return np.array(rows, np.int64)


def hide(counts):
    possible = everything(counts)
    return complemented(counts, sensitive(counts, possible), possible)


def bounds_of(counts, hidden):
    """Intervals of the hidden cells when the sums of rows and columns are known."""
    places = np.arange(counts.size).reshape(counts.shape)
    known = [Known(places[tuple(cell)].reshape(1), *2 * [counts[tuple(cell)]]) for cell in np.argwhere(~hidden)]
    known += [Known(places[row], *2 * [counts[row].sum()]) for row in range(counts.shape[0])]
    known += [Known(places[:, column], *2 * [counts[:, column].sum()]) for column in range(counts.shape[1])]
    return intervals(counts.size, known, [places[tuple(cell)].reshape(1) for cell in np.argwhere(hidden)])


@pytest.mark.parametrize("small", [0, 1, 9])
def test_small_cells_are_sensitive(small):
    counts = table([small, 50, 50], [50, 50, 50], [50, 50, 50])
    assert np.argwhere(sensitive(counts, everything(counts))).tolist() == [[0, 0]]


def test_so_is_a_cell_that_holds_nearly_all_of_its_column():
    counts = table([60, 50, 50], [4, 50, 50], [5, 50, 50])
    assert np.argwhere(sensitive(counts, everything(counts))).tolist() == [[0, 0], [1, 0], [2, 0]]


def test_what_nobody_could_choose_is_not():
    counts = table([0, 50], [50, 50])
    possible = table([0, 1], [1, 1]).astype(bool)
    assert not sensitive(counts, possible)[0, 0]


def test_three_single_people_in_a_triangle_are_protected():
    """A pattern that protects each by the others alone would give all three away: their rectangles hold small cells."""
    counts = table([1, 40, 1, 40], [40, 40, 40, 40], [1, 40, 40, 40], [40, 40, 40, 40])
    hidden = hide(counts)
    assert hidden[[0, 0, 2], [0, 2, 0]].all()
    assert all(one.width >= 5 and one.most >= 10 for one in bounds_of(counts, hidden))


def test_the_rectangle_with_the_fewest_people_is_taken():
    counts = table([3, 90, 20, 90], [90, 90, 90, 90], [25, 90, 30, 90])
    assert np.argwhere(hide(counts)).tolist() == [[0, 0], [0, 2], [2, 0], [2, 2]]


def test_two_by_two_cannot_hide_one_cell():
    counts = table([3, 90], [90, 90])
    hidden = hide(counts)
    assert hidden is None or hidden.all()


def test_a_table_without_a_fitting_rectangle_is_refused():
    assert hide(table([2, 90, 90], [0, 90, 90])) is None


TABLES = st.integers(2, 4).flatmap(
    lambda rows: st.integers(2, 4).flatmap(
        lambda columns: st.lists(
            st.lists(st.sampled_from([0, 1, 3, 7, 9, 10, 14, 20, 60]), min_size=columns, max_size=columns),
            min_size=rows,
            max_size=rows,
        )
    )
)


@settings(deadline=None)
@given(TABLES)
def test_whatever_is_hidden_cannot_be_told(rows):
    counts = table(*rows)
    hidden = hide(counts)
    if hidden is not None:
        assert hidden[sensitive(counts, everything(counts))].all()
        assert all(one.width >= 5 and one.most >= 10 for one in bounds_of(counts, hidden))


TINY = st.lists(st.lists(st.integers(0, 2), min_size=3, max_size=3), min_size=2, max_size=3)


@settings(deadline=None, max_examples=60)
@given(TINY, st.data())
def test_linear_programs_find_what_trying_every_table_finds(rows, data):
    counts = table(*rows)
    chosen = data.draw(st.lists(st.booleans(), min_size=counts.size, max_size=counts.size))
    hidden = np.array(chosen).reshape(counts.shape)
    assume(0 < hidden.sum() <= 5)
    fitting = np.array(list(_every_table(counts, hidden)))
    found = bounds_of(counts, hidden)
    assert [one.least for one in found] == pytest.approx(fitting.min(axis=0))
    assert [one.most for one in found] == pytest.approx(fitting.max(axis=0))


def _every_table(counts, hidden):
    cells = [tuple(cell) for cell in np.argwhere(hidden)]
    most = (min(counts[row].sum(), counts[:, column].sum()) for row, column in cells)
    for values in product(*(range(int(one) + 1) for one in most)):
        trial = counts.copy()
        for cell, value in zip(cells, values, strict=True):
            trial[cell] = value
        if (trial.sum(axis=0) == counts.sum(axis=0)).all() and (trial.sum(axis=1) == counts.sum(axis=1)).all():
            yield values
