"""From coded answers to the files of a release, stage by stage, as one worker does it."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from statistics import median

from config.bench.case import Case
from config.protection import draw
from reports.actions.files import report_languages
from reports.disclosure import protect
from reports.queries import load_plan_for
from reports.render import Meta, bundle, manifest, reader, render_files
from reports.tabulate import count, workload
from survey.queries import catalogue, codebook, load
from survey.simulate.population import load_population

STAGES = ("count", "protect and audit", "render", "manifest and ZIP")


def measure(responses: int, rounds: int) -> Iterator[Case]:
    """A case per stage, and one for all of them."""
    instrument, book, plan = load("mris"), codebook("mris"), load_plan_for("mris", "mris")
    codes = draw(load_population(instrument), instrument, book, responses, seed=1)
    texts = {language: reader(instrument, catalogue("mris", language)) for language in report_languages("mris")}
    meta = Meta("bench-1", "bench", True, instrument.digest, date(2026, 1, 1))

    def once() -> list[float]:
        clock = Clock()
        exact = clock.of(lambda: count([codes], workload(plan, book), ("bench/1",)))
        safe = clock.of(lambda: protect(exact, plan, book))
        files = clock.of(lambda: render_files(safe, plan, book, texts, meta))
        clock.of(lambda: bundle({**files, "manifest.json": manifest(files)}))
        return clock.seconds

    runs = [once() for _ in range(rounds)]
    for name, seconds in zip(
        (*STAGES, "from answers to files"), (*zip(*runs, strict=True), map(sum, runs)), strict=True
    ):
        yield Case("report", f"{name}, {responses} responses, {len(texts)} languages", median(seconds), "s")


class Clock:
    def __init__(self) -> None:
        self.seconds: list[float] = []

    def of[T](self, work: Callable[[], T]) -> T:
        begun = time.perf_counter()
        done = work()
        self.seconds.append(time.perf_counter() - begun)
        return done
