"""From what a client sent to a code, a set of codes or a clean text. Anything may arrive here."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from survey.instrument.schema import LEFT_BLANK, PREFER_NOT_TO_SAY, Code
from survey.instrument.validate.outcome import ErrorCode

type Fields = Mapping[str, Sequence[str]]
"""Field name -> the values sent under it, as in a form: a code is its decimal text."""

_LINE_ENDS = str.maketrans({"\r": "\n", "\u0085": "\n", "\u2028": "\n", "\u2029": "\n", "\t": " "})
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_MOST_COMPOSED = 4
"""NFC makes one code point of at most so many."""


class Rejected(Exception):
    def __init__(self, code: ErrorCode) -> None:
        super().__init__(code)
        self.code: ErrorCode = code


def given(fields: Fields, name: str) -> list[str]:
    """The distinct values of a field without blanks, in the order sent. Raises Rejected for what is no text."""
    raw: object = fields.get(name, ())
    values = raw if isinstance(raw, list | tuple) else (raw,)
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) != len(values):
        raise Rejected("unknown_code")
    return [text for text in dict.fromkeys(texts) if text]


def one_code(values: list[str], codes: Mapping[str, Code]) -> Code:
    """The one code that was sent, -5 for none. Only the exact decimal text of a code is that code."""
    if not values:
        return LEFT_BLANK
    if len(values) > 1:
        raise Rejected("not_a_choice_together")
    if values[0] not in codes:
        raise Rejected("unknown_code")
    return codes[values[0]]


def many_codes(values: list[str], codes: Mapping[str, Code]) -> set[Code]:
    if not all(value in codes for value in values):
        raise Rejected("unknown_code")
    return {codes[value] for value in values}


def ticked(chosen: set[Code], exclusive: frozenset[Code]) -> frozenset[Code] | Code:
    """The answer to a multiple choice: the ticked codes, -5 for none, -8 for "prefer not to say"."""
    if not chosen:
        return LEFT_BLANK
    if len(chosen) > 1 and not chosen.isdisjoint(exclusive | {PREFER_NOT_TO_SAY}):
        raise Rejected("not_a_choice_together")
    return PREFER_NOT_TO_SAY if PREFER_NOT_TO_SAY in chosen else frozenset(chosen)


def one_text(values: list[str], max_length: int) -> str:
    """The clean text, also where it is too long: the caller says so and keeps it on the page."""
    if len(values) > 1:
        raise Rejected("not_a_choice_together")
    return clean(values[0], max_length) if values else ""


def clean(text: str, max_length: int) -> str:
    """NFC, one kind of line end, no control characters, no half surrogates, no white space around it."""
    lines = _CONTROLS.sub("", text.replace("\r\n", "\n").translate(_LINE_ENDS)).strip()
    if len(lines) > _MOST_COMPOSED * max_length:
        return lines  # surely too long; composing endless marks would only cost time
    return unicodedata.normalize("NFC", lines).strip()
