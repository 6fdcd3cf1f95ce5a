"""Copies of everything that cannot be computed again: rows, positions of sequences, files of reports. Encrypted."""

from config.backup.errors import BackupError
from config.backup.folder import Copy, copies, expired, purge
from config.backup.making import make
from config.backup.restoring import restore

__all__ = ["BackupError", "Copy", "copies", "expired", "make", "purge", "restore"]
