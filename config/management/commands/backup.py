"""`manage.py backup`: an encrypted copy of all that cannot be computed again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import command
from config.backup import BackupError, make
from survey.errors import DomainError


class Command(BaseCommand):
    help = (
        "Write an encrypted copy of the database and the files of reports, and print where it lies. Left out: answers "
        "of waves that are not sealed, sessions, API tokens, exact counts under way. The key is BACKUP_KEY, else a "
        "passphrase; beside the embedded servers, var/backup.key is made once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="default: a new name in BACKUP_FOLDER")
        parser.add_argument(
            "--with-inboxes",
            action="store_true",
            help="also the answers of open and closed waves: what is erased after today would come back with the copy",
        )
        parser.add_argument("--passphrase", action="store_true", help="ask for a passphrase instead of BACKUP_KEY")
        parser.add_argument("--days", type=int, help="days until the copy expires (default: BACKUP_DAYS)")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            path = make(
                command("backup"),
                options["file"],
                options["with_inboxes"],
                options["passphrase"],
                options["days"],
                self.stderr.write,
            )
        except (BackupError, DomainError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(str(path))
