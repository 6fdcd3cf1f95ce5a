"""Texts that only two kinds of people can read: whoever holds the receipt code, and reviewers with a passphrase.

    texts --content key--> ciphertext          one random key for each submission, never kept
    content key --receipt code--> for_receipt  destroyed at sealing
    content key --reading key--> for_readers   X25519: writing needs the public half alone
    reading key --a reviewer's key--> share    one for each reviewer who may read
    a reviewer's key --passphrase--> locked    the passphrase is stored nowhere

Pure: bytes in, bytes out. The choice of each part is in docs/adr/0014.
"""

from survey.sealed_texts.boxes import Box, KeyPair, Unreadable, make_pair, open_box, put_in_box
from survey.sealed_texts.envelope import (
    Envelope,
    Texts,
    associated,
    content_key_for_reader,
    content_key_for_receipt,
    open_more,
    open_texts,
    seal_more,
    seal_texts,
)
from survey.sealed_texts.passphrases import LockedKey, WrongPassphrase, lock, unlock

__all__ = [
    "Box",
    "Envelope",
    "KeyPair",
    "LockedKey",
    "Texts",
    "Unreadable",
    "WrongPassphrase",
    "associated",
    "content_key_for_reader",
    "content_key_for_receipt",
    "lock",
    "make_pair",
    "open_box",
    "open_more",
    "open_texts",
    "put_in_box",
    "seal_more",
    "seal_texts",
    "unlock",
]
