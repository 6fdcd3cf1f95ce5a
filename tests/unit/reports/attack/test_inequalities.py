"""What follows from sums of unknowns, beside trying every table there is."""

from itertools import product

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.attack.inequalities import Inequalities
from reports.attack.intervals import interval

MOST = 3


def tables(rows, columns):
    """Every table of so many rows and columns with counts up to MOST."""
    for counts in product(range(MOST + 1), repeat=rows * columns):
        yield np.reshape(counts, (rows, columns))


@settings(max_examples=60, deadline=None)
@given(
    counts=st.lists(st.integers(0, MOST), min_size=6, max_size=6),
    hidden=st.lists(st.booleans(), min_size=6, max_size=6),
    rounded=st.booleans(),
)
def test_integer_bounds_are_those_of_all_tables_that_fit(counts, hidden, rounded):
    truth, mask = np.reshape(counts, (2, 3)), np.reshape(hidden, (2, 3))
    places = np.arange(6).reshape(2, 3)
    sums = [*places, *places.T]
    told = [interval(5 * round(truth.ravel()[one].sum() / 5) if rounded else truth.ravel()[one].sum(), rounded)
            for one in sums]  # fmt: skip
    known = Inequalities(6)
    for members, between in [*zip(sums, told, strict=True), (places.ravel(), (0, 6 * MOST))]:
        known.learn(np.array(members), between)
    for place in places[~mask]:
        known.learn(np.array([place]), interval(int(truth.ravel()[place]), False))
    for place in places[mask]:
        known.learn(np.array([place]), (0.0, float(MOST)))
    fitting = [
        table.ravel()
        for table in tables(2, 3)
        if all(low <= table.ravel()[one].sum() <= high for one, (low, high) in zip(sums, told, strict=True))
        and (table[~mask] == truth[~mask]).all()
    ]
    for place in places[mask]:
        values = [int(table[place]) for table in fitting]
        members = np.array([place])
        assert known.bounds(members, whole=True) == (min(values), max(values))
        for wider in (known.bounds(members), known.propagated(members)):
            assert wider[0] <= min(values)
            assert wider[1] >= max(values)


def test_contradictions_are_no_knowledge():
    known = Inequalities(1)
    known.learn(np.array([0]), (3, 4))
    known.learn(np.array([0]), (8, 9))
    assert known.bounds(np.array([0])) is None


def test_nothing_known_is_nothing_told():
    known = Inequalities(2)
    known.learn(np.array([0]), (3, 4))
    assert known.bounds(np.array([1])) == (0, float("inf"))
