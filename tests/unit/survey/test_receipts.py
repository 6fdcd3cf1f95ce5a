"""Receipt codes must survive hand copying, and nothing else may pass for one."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey import receipts

CODE = "7K3QZ-0WFRM-9A5DE-1HXTB-2C8SK"


def with_check(symbols: str) -> str:
    return next(symbols + last for last in receipts.ALPHABET if receipts.is_valid(symbols + last))


codes = st.text(receipts.ALPHABET, min_size=24, max_size=24).map(with_check)


def test_a_made_code_is_valid_and_written_in_five_groups_of_five() -> None:
    code = receipts.make()
    assert receipts.is_valid(code)
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}", code)


def test_two_made_codes_differ() -> None:
    assert receipts.make() != receipts.make()


@given(codes)
def test_exactly_one_check_symbol_fits(code: str) -> None:
    assert sum(receipts.is_valid(code[:-1] + last) for last in receipts.ALPHABET) == 1


@given(codes, st.integers(0, 24), st.sampled_from(receipts.ALPHABET))
def test_one_wrong_symbol_is_found(code: str, place: int, symbol: str) -> None:
    wrong = code[:place] + symbol + code[place + 1 :]
    assert receipts.is_valid(wrong) == (wrong == code)


@given(codes, st.integers(0, 24), st.integers(0, 24))
def test_two_exchanged_symbols_are_found(code: str, one: int, other: int) -> None:
    symbols = list(code)
    symbols[one], symbols[other] = symbols[other], symbols[one]
    wrong = "".join(symbols)
    assert receipts.is_valid(wrong) == (wrong == code)


@pytest.mark.parametrize(
    "written",
    [
        "01ABC-DEFGH-JKMNP-QRSTV-WXYZ?",
        "01abc-defgh-jkmnp-qrstv-wxyz?",
        "oIabc defgh jkmnp qrstv wxyz?",
        "OlABCDEFGHJKMNPQRSTVWXYZ?",
        "  01ABC\u2013DEFGH\u2014JKMNP\u2212QRSTV\u30fcWXYZ?\n",
        "０１ＡＢＣ－ＤＥＦＧＨ－ＪＫＭＮＰ－ＱＲＳＴＶ－ＷＸＹＺ?",
        "01ABC_DEFGH\u200bJKMNP\u00adQRSTV\u00a0WXYZ?",
    ],
)
def test_every_usual_way_of_writing_a_code_means_the_same(written: str) -> None:
    code = with_check("01ABCDEFGHJKMNPQRSTVWXYZ")
    written = written.replace("?", code[-1])
    assert receipts.normalise(written) == code
    assert receipts.is_valid(written)
    assert receipts.digest("mris", written) == receipts.digest("mris", code)


@pytest.mark.parametrize(
    "written", ["", "-", "0" * 24, "0" * 26, "U" + "0" * 24, "\u0660" * 25, "0" * 300, "\ud800", "é" * 25]
)
def test_what_is_no_code_is_refused(written: str) -> None:
    assert not receipts.is_valid(written)


@given(st.text())
def test_normalising_and_hashing_never_fail(text: str) -> None:
    assert len(receipts.digest("mris", text)) == 32


def test_the_digest_depends_on_both_parts_and_on_where_they_end() -> None:
    code = receipts.make()
    assert receipts.digest("mris", code) != receipts.digest("mris-demo", code)
    assert receipts.digest("a", "BC") != receipts.digest("ab", "C")


def test_the_digest_is_fixed_for_ever() -> None:
    """Stored receipts would be lost if this value ever changed."""
    assert receipts.digest("mris", CODE).hex() == "99bd1c8e9b3627bb32409659bdd4970730f251f5b4340dee34fa23bc059d69a1"


@given(codes)
def test_grouping_is_undone_by_normalising(code: str) -> None:
    assert receipts.normalise(receipts.grouped(code)) == code
