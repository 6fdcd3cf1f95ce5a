"""The marks that a visitor carries, in every spelling that a program might write them in, and where each may be."""

import base64
import hashlib
import secrets
import string
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum

from survey import receipts

_HASHES = ("md5", "sha1", "sha256")
_SIGNS = string.ascii_lowercase + string.digits
_SHORTEST_PIECE = 8


class May(Enum):
    """Where a mark may be when the visitor has gone."""

    NOWHERE = "nowhere"
    INBOX = "inbox"
    """In the row of the answer or of its erasure, until the wave is sealed."""


_BEFORE_SEALING = {
    May.NOWHERE: frozenset[str](),
    May.INBOX: frozenset({"survey_inbox", "survey_tombstone"}),
}


@dataclass(frozen=True, slots=True)
class Mark:
    name: str
    """What the report says instead of the mark."""
    spellings: tuple[str, ...]
    raw: tuple[bytes, ...]
    """As bytes in a file of the database server."""
    may: May = May.NOWHERE
    is_new: bool = True
    """Made for this run: nobody else can have written it."""

    def home(self, sealed: bool) -> frozenset[str]:
        return frozenset() if sealed else _BEFORE_SEALING[self.may]


@dataclass
class Marks:
    """All marks of one run."""

    listed: list[Mark] = field(default_factory=list)

    def of_request(self, name: str, value: str, is_new: bool = True) -> str:
        """Something that every request carries: as it is, hashed, and encoded."""
        hashes = [hashlib.new(kind, value.encode()).hexdigest() for kind in _HASHES]
        spellings = (value, *hashes, *_encoded(value.encode()))
        self.listed.append(Mark(name, spellings, (value.encode(),), is_new=is_new))
        return value

    def words(self, name: str) -> str:
        """New words for an answer. They are encrypted before they are stored, so they may be nowhere."""
        words = "".join(secrets.choice(_SIGNS) for _ in range(20))
        self._add(name, [words, *_encoded(words.encode())], _pieces(words))
        return words

    def code(self, name: str, code: str) -> str:
        """A receipt code: it may be nowhere; its hash, in the row that it opens."""
        plain = receipts.normalise(code)
        both = (receipts.grouped(plain), plain)
        written = [spelling for one in both for spelling in (one, one.lower())]
        self._add(name, [*written, *_encoded(plain.encode())], [one.encode() for one in both])
        return code

    def digest(self, name: str, survey_slug: str, code: str) -> None:
        digest = receipts.digest(survey_slug, code)
        self._add(name, [digest.hex(), *_encoded(digest)], [digest], May.INBOX)

    def in_text(self, text: str, place: str, sealed: bool, only_new: bool = False) -> Iterator[str]:
        """Names of the marks that stand in `text` and may not. `place`: name of the table, else empty."""
        for mark in self.listed:
            if only_new and not mark.is_new:
                continue
            if place not in mark.home(sealed) and any(spelling in text for spelling in mark.spellings):
                yield mark.name

    def in_bytes(self, content: bytes) -> Iterator[str]:
        """The same for a file of the database server after sealing."""
        for mark in self.listed:
            if any(piece in content for piece in mark.raw):
                yield mark.name

    def _add(self, name: str, spellings: Sequence[str], raw: Iterable[bytes], may: May = May.NOWHERE) -> None:
        self.listed.append(Mark(name, tuple(dict.fromkeys(spellings)), tuple(raw), may))


def _encoded(value: bytes) -> list[str]:
    """In hexadecimal, as PostgreSQL prints bytes, and in base 64 at each of its three alignments."""
    shifted = [base64.b64encode(b"\0" * shift + value).decode() for shift in range(3)]
    # The signs at the borders hold bits of the neighbours, too.
    inner = [text[4 if shift else 0 : -4] for shift, text in enumerate(shifted)]
    return [value.hex(), value.hex().upper(), *(text for text in inner if len(text) >= _SHORTEST_PIECE)]


def _pieces(words: str) -> list[bytes]:
    """PostgreSQL's compression writes a control byte between each eight signs: look for what stands between two."""
    text = words.encode()
    return [text[start : start + _SHORTEST_PIECE] for start in range(len(text) - _SHORTEST_PIECE + 1)]
