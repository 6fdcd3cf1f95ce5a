"""The outside of a copy: what was written comes back, from any position, and no change to the file goes unnoticed."""

import io
import json
import random
from pathlib import Path

import pytest

from config.backup.envelope import CHUNK, Reader, Writer, read_head
from config.backup.errors import BackupError
from config.backup.keys import Secret

SECRET = Secret(b"s" * 32, b"k" * 64, "key")
OTHER = Secret(b"s" * 32, b"o" * 64, "key")
CONTENT = random.Random(1).randbytes(3 * CHUNK + 100)
TAG = 16


def written(path: Path, content: bytes = CONTENT, finish: bool = True) -> Path:
    with path.open("wb") as file:
        writer = Writer(file, SECRET, {"about": "this"})
        for start in range(0, len(content), 70_000):
            writer.write(content[start : start + 70_000])
        if finish:
            writer.finish()
    return path


def content_of(path: Path, secret: Secret = SECRET) -> bytes:
    with path.open("rb") as file:
        return Reader(file, secret).readall()


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, len(CONTENT)])
def test_what_was_written_comes_back(length: int, tmp_path: Path) -> None:
    assert content_of(written(tmp_path / "copy", CONTENT[:length])) == CONTENT[:length]


def test_it_is_read_from_any_position(tmp_path: Path) -> None:
    with written(tmp_path / "copy").open("rb") as file:
        reader = io.BufferedReader(Reader(file, SECRET))
        for position in (2 * CHUNK, 5, CHUNK - 1, 3 * CHUNK + 99):
            reader.seek(position)
            assert reader.read(20) == CONTENT[position : position + 20]
        assert reader.seek(-1, io.SEEK_END) == len(CONTENT) - 1


def test_the_head_can_be_read_without_the_key_and_nothing_else(tmp_path: Path) -> None:
    path = written(tmp_path / "copy", b"the answer is here" * 1000)
    with path.open("rb") as file:
        head, _ = read_head(file)

    assert head["about"] == "this"
    assert b"answer" not in path.read_bytes()
    assert b"k" * 64 not in path.read_bytes()


def test_two_files_under_one_key_share_no_key(tmp_path: Path) -> None:
    assert Secret(b"a" * 32, b"k" * 64, "key").file_key() != Secret(b"b" * 32, b"k" * 64, "key").file_key()


def test_another_key_is_told_apart_from_damage(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="The key does not fit"):
        content_of(written(tmp_path / "copy"), OTHER)


def start_of(path: Path) -> int:
    with path.open("rb") as file:
        return len(read_head(file)[1])


@pytest.mark.parametrize("lost", [1, TAG, 100 + TAG, 100 + TAG + 1, CHUNK + TAG + 100 + TAG])
def test_a_file_that_is_cut_off_is_refused(lost: int, tmp_path: Path) -> None:
    path = written(tmp_path / "copy")
    path.write_bytes(path.read_bytes()[:-lost])

    with pytest.raises(BackupError, match="cut off or was altered"):
        content_of(path)


def test_a_file_whose_writer_died_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="cut off or was altered"):
        content_of(written(tmp_path / "copy", finish=False))


def test_nothing_but_a_head_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "copy")
    path.write_bytes(path.read_bytes()[: start_of(path)])

    with pytest.raises(BackupError, match="cut off or was altered"):
        content_of(path)


def test_a_changed_bit_anywhere_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path / "copy")
    whole, start = path.read_bytes(), start_of(path)
    for place in [start, start + CHUNK, start + CHUNK + TAG, len(whole) - 1]:
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(BackupError, match="cut off or was altered"):
            content_of(path)


def test_chunks_cannot_change_places(tmp_path: Path) -> None:
    path = written(tmp_path / "copy")
    whole, start, size = path.read_bytes(), start_of(path), CHUNK + TAG
    first, second = whole[start : start + size], whole[start + size : start + 2 * size]
    path.write_bytes(whole[:start] + second + first + whole[start + 2 * size :])

    with pytest.raises(BackupError, match="cut off or was altered"):
        content_of(path)


def test_the_head_cannot_be_changed(tmp_path: Path) -> None:
    path = written(tmp_path / "copy")
    path.write_bytes(path.read_bytes().replace(b'"this"', b'"that"'))

    with pytest.raises(BackupError, match="cut off or was altered"):
        content_of(path)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + b"0" * 100, b"sunset-survey copy 1\n\xff\xff\xff\xff"])
def test_another_file_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "copy").write_bytes(content)

    with pytest.raises(BackupError, match="not a copy"):
        content_of(tmp_path / "copy")


def test_a_head_tells_nothing_of_the_key(tmp_path: Path) -> None:
    about = json.dumps(SECRET.about())

    assert SECRET.file_key().hex() not in about
    assert SECRET.fits(SECRET.about())
    assert not OTHER.fits(SECRET.about())
