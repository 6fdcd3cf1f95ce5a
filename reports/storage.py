"""Where the files of reports lie: each under the SHA-256 of its bytes, written once, never changed.

`STORAGE_URL` names the place; today a folder (`file:///...`) that every worker and web process can reach.
"""

import hashlib
import os
import tempfile
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from reports.errors import FilesDiffer

PIECE = 64 * 1024
"""Bytes of a file that are sent at a time."""


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class FileStore:
    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, content: bytes) -> str:
        """Store durably and return the SHA-256. The same bytes again are left as they lie, if they still are the same,
        and count as new (`forget`).

        Raises OSError (disk full, folder gone) and then leaves nothing behind under the final name.
        """
        sha256 = digest(content)
        if self._holds(sha256):
            os.utime(self._path(sha256))
        else:
            self._write(self._path(sha256), content)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes, checked. Raises FilesDiffer when they are missing or no longer what they were."""
        try:
            content = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise FilesDiffer("A stored file is missing.", sha256=sha256) from None
        if digest(content) != sha256:
            raise FilesDiffer("A stored file has changed.", sha256=sha256)
        return content

    def pieces(self, sha256: str) -> Iterator[bytes]:
        """The bytes in pieces, to be sent without holding them all. Checked at once, before the first is asked for.

        Raises FilesDiffer as `get` does.
        """
        try:
            with self._path(sha256).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            raise FilesDiffer("A stored file is missing.", sha256=sha256) from None
        if found != sha256:
            raise FilesDiffer("A stored file has changed.", sha256=sha256)
        return _read(self._path(sha256))

    def is_writable(self) -> bool:
        """Can a file be written now? For the readiness check of operators."""
        try:
            self._root.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=self._root) as file:
                file.write(b"ready?")
        except OSError:
            return False
        return True

    def forget(self, named: Collection[str], before: datetime) -> int:
        """Delete files stored before then that no row names, and what killed writers left; how many."""
        old = (path for path in self._root.glob("??/*") if path.stat().st_mtime < before.timestamp())
        gone = [path for path in old if path.name not in named]
        for path in gone:
            path.unlink(missing_ok=True)
        return len(gone)

    def _holds(self, sha256: str) -> bool:
        try:
            self.get(sha256)
        except FilesDiffer:
            return False
        return True

    def _path(self, sha256: str) -> Path:
        return self._root / sha256[:2] / sha256

    def _write(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, 0o640)
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        _sync_folder(path.parent)


def _read(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def _sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def store() -> FileStore:
    parts = urlsplit(settings.STORAGE_URL)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        raise ImproperlyConfigured("STORAGE_URL must look like file:///a/folder.")
    return FileStore(Path(unquote(parts.path)))
