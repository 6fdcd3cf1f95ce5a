"""A released bundle as a stranger holds it: a ZIP, or a folder of the same files."""

import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

_DOCUMENT = "report.json"


class UnreadableBundle(ValueError):
    """What was given is no bundle, or one without a number in it."""


@dataclass(frozen=True)
class Bundle:
    """`files`: path inside the bundle -> content. `packed`: what a ZIP says beside its files, one line each."""

    name: str
    files: Mapping[str, bytes]
    packed: tuple[str, ...] = field(default=())

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """`report.json`; empty if the bundle has none. Raises UnreadableBundle."""
        if _DOCUMENT not in self.files:
            return {}
        try:
            document = json.loads(self.files[_DOCUMENT])
        except ValueError as error:
            raise UnreadableBundle(f"{self.name}: {_DOCUMENT} is not JSON ({error})") from None
        if not isinstance(document, dict):
            raise UnreadableBundle(f"{self.name}: {_DOCUMENT} is not an object")
        return document

    @property
    def waves(self) -> frozenset[str]:
        """The waves counted. A bundle that does not name them is taken to be of waves of its own."""
        return frozenset(self.document.get("waves") or [self.name])

    @property
    def n(self) -> int | None:
        n = self.document.get("n")
        return n if isinstance(n, int) else None


def read(path: Path) -> Bundle:
    """Raises UnreadableBundle, and OSError if there is nothing at `path`."""
    if path.is_dir():
        found = (one for one in sorted(path.rglob("*")) if one.is_file())
        return Bundle(str(path), {one.relative_to(path).as_posix(): one.read_bytes() for one in found})
    try:
        with zipfile.ZipFile(path) as archive:
            files = {about.filename: archive.read(about) for about in archive.infolist() if not about.is_dir()}
            return Bundle(str(path), files, tuple(_beside(archive)))
    except zipfile.BadZipFile:
        raise UnreadableBundle(f"{path} is neither a folder nor a ZIP") from None


def _beside(archive: zipfile.ZipFile) -> Iterator[str]:
    """Times of day, comments and further fields in which an archive could say more than its files do."""
    if archive.comment:
        yield f"comment of the archive: {archive.comment!r}"
    for about in archive.infolist():
        if any(about.date_time[3:]):
            yield f"{about.filename}: packed at {about.date_time}"
        if about.comment or about.extra:
            yield f"{about.filename}: comment {about.comment!r}, further fields {about.extra!r}"
