from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.tabulate import CHUNK, Column, Cube, InvalidBlock, Workload, count

SIZES = {"mdl": 12, "age": 5, "role_01": 2, "role_02": 2, "line": 11}
COLUMNS = tuple(Column(name, position, size) for position, (name, size) in enumerate(SIZES.items()))
PAIRS = (("age", "mdl"), ("mdl", "role_01"), ("line", "age"), ("role_02", "role_01"))
WORK = Workload(len(SIZES), COLUMNS, PAIRS)


def byte_of(size):
    return st.sampled_from([0, *range(1, size + 1), 255])


RESPONSES = st.lists(st.tuples(*map(byte_of, SIZES.values())), max_size=60)


def block(responses):
    return np.array(responses, np.uint8).reshape(len(responses), len(SIZES))


def cell(byte, size):
    return size + 1 if byte == 255 else byte


@given(RESPONSES)
def test_one_way_counts_are_those_of_a_plain_counter(responses):
    cube = count([block(responses)], WORK)
    for position, (name, size) in enumerate(SIZES.items()):
        plain = Counter(cell(response[position], size) for response in responses)
        assert cube.one[name].tolist() == [plain[index] for index in range(size + 2)]


@given(RESPONSES)
def test_two_way_counts_are_those_of_a_plain_counter(responses):
    cube = count([block(responses)], WORK)
    places = list(SIZES)
    for first, second in PAIRS:
        a, b = places.index(first), places.index(second)
        plain = Counter((cell(row[a], SIZES[first]), cell(row[b], SIZES[second])) for row in responses)
        shape = SIZES[first] + 2, SIZES[second] + 2
        assert cube.two[first, second].tolist() == [[plain[i, j] for j in range(shape[1])] for i in range(shape[0])]


@given(RESPONSES, RESPONSES)
def test_parts_merged_equal_the_whole(first, second):
    whole = count([block(first), block(second)], WORK, ("demo/1",))
    parts = count([block(first)], WORK, ("demo/1",)).merge(count([block(second)], WORK, ("demo/1",)))
    assert parts.to_bytes() == whole.to_bytes()


@given(RESPONSES)
def test_a_cube_survives_its_bytes(responses):
    cube = count([block(responses)], WORK, ("demo/1", "demo/2"))
    again = Cube.from_bytes(cube.to_bytes())
    assert again.to_bytes() == cube.to_bytes()
    assert (again.n, again.waves) == (len(responses), ("demo/1", "demo/2"))
    assert again.two["age", "mdl"].dtype == np.int64


def test_no_response_at_all_gives_tables_of_zeros():
    cube = count([], WORK)
    assert cube.n == 0
    assert not any(counts.any() for counts in (*cube.one.values(), *cube.two.values()))


def test_a_block_larger_than_a_chunk_is_counted_whole():
    many = np.ones((CHUNK + 3, len(SIZES)), np.uint8)
    cube = count([many], WORK)
    assert cube.n == CHUNK + 3
    assert cube.one["age"].tolist() == [0, CHUNK + 3, 0, 0, 0, 0, 0]


def test_columns_of_the_codebook_that_no_table_wants_are_passed_over():
    work = Workload(3, (Column("age", 2, 5),))
    cube = count([np.array([[9, 99, 1], [9, 99, 255]], np.uint8)], work)
    assert cube.one["age"].tolist() == [0, 1, 0, 0, 0, 0, 1]
    assert list(cube.one) == ["age"]


@pytest.mark.parametrize("byte", [6, 7, 100, 254])
def test_a_byte_that_stands_for_no_code_is_refused_by_name(byte):
    with pytest.raises(InvalidBlock, match="age"):
        count([np.array([[byte]], np.uint8)], Workload(1, (Column("age", 0, 5),)))


@pytest.mark.parametrize(
    "wrong",
    [np.zeros((2, 4), np.uint8), np.zeros((2, 5), np.int64), np.zeros(5, np.uint8)],
    ids=["width", "type", "shape"],
)
def test_a_block_of_the_wrong_shape_is_refused(wrong):
    with pytest.raises(InvalidBlock):
        count([wrong], WORK)


def test_cubes_of_other_tables_or_waves_do_not_add_up():
    other_tables = count([], Workload(len(SIZES), COLUMNS))
    other_wave = count([], WORK, ("demo/2",))
    for other in (other_tables, other_wave):
        with pytest.raises(ValueError, match="cannot be added"):
            count([], WORK).merge(other)
