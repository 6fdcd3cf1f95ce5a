"""`manage.py wave create|open|close|seal SLUG`"""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import command
from survey.actions import close_wave, create_wave, open_wave, seal_wave
from survey.enums import WaveState
from survey.errors import DomainError
from survey.models import Survey, Wave
from survey.queries.instruments import asks_for_texts, languages_of

_STEPS = {
    "open": (WaveState.PLANNED, open_wave),
    "close": (WaveState.OPEN, close_wave),
    "seal": (WaveState.CLOSED, seal_wave),
}


class Command(BaseCommand):
    help = (
        "Plan a wave, or open, close or seal the one that stands before this step. Sealing cannot be undone. Whoever "
        "has a shell acts alone, in a live survey too; the audit log says that it was a command."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("step", choices=["create", *_STEPS])
        parser.add_argument("slug")
        parser.add_argument("--wave", type=int, help="the wave's number, where several stand before this step")
        parser.add_argument("--seal-on", type=date.fromisoformat, help="create: the announced day, as 2027-06-30")
        parser.add_argument("--languages", nargs="+", help="create: tags such as en zh-Hans; all, if not given")
        parser.add_argument("--form", default="", help="create: the name of a shorter form of the instrument")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = command(f"wave {options['step']}")
        try:
            if options["step"] == "create":
                wave = self._create(options)
            else:
                state, action = _STEPS[options["step"]]
                wave = self._wave(options["slug"], state, options["wave"])
                action(actor, wave)
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"{wave}: {wave.state}")
        if options["step"] == "open" and wave.reading_key_id is None and asks_for_texts(wave.survey.instrument):
            self.stdout.write(
                "No reviewer has made a reading key (/review/keys/): texts can be read with the receipt code alone, "
                "and are dropped at sealing."
            )

    def _create(self, options: dict[str, Any]) -> Wave:
        survey = Survey.objects.filter(slug=options["slug"]).first()
        if survey is None:
            raise CommandError(f"There is no survey {options['slug']!r}: `manage.py survey create` makes one.")
        if options["seal_on"] is None:
            raise CommandError("Say with --seal-on on which day the wave will be sealed: respondents are told.")
        languages = options["languages"] or languages_of(survey.instrument)
        return create_wave(command("wave create"), survey, languages, options["seal_on"], options["form"])

    def _wave(self, slug: str, state: WaveState, number: int | None) -> Wave:
        waves = Wave.objects.select_related("survey").filter(survey__slug=slug)
        if not waves.exists():
            raise CommandError(f"There is no survey {slug!r} with a wave.")
        chosen = waves.filter(number=number) if number is not None else waves.filter(state=state)
        wave = chosen.first()
        if wave is None:
            states = ", ".join(f"{wave.number} is {wave.state}" for wave in waves)
            missing = f"{slug} has no wave {number}" if number is not None else f"No wave of {slug} is {state}"
            raise CommandError(f"{missing}: {states}.")
        return wave
