"""`manage.py anonymity_selftest`: be a marked respondent of the running stack, then search for traces."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from config.selftest import SelfTest


class Command(BaseCommand):
    help = (
        "Send answers from 127.91.37.53 to the running service (a rehearsal of its own), seal them, and search every "
        "table, cache, queue, log and file for markers and times. Exits 1 when a trace is found."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default=settings.PUBLIC_URL, help="of the service; must be on this machine")
        parser.add_argument(
            "--folder",
            action="append",
            type=Path,
            default=[],
            help="a further folder with logs or files to search; may be repeated",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        storage = Path(unquote(urlsplit(settings.STORAGE_URL).path))
        folders = [settings.BASE_DIR / "var" / "log", storage, *options["folder"]]
        test = SelfTest(options["url"], [folder for folder in folders if folder.is_dir()])
        try:
            findings = test.run()
        except OSError as error:
            raise CommandError(f"{options['url']} does not answer: {error}") from None
        for line in test.searched:
            self.stdout.write(f"searched: {line}")
        for finding in findings:
            self.stdout.write(f"FOUND in {finding.place}: {finding.what}")
        if findings:
            raise CommandError(f"{len(findings)} traces of respondents.")
        self.stdout.write("No trace of a respondent was found.")
