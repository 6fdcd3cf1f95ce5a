"""The stamp holds for one wave, one code and one effort."""

import hashlib

import pytest

from survey import receipts, stamp

CODE = "0123456789ABCDEFGHJKMNPQF"
BITS = 8


def by_hand(text: str) -> str:
    return bin(int(hashlib.sha256(text.encode()).hexdigest(), 16))[2:].zfill(256)


def test_a_found_stamp_is_valid_and_the_smallest() -> None:
    counter = stamp.find(3, CODE, BITS)
    assert stamp.is_valid(3, CODE, counter, BITS)
    assert by_hand(f"3:{CODE}:{counter}").startswith("0" * BITS)
    assert not any(by_hand(f"3:{CODE}:{n}").startswith("0" * BITS) for n in range(int(counter)))


def test_the_work_doubles_with_each_bit() -> None:
    efforts = [stamp.zero_bits(1, CODE, str(counter)) for counter in range(4096)]
    for bits in (1, 3, 5):
        share = sum(effort >= bits for effort in efforts) / len(efforts)
        assert 0.7 < share * 2**bits < 1.4


def test_the_code_may_be_written_in_any_way() -> None:
    code = receipts.make()
    counter = stamp.find(1, code, BITS)
    assert stamp.is_valid(1, code.lower().replace("-", " "), counter, BITS)


@pytest.mark.parametrize("counter", ["", " 1", "-1", "+1", "1.0", "0x1", "١", "1" * 17, "\ud800", "1\n"])
def test_only_a_short_decimal_number_is_a_counter(counter: str) -> None:
    assert not stamp.is_valid(1, CODE, counter, 0)


@pytest.mark.parametrize(("wave", "code"), [(2, CODE), (1, "ABCDEFGHJKMNPQ0123456789N")])
def test_a_stamp_is_of_no_use_elsewhere(wave: int, code: str) -> None:
    counter = stamp.find(1, CODE, 12)
    assert not stamp.is_valid(wave, code, counter, 12)


@pytest.mark.parametrize("code", ["", "\ud800", "x" * 10_000])
def test_any_code_may_arrive(code: str) -> None:
    assert not stamp.is_valid(1, code, "1", 60)
