"""What opens a copy: the key of BACKUP_KEY, or a passphrase that somebody types.

From either and a salt of the file alone come the key of the file and a few bytes to tell a wrong key from a damaged
file. An embedded service without BACKUP_KEY makes itself a key file once.
"""

import getpass
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from django.conf import settings

from config.backup.errors import BackupError

SHORTEST_KEY = 32
SHORTEST_PASSPHRASE = 12
_COST = {"n": 1 << 17, "r": 8, "p": 1}
"""128 MiB and about half a second for each guess (RFC 7914)."""


@dataclass(frozen=True, slots=True)
class Secret:
    salt: bytes
    material: bytes
    kind: str
    """`key` or `passphrase`."""

    def file_key(self) -> bytes:
        return self._derived(b"sunset-survey copy: file", 32)

    def about(self) -> dict[str, str]:
        """For the head of the file."""
        return {"secret": self.kind, "salt": self.salt.hex(), "check": self._check()}

    def fits(self, head: Mapping[str, Any]) -> bool:
        return secrets.compare_digest(str(head.get("check")), self._check())

    def _check(self) -> str:
        return self._derived(b"sunset-survey copy: check", 8).hex()

    def _derived(self, purpose: bytes, length: int) -> bytes:
        return HKDF(SHA256(), length, self.salt, purpose).derive(self.material)


def for_writing(passphrase: bool, say: Callable[[str], None]) -> Secret:
    """BACKUP_KEY, else a passphrase; beside the embedded servers a key file of its own. Raises BackupError."""
    salt = secrets.token_bytes(32)
    if passphrase:
        return _from_passphrase(salt, _asked_twice())
    if settings.BACKUP_KEY or settings.EMBEDDED:
        return Secret(salt, _key(say), "key")
    if not sys.stdin.isatty():
        raise BackupError(
            "There is no key: set BACKUP_KEY or BACKUP_KEY_FILE (openssl rand -hex 32), and keep it elsewhere."
        )
    return _from_passphrase(salt, _asked_twice())


def for_reading(head: Mapping[str, Any], say: Callable[[str], None]) -> Secret:
    """What the head of a copy asks for. Raises BackupError."""
    try:
        salt = bytes.fromhex(head["salt"])
    except (KeyError, TypeError, ValueError):
        raise BackupError("The head of the file is damaged: it names no salt.") from None
    if head.get("secret") == "passphrase":
        return _from_passphrase(salt, _asked("Passphrase of the copy: "))
    if not settings.BACKUP_KEY and not key_file().is_file():
        raise BackupError("This copy needs its key: set BACKUP_KEY or BACKUP_KEY_FILE to the one it was made with.")
    return Secret(salt, _key(say), "key")


def key_file() -> Path:
    """Where an embedded service keeps the key it made itself."""
    return Path(settings.BASE_DIR) / "var" / "backup.key"


def _key(say: Callable[[str], None]) -> bytes:
    key = settings.BACKUP_KEY or _own_key(say)
    if len(key) < SHORTEST_KEY:
        raise BackupError(f"BACKUP_KEY is shorter than {SHORTEST_KEY} characters. Make one: openssl rand -hex 32.")
    return bytes(key, "utf-8")


def _own_key(say: Callable[[str], None]) -> str:
    path = key_file()
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        say(f"Made a key in {path}. Without it no copy can be opened: keep it somewhere else, too.")
    return path.read_text().strip()


def _from_passphrase(salt: bytes, passphrase: str) -> Secret:
    return Secret(salt, Scrypt(salt, 32, **_COST).derive(passphrase.encode()), "passphrase")


def _asked_twice() -> str:
    passphrase = _asked(f"Passphrase, at least {SHORTEST_PASSPHRASE} characters: ")
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise BackupError(f"A passphrase has at least {SHORTEST_PASSPHRASE} characters.")
    if _asked("Once more: ") != passphrase:
        raise BackupError("The two passphrases differ.")
    return passphrase


def _asked(question: str) -> str:
    try:
        return getpass.getpass(question)
    except EOFError:
        raise BackupError("Nobody is there to type the passphrase.") from None
