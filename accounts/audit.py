"""The audit log as a chain, read and checked.

Each entry has a link. A link's hash is SHA-256 of the hash before it (none for the first) and of the entry as a JSON
array in UTF-8, written as PostgreSQL's jsonb writes it:

    [position, id, "2026-11-30T09:15:00.123456Z", actor_kind, actor_name, action, subject, "detail as text"]

So nobody can change, remove or slip in an entry without changing every later hash, and the heads of the days, which
also stand in the log of the service, hold on to those.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction

from accounts.models import AuditHead

_BLOCK = 2000
_COLUMNS = "link.position, link.hash, entry.id, entry.at, actor_kind, actor_name, action, subject, detail::text"
_ALL = f"""
    SELECT {_COLUMNS}, link.entry_id
    FROM accounts_auditlink AS link FULL JOIN accounts_auditentry AS entry ON entry.id = link.entry_id
    ORDER BY link.position NULLS LAST, entry.id"""
_BETWEEN = f"""
    SELECT {_COLUMNS}
    FROM accounts_auditentry AS entry LEFT JOIN accounts_auditlink AS link ON link.entry_id = entry.id
    WHERE entry.at >= %s AND entry.at < %s ORDER BY link.position NULLS LAST, entry.id"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry and its link; what is missing of either is None."""

    position: int | None
    hash: bytes | None
    id: int | None
    at: datetime | None
    actor_kind: str | None
    actor_name: str | None
    action: str | None
    subject: str | None
    detail: str | None
    """JSON, as PostgreSQL writes it."""
    linked_id: int | None = None

    def expected(self, before: bytes) -> bytes:
        """The hash that the link must have."""
        assert self.at is not None
        parts = [
            *(self.position, self.id, f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"),
            *(self.actor_kind, self.actor_name, self.action, self.subject, self.detail),
        ]
        return hashlib.sha256(before + json.dumps(parts, ensure_ascii=False).encode()).digest()

    @property
    def name(self) -> str:
        day = f" of {self.at.astimezone(UTC):%Y-%m-%d}" if self.at else ""
        return f"entry {self.id or self.linked_id}{day}"


@dataclass(slots=True)
class Verdict:
    entries: int = 0
    days: int = 0
    """Heads that were compared."""
    position: int = 0
    head: bytes = b""
    """Where the chain ends."""
    broken: list[str] | None = None

    def blame(self, what: str) -> None:
        self.broken = [*(self.broken or []), what]


def verify(known: Iterable[str] = ()) -> Verdict:
    """Compute the chain anew and compare; the first broken entry comes first. `known`: hashes that it must hold."""
    verdict, wanted = Verdict(), {one.lower() for one in known}
    heads = {head.position: head for head in AuditHead.objects.all()}
    for entry in _rows(_ALL):
        _follow(verdict, entry)
        if entry.hash is not None:
            wanted.discard(entry.hash.hex())
            _compare(verdict, entry, heads.pop(entry.position or 0, None))
    for head in heads.values():
        verdict.blame(f"the head of {head.day} is at {head.position}, where the chain has nothing")
    for missing in sorted(wanted):
        verdict.blame(f"the chain has no {missing}: it was written anew, or is another one")
    return verdict


def _follow(verdict: Verdict, entry: Entry) -> None:
    if entry.position is None or entry.hash is None:
        verdict.blame(f"{entry.name} has no link: it was added past the triggers")
        return
    if entry.position != verdict.position + 1:
        verdict.blame(f"{entry.position - verdict.position - 1} links are missing before {entry.name}")
    elif entry.id is None:
        verdict.blame(f"{entry.name} is gone")
    elif entry.expected(verdict.head) != entry.hash:
        verdict.blame(f"{entry.name} was changed")
    verdict.entries += entry.id is not None
    verdict.position, verdict.head = entry.position, entry.hash


def _compare(verdict: Verdict, entry: Entry, head: AuditHead | None) -> None:
    if head is None:
        return
    verdict.days += 1
    if bytes(head.hash) != entry.hash:
        verdict.blame(f"the head of {head.day} is another than that of {entry.name}")


def between(since: date | None, until: date | None) -> Iterator[Entry]:
    """Entries from the first to the last day (UTC), both included, in the order of the chain."""
    first = datetime.combine(since or date.min, time(), UTC)
    last = datetime.combine(until, time(), UTC) + timedelta(days=1) if until else datetime.max.replace(tzinfo=UTC)
    return _rows(_BETWEEN, first, last)


def _rows(statement: str, *values: datetime) -> Iterator[Entry]:
    """One snapshot, read in blocks."""
    connection.ensure_connection()
    with transaction.atomic(), connection.connection.cursor(name="audit") as cursor:
        cursor.execute(statement, values)
        while block := cursor.fetchmany(_BLOCK):
            for row in block:
                yield _entry(row)


def _entry(row: tuple[Any, ...]) -> Entry:
    position, digest, *rest = row
    return Entry(position, bytes(digest) if digest is not None else None, *rest)
