"""The texts of one submission under one random key, and that key wrapped for those who may read them."""

import json
import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from survey import receipts
from survey.sealed_texts.boxes import KEY, decrypt, decrypt_once, encrypt_once, open_box, put_in_box

_NONCE = 12
_SALT = 16
_SHORTEST = 512
"""Bytes. Lengths are padded to the next power of two from here on, so that they say little of the text."""
_LENGTH = 4
_PURPOSE = b"sunset survey: receipt 1"

type Texts = Mapping[str, str]
"""By name of the question."""


class Envelope(NamedTuple):
    ciphertext: bytes
    """A nonce of 12 bytes, then the padded texts."""
    for_receipt: bytes
    """A salt of 16 bytes, then the content key under the receipt code."""
    for_readers: bytes | None
    """The content key in a box for the reading key; None where there is none."""


def associated(survey_slug: str, wave: int) -> bytes:
    """What an envelope belongs to; it does not open as one of another wave."""
    return json.dumps([survey_slug, wave], separators=(",", ":")).encode()


def seal_texts(texts: Texts, about: bytes, code: str | None, reading_key: bytes | None) -> Envelope:
    """`code`: the receipt, None at sealing; `reading_key`: its public half, 32 bytes."""
    key = secrets.token_bytes(KEY)
    return Envelope(
        seal_more(dict(texts), key, about),
        _for_receipt(key, code, about) if code is not None else b"",
        put_in_box(key, reading_key, about) if reading_key else None,
    )


def seal_more(content: object, key: bytes, about: bytes) -> bytes:
    """Anything that JSON can hold, under the content key of an envelope: what is written about a text ends with it."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, _padded(content), about)


def open_texts(ciphertext: bytes, key: bytes, about: bytes) -> dict[str, str]:
    """What `seal_texts` was given. Raises Unreadable."""
    return dict(open_more(ciphertext, key, about))


def open_more(ciphertext: bytes, key: bytes, about: bytes) -> Any:
    """What `seal_more` was given. Raises Unreadable."""
    plain = decrypt(key, ciphertext[:_NONCE], ciphertext[_NONCE:], about)
    length = int.from_bytes(plain[:_LENGTH], "big")
    return json.loads(plain[_LENGTH : _LENGTH + length])


def content_key_for_receipt(for_receipt: bytes, code: str, about: bytes) -> bytes:
    """Raises Unreadable."""
    salt, content = for_receipt[:_SALT], for_receipt[_SALT:]
    return decrypt_once(content, _secret(code), _PURPOSE, about, salt)


def content_key_for_reader(for_readers: bytes, private: bytes, about: bytes) -> bytes:
    """Raises Unreadable."""
    return open_box(for_readers, private, about)


def _for_receipt(key: bytes, code: str, about: bytes) -> bytes:
    """A code has 120 random bits, so it needs no slow derivation."""
    salt = secrets.token_bytes(_SALT)
    return salt + encrypt_once(key, _secret(code), _PURPOSE, about, salt)


def _secret(code: str) -> bytes:
    return receipts.normalise(code).encode("utf-8", "surrogatepass")


def _padded(content: object) -> bytes:
    plain = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    framed = len(plain).to_bytes(_LENGTH, "big") + plain
    return framed.ljust(max(_SHORTEST, 1 << (len(framed) - 1).bit_length()), b"\0")
