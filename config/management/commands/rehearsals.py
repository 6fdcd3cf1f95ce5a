"""What `make run` opens: `mris` (a rehearsal, empty), `mris-demo` (a rehearsal with a sealed wave and a release)."""

import hashlib
import json
import time
from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import actions as accounts
from accounts.actors import Actor, command
from accounts.enums import Role
from accounts.models import User
from reports import actions as reports
from reports.enums import Status
from reports.models import Report
from survey import actions as survey
from survey.enums import Mode, WaveState
from survey.models import Survey, Wave
from survey.queries.instruments import languages_of

_ACTOR = command("rehearsals")
_CAST = (
    ("admin@example.org", "Ada Admin", Role.ADMIN),
    ("researcher@example.org", "Ravi Researcher", Role.RESEARCHER),
    ("reviewer1@example.org", "Rosa Reviewer", Role.REVIEWER),
    ("reviewer2@example.org", "Rui Reviewer", Role.REVIEWER),
)
_OPERATOR = {
    "institution": "Example University (rehearsal)",
    "investigator": "Dr. Example",
    "contact": "survey@example.org",
    "ethics": "rehearsal, no approval needed",
    "data_protection": "privacy@example.org",
    "complaints": "complaints@example.org",
    "country": "Example Country",
    "kept_until": "31 December 2030",
    "raw_readers": "2",
    "reviewers": "2",
    "funding": "nobody (rehearsal)",
}
_RESPONSES, _SEED = 400, 4
_PATIENCE = 120.0


class Command(BaseCommand):
    help = "Create accounts and the two rehearsals, idempotently; print the accounts with new passwords as JSON."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--password-seed", required=True, help="random text that the passwords are made from")

    def handle(self, *args: Any, **options: Any) -> None:
        users = {email: _account(email, name, role, options["password_seed"]) for email, name, role in _CAST}
        _open_rehearsal("mris")
        demo = _open_rehearsal("mris-demo")
        if not Report.objects.filter(survey_slug="mris-demo", status=Status.RELEASED).exists():
            _release_demo(demo, users)
        shown = [
            {"role": str(role), "email": email, "password": _password(options["password_seed"], email)}
            for email, _, role in _CAST
        ]
        self.stdout.write(json.dumps(shown))
