"""`manage.py bench form|tabulate|report|protection`: speed beside a floor in the same run."""

from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.bench import form, protecting, reporting, tabulation
from config.bench.case import Case
from survey.enums import Mode, WaveState
from survey.models import Wave

_ROWS = (10_000, 100_000, 1_000_000, 10_000_000)
_HELP = """\
Prints one JSON line per case: bench, case, value, unit, floor, ratio (value / floor), peak_mib. Medians of rounds in
which both sides alternate; a floor is null where there is none.

form        GET and POST of the form, answers per second. Floors: the same bytes from a bare application; one INSERT of
            the same JSON by a bare view. Aims: ratio 0.80 and 0.50. Uses a rehearsal of its own and erases it.
tabulate    seconds to count the whole plan. Floor: one binary COPY of the same bytes, dropped. Aims: ratio 2 at most,
            300 MiB. The table of ten million rows needs 3 GB of disk for the time being.
report      seconds from coded answers to the files of a release, by stage, in one process.
protection  seconds of protection by stage, and by number of tables.

The last two invent their answers; none of the four runs where a live wave is open.
"""


class Command(BaseCommand):
    help = _HELP

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> Any:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=list(_BENCHES))
        parser.add_argument("--rounds", type=int, default=5)
        parser.add_argument("--seconds", type=float, default=3.0, help="form: of one round")
        parser.add_argument("--rows", type=_sizes, default=_ROWS, metavar="N,N,...", help="tabulate: rows to count")
        parser.add_argument("--responses", type=int, default=10_000, help="report, protection: people to invent")

    def handle(self, *args: Any, **options: Any) -> None:
        if Wave.objects.filter(survey__mode=Mode.LIVE, state=WaveState.OPEN).exists():
            raise CommandError("A live wave is open here: measure on another machine, respondents would have to wait.")
        try:
            for case in _BENCHES[options["what"]](options):
                self.stdout.write(case.as_line())
        except RuntimeError as error:
            raise CommandError(str(error)) from None


_BENCHES: dict[str, Callable[[dict[str, Any]], Iterator[Case]]] = {
    "form": lambda options: form.measure(options["rounds"], options["seconds"]),
    "tabulate": lambda options: tabulation.measure(options["rows"], options["rounds"]),
    "report": lambda options: reporting.measure(options["responses"], options["rounds"]),
    "protection": lambda options: protecting.measure(options["responses"], options["rounds"]),
}


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))
