"""The stamp: proof that a page has spent a little computing time on these answers.

No one is asked who they are, so the only price on sending many answers is work. A stamp is a counter, found by trying,
for which SHA-256 of "{wave}:{code}:{counter}" begins with a number of zero bits; each bit more doubles the work. It is
bound to one receipt code and one wave: it cannot be prepared for others or used twice. A page without script sends
none; its answers are taken as well.
"""

import hashlib
from itertools import count

from survey import receipts

LONGEST = 16
"""Decimal digits of a counter."""


def is_valid(wave: int, code: str, counter: str, bits: int) -> bool:
    """`wave`: its number; `code`: a receipt code in any spelling; `bits`: leading zero bits that are asked for."""
    if not (counter.isascii() and counter.isdigit() and len(counter) <= LONGEST):
        return False
    return zero_bits(wave, receipts.normalise(code), counter) >= bits


def find(wave: int, code: str, bits: int) -> str:
    """The smallest counter that will do; about 2 ** bits tries."""
    symbols = receipts.normalise(code)
    return next(str(tried) for tried in count() if zero_bits(wave, symbols, str(tried)) >= bits)


def zero_bits(wave: int, symbols: str, counter: str) -> int:
    """How much work a counter shows, 0 to 256. `symbols`: the code as it is hashed."""
    text = f"{wave}:{symbols}:{counter}".encode("utf-8", "surrogatepass")
    return 256 - int.from_bytes(hashlib.sha256(text).digest()).bit_length()
