"""`manage.py report mris --survey mris-demo --wait`"""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import command
from accounts.enums import Role
from accounts.models import User
from reports import actions, queries, tasks
from reports.enums import Owner
from reports.errors import DomainError
from reports.models import Report

_LOOK_AGAIN = 0.5


class Command(BaseCommand):
    help = "Request a report of a plan over the sealed waves of a survey."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("plan")
        parser.add_argument("--survey", required=True, help="slug of the survey")
        parser.add_argument("--wave", type=int, action="append", default=[], help="wave number; without: all sealed")
        parser.add_argument("--title", default="")
        parser.add_argument("--requested-by", metavar="EMAIL", help="without: the first active admin")
        parser.add_argument("--replace", action="store_true", help="ask for a successor of the present release")
        parser.add_argument("--purpose", default="", help="why, for reviewers; with --replace: what was wrong")
        parser.add_argument("--wait", action="store_true", help="until the report waits for people")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = actions.request_report(
                command("report"),
                _requester(options["requested_by"]),
                options["survey"],
                options["plan"],
                options["wave"],
                title=options["title"],
                replace=options["replace"],
                purpose=options["purpose"],
            )
        except DomainError as error:
            raise CommandError(error.message) from error
        tasks.nudge(tasks.work_on_report, report.pk)
        self.stdout.write(f"report {report.pk}: {_wait(report) if options['wait'] else report.state}")


def _requester(email: str | None) -> User:
    people = User.objects.filter(is_active=True).order_by("pk")
    person = (people.filter(email=email.lower()) if email else people.filter(roles__contains=[Role.ADMIN])).first()
    if person is None:
        raise CommandError(f"There is no active account {email!r}." if email else "There is no active admin.")
    return person


def _wait(report: Report) -> str:
    while report.owner == Owner.SERVICE:
        time.sleep(_LOOK_AGAIN)
        report = queries.report(report.pk)
    return f"{report.state} {report.error}".strip()
