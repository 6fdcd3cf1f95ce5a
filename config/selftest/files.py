"""Where a trace could lie in files: logs, storage, the temporary folder, the files of Redis and of PostgreSQL."""

import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

from config.selftest.findings import Report
from config.selftest.marks import Marks
from config.selftest.times import Window

_BLOCK = 1 << 20
_OVERLAP = 200
_MOST_FILES = 500_000
_TOLERANCE = timedelta(seconds=1)
_EVER = datetime(1971, 1, 1, tzinfo=UTC)
_CLOSED = "this user may not read it"
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


@dataclass(frozen=True, slots=True)
class File:
    path: Path
    modified: datetime


@dataclass
class Search:
    marks: Marks
    window: Window
    report: Report
    sealed: bool

    def run(self, folders: list[Folder]) -> None:
        for folder in folders:
            listed = list(islice(self._walk(folder), _MOST_FILES))
            changed = [file for file in listed if file]
            for file in changed:
                self._file(folder, file)
            self.report.add_searched(f"{folder.kind} ({folder.path})", len(listed), f"files, {len(changed)} changed")
            if len(listed) == _MOST_FILES:
                self.report.add_unseen(str(folder.path), f"more than {_MOST_FILES} files")

    def _walk(self, folder: Folder) -> Iterator[File | None]:
        since = self.window.start - _TOLERANCE
        return walk(folder.path, since, folder.without, lambda path: self.report.add_unseen(path, _CLOSED))

    def _file(self, folder: Folder, file: File) -> None:
        if folder.quiet and not self.sealed and self.window.holds(file.modified):
            self.report.add_found(str(file.path), "was written during the visit, and its own time says when")
        try:
            for block in blocks(file.path):
                self._text(folder, file.path, block.decode("latin-1"))
        except PermissionError:
            self.report.add_unseen(str(file.path), _CLOSED)

    def _text(self, folder: Folder, path: Path, text: str) -> None:
        for name in self.marks.in_text(text, "", self.sealed, only_new=folder.is_busy):
            self.report.add_found(str(path), name)
        if not folder.is_busy:
            for time in self.window.times_in(text):
                self.report.add_found(str(path), f"the time {time}, which is within the visit")


def missing_logs(folders: list[Folder]) -> Iterator[str]:
    """The services of which no log lies in any folder, by the names of its files."""
    logs = [folder.path for folder in folders if folder.kind == "logs"]
    names = [file.path.name.lower() for path in logs for file in walk(path, _EVER) if file]
    for service, words in _LOGS.items():
        if not any(word in name for word in words for name in names):
            yield service


def temporary(without: tuple[Path, ...]) -> Folder:
    return Folder(Path(tempfile.gettempdir()), "temporary files", is_busy=True, without=without)


def walk(
    folder: Path, since: datetime, without: tuple[Path, ...] = (), closed: Callable[[str], object] = lambda _: None
) -> Iterator[File | None]:
    """Each plain file (no links, sockets or pipes): None for one that was not written since.

    Folders that cannot be entered are named to `closed`.
    """
    waiting = [str(folder)]
    skipped = {str(path) for path in without}
    while waiting:
        here = waiting.pop()
        try:
            with os.scandir(here) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        waiting += [] if entry.path in skipped else [entry.path]
                    elif entry.is_file(follow_symlinks=False):
                        yield _file(entry.path, entry.stat(follow_symlinks=False).st_mtime, since)
        except NotADirectoryError:
            yield _file(here, os.stat(here).st_mtime, since)
        except FileNotFoundError:
            continue  # taken away meanwhile by the program that made it
        except PermissionError:
            closed(here)


def _file(path: str, modified: float, since: datetime) -> File | None:
    return File(Path(path), datetime.fromtimestamp(modified, UTC)) if modified >= since.timestamp() else None


def blocks(path: Path) -> Iterator[bytes]:
    """The file in overlapping blocks, so that a mark across a border is found. A file that is gone is empty."""
    try:
        with path.open("rb") as file:
            tail = b""
            while block := file.read(_BLOCK):
                yield tail + block
                tail = block[-_OVERLAP:]
    except FileNotFoundError:
        return
