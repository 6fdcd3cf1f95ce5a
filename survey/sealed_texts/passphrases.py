"""A private key under a passphrase, which is stored nowhere: who forgets it has lost the key."""

import secrets
import threading
import unicodedata
from typing import NamedTuple

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from survey.sealed_texts.boxes import KEY, Unreadable, decrypt_once, encrypt_once

LOG2_N = 17
"""Scrypt with n = 2^17, r = 8, p = 1: 128 MiB and some tenths of a second for each guess (OWASP, 2024)."""
_R, _P = 8, 1
_SALT = 16
_PURPOSE = b"sunset survey: passphrase 1"
_one_at_a_time = threading.Lock()
"""Each derivation takes 128 MiB: several at once could use up a small machine."""


class WrongPassphrase(Exception):
    pass


class LockedKey(NamedTuple):
    content: bytes
    """A salt of 16 bytes, then the private key and its tag."""
    log2_n: int


def lock(private: bytes, passphrase: str, about: bytes, log2_n: int = LOG2_N) -> LockedKey:
    """`about`: whose key it is; must be said again to unlock it."""
    salt = secrets.token_bytes(_SALT)
    derived = _derived(passphrase, salt, log2_n)
    return LockedKey(salt + encrypt_once(private, derived, _PURPOSE, about), log2_n)


def unlock(locked: LockedKey, passphrase: str, about: bytes) -> bytes:
    """The private key, 32 bytes. Raises WrongPassphrase, after the same work as for the right one."""
    salt, content = locked.content[:_SALT], locked.content[_SALT:]
    try:
        return decrypt_once(content, _derived(passphrase, salt, locked.log2_n), _PURPOSE, about)
    except Unreadable:
        raise WrongPassphrase from None


def _derived(passphrase: str, salt: bytes, log2_n: int) -> bytes:
    """The same passphrase typed on another keyboard may be other code points: NFKC makes them equal."""
    secret = unicodedata.normalize("NFKC", passphrase).encode("utf-8", "surrogatepass")
    with _one_at_a_time:
        return Scrypt(salt, KEY, 1 << log2_n, _R, _P).derive(secret)
