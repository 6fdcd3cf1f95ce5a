"""`manage.py simulate SLUG --responses N --seed S [--lang …] [--population FILE]`"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from survey.errors import DomainError
from survey.queries import form_context
from survey.simulate.population import PACKAGED, PopulationError, load_population
from survey.simulate.sending import send


class Command(BaseCommand):
    help = "Send plausible invented answers into the open wave of a rehearsal, through the action that the form uses."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--responses", type=_positive, required=True, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S", help="the same seed invents the same people")
        parser.add_argument("--lang", nargs="+", default=[], help="only these languages (default: all of the wave)")
        parser.add_argument(
            "--population",
            type=Path,
            default=PACKAGED,
            metavar="FILE",
            help="shares that differ from the packaged ones",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        context = form_context(options["slug"])
        if context is None:
            raise CommandError(f"There is no survey {options['slug']!r}.")
        try:
            population = load_population(context.instrument, options["population"])
            sent = send(context, population, options["responses"], options["seed"], options["lang"])
        except DomainError as error:
            raise CommandError(error.message) from None
        except PopulationError as error:
            raise CommandError(str(error)) from None
        languages = ", ".join(f"{language} {number}" for language, number in sent.most_common())
        self.stdout.write(f"{sent.total()} simulated responses sent to {context.slug}: {languages}")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number
