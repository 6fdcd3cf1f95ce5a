"""The receipt code: the only thing that leads back to a respondent's answers, and only they hold it.

Shape: 120 random bits as 24 symbols of Crockford's base 32 and one check symbol, written in five groups of five,
`0123A-...`. The respondent's page makes the code by the same rules; the server makes one for pages without script.

The check symbol is of the same alphabet, so that it survives hand copying (Crockford's own needs `*~$=U`). It is
computed over GF(32) = GF(2)[x] / (x^5 + x^2 + 1), with x written as 2: starting from 0, each symbol is taken in by
`check = 2 * check + symbol`, and at the end `check = 2 * check`. Appending it makes the whole sum 0. The weights of
the 25 places are different powers of x, hence every single wrong symbol and every exchange of two symbols is found.
"""

import hashlib
import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = 24
LENGTH = SYMBOLS + 1
GROUP = 5

_LONGEST_INPUT = 200
_VALUE = {symbol: value for value, symbol in enumerate(ALPHABET)}
_LOOKALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})


def make() -> str:
    """A new code from the system's random source, in groups."""
    symbols = "".join(secrets.choice(ALPHABET) for _ in range(SYMBOLS))
    return grouped(symbols + ALPHABET[_remainder(symbols)])


def normalise(code: str) -> str:
    """The code as it is hashed: capitals without groups. Forgives lower case, full-width forms, spaces, dashes,
    and O, I, L written for 0, 1, 1. Never raises; what is no code stays none."""
    if len(code) > _LONGEST_INPUT:
        return ""
    wide = unicodedata.normalize("NFKC", code).upper().translate(_LOOKALIKES)
    return "".join(symbol for symbol in wide if not _is_separator(symbol))


def is_valid(code: str) -> bool:
    """Whether the code, once normalised, has 25 symbols of the alphabet and the right check symbol."""
    symbols = normalise(code)
    return len(symbols) == LENGTH and all(symbol in _VALUE for symbol in symbols) and _sum(symbols) == 0


def grouped(code: str) -> str:
    """A normalised code as people read it: `0123A-B4567-...`."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


def digest(survey_slug: str, code: str) -> bytes:
    """What is stored of a code: SHA-256, 32 bytes, of both parts, each preceded by its length in bytes."""
    parts = (survey_slug.encode(), normalise(code).encode("utf-8", "surrogatepass"))
    return hashlib.sha256(b"".join(b"%d:%b" % (len(part), part) for part in parts)).digest()


def _is_separator(symbol: str) -> bool:
    return (
        symbol == "_"
        or symbol.isspace()
        or unicodedata.category(symbol) in ("Pd", "Cf", "Cc")
        or symbol in "\u30fc\u2212"
    )


def _remainder(symbols: str) -> int:
    return _double(_sum(symbols))


def _sum(symbols: str) -> int:
    check = 0
    for symbol in symbols:
        check = _double(check) ^ _VALUE[symbol]
    return check


def _double(value: int) -> int:
    shifted = value << 1
    return shifted ^ 0b100101 if shifted > 31 else shifted
