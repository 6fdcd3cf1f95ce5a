"""`manage.py wave open|close|seal SLUG`"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.actors import command
from survey.actions import close_wave, open_wave, seal_wave
from survey.enums import WaveState
from survey.errors import DomainError
from survey.models import Wave

_STEPS = {
    "open": (WaveState.PLANNED, open_wave),
    "close": (WaveState.OPEN, close_wave),
    "seal": (WaveState.CLOSED, seal_wave),
}


class Command(BaseCommand):
    help = "Open, close or seal the wave of a survey that stands before this step. Sealing cannot be undone."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("step", choices=list(_STEPS))
        parser.add_argument("slug")
        parser.add_argument("--wave", type=int, help="the wave's number, where several stand before this step")

    def handle(self, *args: Any, **options: Any) -> None:
        state, action = _STEPS[options["step"]]
        wave = self._wave(options["slug"], state, options["wave"])
        try:
            action(command(f"wave {options['step']}"), wave)
        except DomainError as error:
            raise CommandError(error.message) from None
        self.stdout.write(f"{wave}: {wave.state}")

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
