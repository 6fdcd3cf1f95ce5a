"""`manage.py audit verify|export`: has anybody touched the audit log? What stands in it?"""

import csv
import io
import json
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actions import record
from accounts.actors import command
from accounts.audit import Entry, between, verify

_COLUMNS = ("position", "id", "at", "actor_kind", "actor_name", "action", "subject", "detail", "hash")
_MOST_SHOWN = 20
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Command(BaseCommand):
    help = (
        "verify: compute the chain of the audit log anew; exits 1 and names the first entry that was changed, removed "
        "or slipped in. export: all entries, or those of some days, on standard output."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        does = parser.add_subparsers(dest="does", required=True)
        verifying = does.add_parser("verify", help="compare the log with its chain and with the heads of the days")
        verifying.add_argument(
            "--head", action="append", default=[], metavar="SHA256", help="a hash that you kept elsewhere; repeatable"
        )
        exporting = does.add_parser("export", help="write entries to standard output, in the order of the chain")
        exporting.add_argument("--since", type=date.fromisoformat, help="first day, UTC")
        exporting.add_argument("--until", type=date.fromisoformat, help="last day, UTC")
        exporting.add_argument("--format", choices=("jsonl", "csv"), default="jsonl")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["does"] == "verify":
            self._verify(options["head"])
            return
        since, until = options["since"], options["until"]
        record(command("audit"), "audit.exported", since=str(since or ""), until=str(until or ""))
        for line in (_csv if options["format"] == "csv" else _jsonl)(between(since, until)):
            self.stdout.write(line)

    def _verify(self, known: list[str]) -> None:
        verdict = verify(known)
        for what in (verdict.broken or [])[:_MOST_SHOWN]:
            self.stdout.write(f"BROKEN {what}")
        if verdict.broken:
            raise CommandError(f"The audit log is broken, {len(verdict.broken)} times; first: {verdict.broken[0]}.")
        self.stdout.write(f"{verdict.entries} entries and the heads of {verdict.days} days hold together.")
        self.stdout.write(f"head {verdict.head.hex()} at {verdict.position}")


def _jsonl(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        # The detail stands as PostgreSQL writes it, because the hash covers it like that.
        rest = {name: value for name, value in _row(entry).items() if name != "detail"}
        yield f'{json.dumps(rest, ensure_ascii=False)[:-1]}, "detail": {entry.detail}}}'


def _csv(entries: Iterable[Entry]) -> Iterator[str]:
    yield ",".join(_COLUMNS)
    for entry in entries:
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow(_plain(value) for value in _row(entry).values())
        yield line.getvalue()


def _row(entry: Entry) -> dict[str, Any]:
    assert entry.at is not None
    known = {name: getattr(entry, name) for name in _COLUMNS}
    return {**known, "at": entry.at.isoformat(), "hash": entry.hash.hex() if entry.hash else ""}


def _plain(value: Any) -> Any:
    """A spreadsheet must not calculate what somebody wrote."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_STARTS_A_FORMULA) else value
