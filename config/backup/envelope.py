"""The outside of a copy: a readable head, then one stream in encrypted chunks.

    magic | length of the head, 4 bytes | head, JSON | chunk | chunk | ... | last chunk

Each chunk is AES-256-GCM of up to CHUNK bytes under a key of this file alone. Its nonce is its number and whether it
is the last, and every chunk vouches for the head: chunks cannot be altered, swapped, left out or cut off unnoticed
(the STREAM construction: Hoang, Reyhanitabar, Rogaway and Vizár, CRYPTO 2015).
"""

import hashlib
import io
import json
import os
from collections.abc import Mapping
from typing import IO, Any, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from config.backup.errors import BackupError
from config.backup.keys import Secret

CHUNK = 1 << 18
_TAG = 16
_MAGIC = b"sunset-survey copy 1\n"
_LONGEST_HEAD = 1 << 16
_DAMAGED = "The file is cut off or was altered. Nothing was restored from it; take another copy."


def read_head(file: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """The head, and its bytes as they stand. Nothing vouches for it before a chunk was read. Raises BackupError."""
    size = file.read(len(_MAGIC) + 4)
    length = int.from_bytes(size[len(_MAGIC) :], "big")
    if size[: len(_MAGIC)] != _MAGIC or length > _LONGEST_HEAD:
        raise BackupError("This is not a copy made by `manage.py backup` of this version.")
    written = file.read(length)
    try:
        head = json.loads(written)
    except ValueError:
        raise BackupError(_DAMAGED) from None
    return head, size + written


class Writer(io.RawIOBase):
    """Encrypts what is written to it. A file that was never closed has no last chunk, and is refused as cut off."""

    def __init__(self, file: IO[bytes], secret: Secret, about: Mapping[str, Any]) -> None:
        written = json.dumps({**about, **secret.about()}).encode()
        head = _MAGIC + len(written).to_bytes(4, "big") + written
        file.write(head)
        self._file, self._cipher, self._head = file, AESGCM(secret.file_key()), hashlib.sha256(head).digest()
        self._kept, self._number = bytearray(), 0

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self._kept += content
        while len(self._kept) > CHUNK:
            self._put(bytes(self._kept[:CHUNK]), last=False)
            del self._kept[:CHUNK]
        return len(content)

    def finish(self) -> None:
        """Write the last chunk and see it safe on the disk."""
        self._put(bytes(self._kept), last=True)
        self._file.flush()
        os.fsync(self._file.fileno())

    def _put(self, content: bytes, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._number, last), content, self._head))
        self._number += 1


class Reader(io.RawIOBase):
    """The stream again, from any position; every byte that it gives was checked. Raises BackupError."""

    def __init__(self, file: IO[bytes], secret: Secret) -> None:
        file.seek(0)
        head, written = read_head(file)
        if not secret.fits(head):
            raise BackupError("The key does not fit: this copy was made under another one.")
        self._file, self._start = file, len(written)
        self._cipher, self._head = AESGCM(secret.file_key()), hashlib.sha256(written).digest()
        body = file.seek(0, io.SEEK_END) - self._start
        self._chunks = -(-body // (CHUNK + _TAG))
        if body < _TAG or body - (self._chunks - 1) * (CHUNK + _TAG) < _TAG:
            raise BackupError(_DAMAGED)
        self._size = body - self._chunks * _TAG
        self._position, self._loaded, self._content = 0, -1, b""
        self._load(self._chunks - 1)

    def readable(self) -> Literal[True]:
        return True

    def seekable(self) -> Literal[True]:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        if self._position >= self._size:
            return 0
        number, start = divmod(self._position, CHUNK)
        self._load(number)
        piece = self._content[start : start + len(buffer)]
        buffer[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)

    def _load(self, number: int) -> None:
        if number == self._loaded:
            return
        self._file.seek(self._start + number * (CHUNK + _TAG))
        sealed = self._file.read(CHUNK + _TAG)
        try:
            self._content = self._cipher.decrypt(_nonce(number, number == self._chunks - 1), sealed, self._head)
        except InvalidTag:
            raise BackupError(_DAMAGED) from None
        self._loaded = number


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
