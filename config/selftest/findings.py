"""What a self-test says in the end: what was searched, what could not be, what is known to remain, what was found."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

_LISTS = ("searched", "unseen", "known", "found")


@dataclass(frozen=True, slots=True)
class Searched:
    when: str
    place: str
    number: int
    unit: str


@dataclass(frozen=True, slots=True)
class Finding:
    place: str
    what: str


@dataclass
class Report:
    """The four lists of a run. Nothing in them quotes an answer, a code or a marker: they may be shown to anybody."""

    searched: list[Searched] = field(default_factory=list)
    unseen: list[Finding] = field(default_factory=list)
    """Places that could not be looked at, and paths that could not be walked."""
    known: list[Finding] = field(default_factory=list)
    """Remains that docs/operators.md declares."""
    found: list[Finding] = field(default_factory=list)
    when: str = "visit"
    """At which step something is searched: begins the lines of the table."""

    def add_searched(self, place: str, number: int, unit: str) -> None:
        self.searched.append(Searched(self.when, place, number, unit))

    def add_unseen(self, place: str, why: str) -> None:
        _once(self.unseen, Finding(place, why))

    def add_known(self, place: str, what: str) -> None:
        _once(self.known, Finding(place, what))

    def add_found(self, place: str, what: str) -> None:
        _once(self.found, Finding(place, what))

    def lines(self) -> Iterator[str]:
        """The plain table, one line an entry."""
        width = max((len(entry.place) for entry in self.searched), default=0)
        for entry in self.searched:
            yield f"searched  {entry.when:<14}  {entry.place:<{width}}  {entry.number:>6} {entry.unit}"
        for title, entries in (("not looked at", self.unseen), ("known", self.known), ("FOUND", self.found)):
            yield from (f"{title:<14} {entry.place}: {entry.what}" for entry in entries)

    def as_document(self) -> dict[str, Any]:
        """For --json: `{"ok", "searched": [...], "unseen": [...], "known": [...], "found": [...]}`."""
        lists = {name: [asdict(entry) for entry in getattr(self, name)] for name in _LISTS}
        return {"ok": not self.found, **lists}


def _once(entries: list[Finding], entry: Finding) -> None:
    if entry not in entries:
        entries.append(entry)
