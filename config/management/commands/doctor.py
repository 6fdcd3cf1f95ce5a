"""`manage.py doctor`: is this installation as it must be?"""

import json
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.doctor import CANNOT_SEE, CHECKS, Finding, Level, examine


class Command(BaseCommand):
    help = (
        "Examine live settings, database, broker, storage, clocks, proxy and surveys; print one line a finding with "
        "what to do about it. Exits 1 when something is wrong; warnings alone do not."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        found = list(examine())
        broken = sum(finding.level is Level.WRONG for _, finding in found)
        if options["json"]:
            listed = [{"subject": subject, **asdict(finding)} for subject, finding in found]
            self.stdout.write(json.dumps({"ok": not broken, "findings": listed, "cannot_see": CANNOT_SEE}))
        else:
            self._print(found)
        if broken:
            raise CommandError(f"{broken} things are wrong.")

    def _print(self, found: Sequence[tuple[str, Finding]]) -> None:
        for subject, finding in found:
            level = finding.level.upper() if finding.level is Level.WRONG else finding.level
            self.stdout.write(f"{level:<8} {subject}: {finding.what} {finding.do}")
        checks = sum(map(len, CHECKS.values()))
        self.stdout.write(f"{checks} checks, {len(found)} findings. What this command cannot see:")
        for line in CANNOT_SEE:
            self.stdout.write(f"- {line}")
