import os
from pathlib import Path

import pytest

from reports.errors import FilesDiffer
from reports.storage import PIECE, FileStore, digest


@pytest.fixture
def files(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path)


def stored(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_what_is_put_is_got(files: FileStore) -> None:
    assert files.get(files.put(b"a table")) == b"a table"


def test_a_file_is_named_by_its_content(files: FileStore, tmp_path: Path) -> None:
    sha256 = files.put(b"a table")
    assert sha256 == digest(b"a table")
    assert [path.name for path in stored(tmp_path)] == [sha256]


def test_the_same_bytes_are_written_once(files: FileStore, tmp_path: Path) -> None:
    files.put(b"a table")
    before = stored(tmp_path)[0].stat().st_ino
    files.put(b"a table")
    assert [path.stat().st_ino for path in stored(tmp_path)] == [before]


def test_a_changed_file_is_refused_and_can_be_put_right(files: FileStore, tmp_path: Path) -> None:
    sha256 = files.put(b"a table")
    os.truncate(stored(tmp_path)[0], 3)
    with pytest.raises(FilesDiffer):
        files.get(sha256)
    files.put(b"a table")
    assert files.get(sha256) == b"a table"


def test_a_missing_file_is_refused(files: FileStore) -> None:
    with pytest.raises(FilesDiffer):
        files.get(digest(b"never stored"))


def test_a_full_disk_leaves_nothing_behind(files: FileStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        files.put(b"a table")
    assert stored(tmp_path) == []


def test_a_store_says_whether_it_can_be_written(files: FileStore, tmp_path: Path) -> None:
    assert files.is_writable()
    (tmp_path / "file").write_bytes(b"")
    assert not FileStore(tmp_path / "file").is_writable()


def test_a_file_is_read_in_pieces_once_it_is_found_to_be_the_same(files: FileStore, tmp_path: Path) -> None:
    content = os.urandom(2 * PIECE + 1)
    sha256 = files.put(content)
    pieces = list(files.pieces(sha256))
    assert ([len(piece) for piece in pieces], b"".join(pieces)) == ([PIECE, PIECE, 1], content)
    stored(tmp_path)[0].write_bytes(content[:-1] + b"?")
    with pytest.raises(FilesDiffer):
        files.pieces(sha256)
    stored(tmp_path)[0].unlink()
    with pytest.raises(FilesDiffer):
        files.pieces(sha256)
