"""Where a trace could lie in files: logs, storage, the temporary folder, the files of Redis and of PostgreSQL."""

import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from django.db import connections

from config.selftest.findings import Report
from config.selftest.marks import Marks
from config.selftest.times import Window

_BLOCK = 1 << 20
_OVERLAP = 200
_MOST_FILES = 200_000
_LOGS = {
    "web": ("web",),
    "worker": ("worker",),
    "beat": ("beat",),
    "PostgreSQL": ("postgres", "pg_log"),
    "Redis": ("redis", "valkey"),
    "the proxy": ("caddy", "nginx", "proxy", "traefik", "haproxy"),
}


@dataclass(frozen=True, slots=True)
class Folder:
    path: Path
    kind: str
    quiet: bool = False
    """Nothing in it is written while nobody but respondents is there: a file's own time is a trace, too."""
    is_busy: bool = False
    """Services and other programs write here at all times: a time says nothing, and nor does a mark of every run."""
    without: tuple[Path, ...] = ()
    """Folders inside it that are searched by themselves, or not to be searched."""


@dataclass
class Search:
    marks: Marks
    window: Window
    report: Report
    sealed: bool

    def run(self, folders: list[Folder]) -> None:
        for folder in folders:
            listed = list(islice(_files(folder.path, folder.without), _MOST_FILES))
            changed = [path for path in listed if self._is_changed(path)]
            for path in changed:
                self._file(folder, path)
            self.report.add_searched(f"{folder.kind} ({folder.path})", len(listed), f"files, {len(changed)} changed")
            if len(listed) == _MOST_FILES:
                self.report.add_unseen(str(folder.path), f"more than {_MOST_FILES} files")

    def _is_changed(self, path: Path) -> bool:
        try:
            return path.stat().st_mtime >= self.window.start.timestamp() - 1
        except OSError:
            return False

    def _file(self, folder: Folder, path: Path) -> None:
        if folder.quiet and not self.sealed and self.window.holds(_modified(path)):
            self.report.add_found(str(path), "was written during the visit, and its own time says when")
        try:
            for text in blocks(path):
                self._text(folder, path, text)
        except FileNotFoundError:
            return  # taken away meanwhile by the program that made it
        except OSError as error:
            self.report.add_unseen(str(path), f"cannot be read: {error.strerror}")

    def _text(self, folder: Folder, path: Path, text: str) -> None:
        for name in self.marks.in_text(text, "", self.sealed, only_new=folder.is_busy):
            self.report.add_found(str(path), name)
        if not folder.is_busy:
            for time in self.window.times_in(text):
                self.report.add_found(str(path), f"the time {time}, which is within the visit")


def missing_logs(folders: list[Folder]) -> Iterator[str]:
    """The services of which no log lies in any folder, by the names of its files."""
    names = [path.name.lower() for folder in folders if folder.kind == "logs" for path in _files(folder.path)]
    for service, words in _LOGS.items():
        if not any(word in name for word in words for name in names):
            yield service


def temporary(without: tuple[Path, ...]) -> Folder:
    return Folder(Path(tempfile.gettempdir()), "temporary files", is_busy=True, without=without)


class DatabaseFiles:
    """The server's own files, after sealing: no image of a receipt or of erased words may lie in them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._base = folder / "base" / str(_ask("SELECT oid::text FROM pg_database WHERE datname = current_database()"))

    def search(self, marks: Marks, report: Report, since: datetime) -> None:
        homes = _file_names()
        paths = [path for path in _files(self._folder) if "pg_wal" not in path.parts and self._is_ours(path)]
        for path in paths:
            table = homes.get(path.name.partition(".")[0], "")
            for name in marks.in_bytes(_content(path), table):
                report.add_found(f"file {path.relative_to(self._folder)} of the database server", name)
        report.add_searched(
            f"files of the database server ({self._folder})", len(paths), "files, as last written to disk"
        )
        self._journal(marks, report, since)

    def _is_ours(self, path: Path) -> bool:
        return path.is_relative_to(self._base) or not path.is_relative_to(self._folder / "base")

    def _journal(self, marks: Marks, report: Report, since: datetime) -> None:
        segments = [path for path in _files(self._folder / "pg_wal") if _modified(path) >= since]
        holding = sum(any(marks.in_bytes(_content(path), "")) for path in segments)
        if holding:
            report.add_known(
                "journal of the database (pg_wal)", f"{holding} segments hold answers until they are recycled"
            )


def _file_names() -> Mapping[str, str]:
    """File -> the table that it belongs to, as its rows or its long values."""
    listed = """
        SELECT pg_relation_filenode(part)::text, relname::text
        FROM pg_class AS own, LATERAL (VALUES (own.oid), (reltoastrelid)) AS parts (part)
        WHERE relname = 'survey_testimony' AND part <> 0"""
    with connections["owner"].cursor() as cursor:
        cursor.execute(listed)
        return dict(cursor.fetchall())


def _ask(statement: str) -> object:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement)
        row = cursor.fetchone()
    return row[0] if row else None


def blocks(path: Path) -> Iterator[str]:
    """The file in overlapping blocks, so that a mark across a border is found."""
    with path.open("rb") as file:
        tail = ""
        while block := file.read(_BLOCK):
            text = tail + block.decode("latin-1")
            yield text
            tail = text[-_OVERLAP:]


def _files(folder: Path, without: tuple[Path, ...] = ()) -> Iterator[Path]:
    """Plain files only: no links, sockets or pipes."""
    if folder.is_file():
        yield folder
    skipped = {str(path) for path in without}
    for parent, inside, names in os.walk(folder):
        inside[:] = [name for name in inside if os.path.join(parent, name) not in skipped]
        yield from (Path(parent, name) for name in names if _is_plain(os.path.join(parent, name)))


def _is_plain(path: str) -> bool:
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except OSError:
        return False


def _modified(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)


def _content(path: Path) -> bytes:
    """Empty for a file that the server has taken away meanwhile."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
