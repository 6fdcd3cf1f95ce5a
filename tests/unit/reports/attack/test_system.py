"""What several tables say together about a cell that one of them hides."""

from itertools import product

from reports.attack.facts import Table
from reports.attack.intervals import is_told
from reports.attack.system import System

EXACT = False


def crossed(name, variables, rows, sides):
    """`rows`: counts; None is hidden. `sides`: for each variable its categories, codes joined by spaces."""
    places = product(*([frozenset(codes.split()) for codes in side] for side in sides))
    counts = [count for row in rows for count in row]
    cells = {place: {"count": count} for place, count in zip(places, counts, strict=True)}
    return Table(name, variables, cells, {"no_answer": 0, "not_asked": 0})


def alone(name, counts):
    cells = {(frozenset({code}),): {"count": count} for code, count in counts.items()}
    return Table(name, (name,), cells, {"no_answer": 0, "not_asked": 0})


def bounds(tables, n, table, place):
    names = sorted({name for one in tables for name in one.variables})
    system = System(names, tables, (n, n), EXACT)
    members = system.hidden()[table, tuple(frozenset(codes.split()) for codes in place)]
    return system.told.propagated(members), system.told.bounds(members)


FINE = crossed("fine", ("a", "b"), [[None, 30], [None, 40], [50, 60]], [("1", "2", "3"), ("x", "y")])


def test_a_table_by_itself_leaves_two_hidden_cells_of_a_column_open():
    _, found = bounds([FINE], 200, "fine", ("1", "x"))
    assert found == (0, 20)


def test_the_same_question_at_two_granularities_tells_them():
    """Joined in one table, apart in the other: what the joined one shows is the sum of what the other hides."""
    finer = crossed("finer", ("a", "b"), [[3, 30], [None, 40], [50, 60]], [("1", "2", "3"), ("x", "y")])
    coarse = crossed("coarse", ("a", "b"), [[20, 70], [50, 60]], [("1 2", "3"), ("x", "y")])
    for found in bounds([finer, coarse], 200, "finer", ("2", "x")):
        assert found == (17, 17)


def test_its_questions_by_themselves_tell_them():
    by_themselves = [alone("a", {"1": 33, "2": 57, "3": 110}), alone("b", {"x": 70, "y": 130})]
    for found in bounds([FINE, *by_themselves], 200, "fine", ("1", "x")):
        assert found == (3, 3)


def test_three_single_people_in_a_triangle_are_told():
    """The three singletons of the literature: no line holds one hidden cell alone, and the sums tell all three."""
    rows = [[None, None, 20], [None, 20, 20], [20, 20, 20]]
    table = crossed("t", ("a", "b"), rows, [("1", "2", "3"), ("x", "y", "z")])
    margins = [alone("a", {"1": 22, "2": 41, "3": 60}), alone("b", {"x": 22, "y": 41, "z": 60})]
    subtracted, programmed = bounds([table, *margins], 123, "t", ("1", "x"))
    assert programmed == (1, 1)
    assert is_told(subtracted, 5)


def test_three_tables_that_share_three_questions_tell_more_than_each_by_itself():
    """Nobody is in a1 with c1, and everybody of b1 is in c1: so nobody is in a1 with b1."""
    two = [("1", "2"), ("1", "2")]
    hidden = crossed("ab", ("a", "b"), [[None, 50], [None, 30]], two)
    with_c = [
        crossed("ac", ("a", "c"), [[0, 50], [60, 10]], two),
        crossed("bc", ("b", "c"), [[40, 0], [20, 60]], two),
    ]
    _, apart = bounds([hidden], 120, "ab", ("1", "1"))
    assert apart == (0, 40)
    _, together = bounds([hidden, *with_c], 120, "ab", ("1", "1"))
    assert together == (0, 0)


def test_numbers_that_contradict_each_other_tell_nothing():
    contrary = crossed("ab", ("a", "b"), [[None, 40], [None, 40]], [("1", "2"), ("1", "2")])
    by_itself = alone("a", {"1": 30, "2": 90})
    assert bounds([contrary, by_itself], 120, "ab", ("1", "1")) == ((0, float("inf")), None)


def test_rounded_numbers_leave_room():
    system = System(["a", "b"], [FINE, alone("a", {"1": 35, "2": 55, "3": 110})], (198, 202), rounded=True)
    found = system.told.bounds(system.hidden()["fine", (frozenset("1"), frozenset("x"))])
    assert found is not None
    assert found[1] - found[0] >= 4
