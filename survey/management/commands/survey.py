"""`manage.py survey create SLUG`"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError

from accounts.actors import command
from survey.actions import Details, create_survey
from survey.enums import Mode
from survey.errors import DomainError
from survey.queries import details_of


class Command(BaseCommand):
    help = (
        "Offer an instrument under a slug. The file of --operator holds, as YAML, what the consent text says of who "
        "asks: for each place in the text one wording, or one for each language by its tag. Without --operator, the "
        "places are printed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("step", choices=["create"])
        parser.add_argument("slug")
        parser.add_argument("--instrument", default="mris")
        parser.add_argument("--live", action="store_true", help="real answers; without it, a rehearsal")
        parser.add_argument("--operator", type=Path, help="YAML file")

    def handle(self, *args: Any, **options: Any) -> None:
        mode = Mode.LIVE if options["live"] else Mode.REHEARSAL
        try:
            operator = _read(options["operator"]) if options["operator"] else {}
            survey = create_survey(command("survey create"), options["slug"], options["instrument"], mode, operator)
            missing = [name for name in details_of(survey.instrument) if name not in operator]
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"{survey}: a {mode} with {survey.instrument} {survey.version}")
        if missing:
            self.stdout.write(f"Not said yet, and shown as places to fill: {', '.join(missing)}")


def _read(path: Path) -> Details:
    try:
        details = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from None
    if not isinstance(details, dict):
        raise CommandError(f"{path} holds no list of names and wordings.")
    return {str(name): _wording(path, name, value) for name, value in details.items()}


def _wording(path: Path, name: object, value: object) -> str | dict[str, str]:
    if isinstance(value, dict):
        return {str(language): str(text) for language, text in value.items()}
    if value is None or isinstance(value, list):
        raise CommandError(f"{path}: {name} holds no wording.")
    return str(value)
