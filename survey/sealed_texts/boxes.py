"""A sealed box: anybody can put something in who has the public key, and only the private key opens it.

As in HPKE's base mode (RFC 9180): an ephemeral X25519 pair, HKDF-SHA256 over the shared secret with both public keys in
its info, AES-256-GCM. Each box has a key of its own, so its nonce may come from the same derivation.
"""

from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY = 32
_NONCE = 12
_PURPOSE = b"sunset survey: sealed box 1"

type Box = bytes
"""32 bytes of the ephemeral public key, then the ciphertext with its tag of 16 bytes."""


class Unreadable(Exception):
    """The wrong key, or not the bytes that were written."""


class KeyPair(NamedTuple):
    private: bytes
    public: bytes


def make_pair() -> KeyPair:
    """32 bytes each."""
    private = X25519PrivateKey.generate()
    return KeyPair(private.private_bytes_raw(), private.public_key().public_bytes_raw())


def put_in_box(secret: bytes, public: bytes, about: bytes) -> Box:
    """`about` must be said again when the box is opened."""
    ephemeral = X25519PrivateKey.generate()
    sender = ephemeral.public_key().public_bytes_raw()
    shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(public))
    return sender + encrypt_once(secret, shared, _PURPOSE + sender + public, about)


def open_box(box: Box, private: bytes, about: bytes) -> bytes:
    """Raises Unreadable."""
    own = X25519PrivateKey.from_private_bytes(private)
    sender, public = box[:KEY], own.public_key().public_bytes_raw()
    try:
        shared = own.exchange(X25519PublicKey.from_public_bytes(sender))
    except ValueError as error:
        raise Unreadable from error
    return decrypt_once(box[KEY:], shared, _PURPOSE + sender + public, about)


def encrypt_once(plain: bytes, secret: bytes, info: bytes, about: bytes, salt: bytes | None = None) -> bytes:
    """For a (secret, salt, info) that is used for one message only: key and nonce both follow from it."""
    key, nonce = _derived(secret, info, salt)
    return AESGCM(key).encrypt(nonce, plain, about)


def decrypt_once(content: bytes, secret: bytes, info: bytes, about: bytes, salt: bytes | None = None) -> bytes:
    """Raises Unreadable."""
    key, nonce = _derived(secret, info, salt)
    return decrypt(key, nonce, content, about)


def decrypt(key: bytes, nonce: bytes, content: bytes, about: bytes) -> bytes:
    """Raises Unreadable."""
    try:
        return AESGCM(key).decrypt(nonce, content, about)
    except (InvalidTag, ValueError) as error:
        raise Unreadable from error


def _derived(secret: bytes, info: bytes, salt: bytes | None) -> tuple[bytes, bytes]:
    derived = HKDF(SHA256(), KEY + _NONCE, salt, info).derive(secret)
    return derived[:KEY], derived[KEY:]
