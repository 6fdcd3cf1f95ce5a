"""`manage.py anonymity_selftest`: be a marked respondent of the running stack, then search for traces."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from config import embedded
from config.selftest import Busy, Lost, Places, SelfTest


class Command(BaseCommand):
    help = (
        "Be a respondent with marks, from 127.91.37.53, in a rehearsal of its own on the running service; seal its "
        "answers; and search database, Redis, logs, storage and temporary files for marks and times. Prints what was "
        "searched, what could not be, what is known to remain, and what was found. Exits 1 when a trace is found."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default=settings.PUBLIC_URL, help="of the service, best on this machine")
        parser.add_argument(
            "--logs", action="append", type=Path, default=[], help="a folder or file with logs; may be repeated"
        )
        parser.add_argument(
            "--folder", action="append", type=Path, default=[], help="a further folder to search; may be repeated"
        )
        parser.add_argument("--database-files", type=Path, metavar="FOLDER", help="the data folder of PostgreSQL")
        parser.add_argument(
            "--report-for",
            metavar="EMAIL",
            help="let a worker compute a report over the sealed wave, in this person's name; it stays in review",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **options: Any) -> None:
        test = SelfTest(options["url"], _places(options), _person(options["report_for"]))
        try:
            report = test.run()
        except OSError as error:
            raise CommandError(f"{options['url']} does not answer: {error}") from None
        except (Lost, Busy) as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            self.stdout.write(json.dumps(report.as_document(), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(report.lines()))
        if report.found:
            raise CommandError(f"{len(report.found)} traces of respondents.")
        if not options["json"]:
            self.stdout.write("No trace of a respondent was found.")


def _places(options: dict[str, Any]) -> Places:
    var = settings.BASE_DIR / "var"
    own = settings.EMBEDDED
    return Places(
        logs=[path for path in (*([var / "log"] if own else []), *options["logs"]) if path.exists()],
        storage=_storage(),
        others=[path for path in options["folder"] if path.exists()],
        database_files=options["database_files"] or (embedded.data_folder() / "pgdata" if own else None),
    )


def _storage() -> Path | None:
    parts = urlsplit(settings.STORAGE_URL)
    return Path(unquote(parts.path)) if parts.scheme == "file" else None


def _person(email: str | None) -> User | None:
    if email is None:
        return None
    person = User.objects.filter(email=email.lower(), is_active=True).first()
    if person is None:
        raise CommandError(f"There is no active account {email!r}.")
    return person
