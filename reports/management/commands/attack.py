"""`manage.py attack BUNDLE ...`: the attacker's view of released bundles."""

import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from reports.attack.command import HELP, add_arguments, run


class Command(BaseCommand):
    help = HELP
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        status = run(options["bundles"], options["json"], self.stdout, self.stderr)
        if status:
            sys.exit(status)
