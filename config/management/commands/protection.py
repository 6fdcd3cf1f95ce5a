"""`manage.py protection`: what is left of a plan after protection, as the table of docs/anonymity.md."""

import json
from argparse import ArgumentParser
from dataclasses import asdict, replace
from typing import Any

from django.core.management.base import BaseCommand

from config.protection import as_markdown, draw, measure, populations
from reports.queries import load_plan_for
from survey.queries import codebook, load
from survey.simulate.population import load_population

_SIZES = (60, 100, 150, 300, 1_000, 3_000, 10_000)


class Command(BaseCommand):
    help = "Count and protect invented populations: shares of tables shown, grids, hidden cells. Touches no database."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--plan", default="mris")
        parser.add_argument("--sizes", type=_sizes, default=_SIZES, metavar="N,N,...")
        parser.add_argument("--seeds", type=int, default=10, help="populations are drawn this often (default: 10)")
        parser.add_argument("--json", action="store_true", help="every population and seed by itself")

    def handle(self, *args: Any, **options: Any) -> None:
        instrument, book = load(options["plan"]), codebook(options["plan"])
        # As from invitations, which are reported from fewer responses on than an open link.
        plan = replace(load_plan_for(options["plan"], instrument.name), open_link=False)
        found = {
            (name, seed): list(
                measure(draw(population, instrument, book, max(options["sizes"]), seed), plan, book, options["sizes"])
            )
            for name, population in populations(load_population(instrument)).items()
            for seed in range(1, options["seeds"] + 1)
        }
        if options["json"]:
            rows = (
                {"population": name, "seed": seed, **asdict(one)} for (name, seed), all in found.items() for one in all
            )
            self.stdout.write(json.dumps(list(rows)))
        else:
            self.stdout.write(as_markdown([one for measured in found.values() for one in measured]))


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split(","))
