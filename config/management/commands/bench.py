"""`manage.py bench form`: speed beside a floor in the same run."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.bench.form import CONNECTIONS, WORKERS, measure
from survey.enums import Mode, WaveState
from survey.models import Wave

_AIMS = {"GET": 0.8, "POST": 0.5}
_FLOORS = {"GET": "the same bytes from a bare application", "POST": "one INSERT of the same JSON by a bare view"}
# Complete responses a second on two cores, forty questions: docs of the peers' measurement.
_PEERS = {"LimeSurvey": 1.9, "oTree": 4.3}


class Command(BaseCommand):
    help = "Measure GET and POST of the form beside their floors. Writes into a rehearsal of its own and erases it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=["form"])
        parser.add_argument("--rounds", type=int, default=5)
        parser.add_argument("--seconds", type=float, default=3.0, help="of one round")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if Wave.objects.filter(survey__mode=Mode.LIVE, state=WaveState.OPEN).exists():
            raise CommandError("A live wave is open here: measure on another machine, respondents would have to wait.")
        try:
            measured = measure(options["rounds"], options["seconds"])
        except RuntimeError as error:
            raise CommandError(str(error)) from None
        self.stdout.write(json.dumps(measured) if options["json"] else _told(measured))


def _told(measured: dict[str, dict[str, float]]) -> str:
    lines = [f"{CONNECTIONS} connections, {WORKERS} web processes; medians of alternating rounds, answers per second"]
    for name, one in measured.items():
        verdict = "reached" if one["ratio"] >= _AIMS[name] else "NOT reached"
        lines.append(
            f"{name:5} {one['per_second']:8.0f}  floor {one['floor_per_second']:8.0f} ({_FLOORS[name]})  "
            f"ratio {one['ratio']:.2f}, aim {_AIMS[name]:.2f} {verdict}"
        )
    posts = measured["POST"]["per_second"]
    peers = ", ".join(f"{posts / rate:.0f} x {name} ({rate}/s)" for name, rate in _PEERS.items())
    return "\n".join([*lines, f"Complete responses: {peers}, as measured elsewhere with forty questions on two cores"])
