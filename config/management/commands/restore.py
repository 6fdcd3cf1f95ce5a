"""`manage.py restore`: put a copy of `manage.py backup` back."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import command
from config.backup import BackupError, restore
from survey.errors import DomainError


class Command(BaseCommand):
    help = (
        "Put a copy back into an empty database and the storage, all of it or nothing. An empty database is migrated "
        "first. Stop web, worker and beat before, start them afterwards; sessions and API tokens are made anew."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace", action="store_true", help="destroy all that the database holds now")
        parser.add_argument("--force", action="store_true", help="although the copy has expired")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = restore(command("restore"), options["file"], options["replace"], options["force"], self.stderr.write)
        except (BackupError, DomainError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Restored, with {done.files} files of reports.")
        self.stdout.write(f"Not in the copy, and empty now: {', '.join(done.left_out)}.")
