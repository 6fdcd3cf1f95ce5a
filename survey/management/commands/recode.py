"""`manage.py recode SLUG`"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import command
from survey.actions import recode
from survey.errors import DomainError
from survey.models import Survey


class Command(BaseCommand):
    help = "Rebuild the coded columns of all sealed waves from the answers, as the codebook stands today."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug", nargs="?", help="a survey; without: all")

    def handle(self, *args: Any, **options: Any) -> None:
        surveys = Survey.objects.filter(**({"slug": options["slug"]} if options["slug"] else {})).order_by("slug")
        if not surveys:
            raise CommandError(f"There is no survey {options['slug']!r}." if options["slug"] else "There is no survey.")
        for survey in surveys:
            self._recode(survey)

    def _recode(self, survey: Survey) -> None:
        try:
            waves = recode(command("recode"), survey)
        except DomainError as error:
            raise CommandError(error.message) from None
        for number, differing in waves.items():
            said = f"{differing} rows differed, all rewritten" if differing else "as it should be"
            self.stdout.write(f"{survey.slug}/{number}: {said}")
