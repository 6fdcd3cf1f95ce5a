"""Protection and audit by stage, and by number of tables: whether time grows with the tables, or faster."""

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from config.bench.case import Case
from config.protection import draw
from reports.disclosure import gates, protect
from reports.disclosure.audit import audit
from reports.disclosure.crossing import choose, tables_of
from reports.disclosure.protect import one_way
from reports.disclosure.work import Work
from reports.plan import Plan
from reports.queries import load_plan_for
from reports.tabulate import count, workload
from survey.queries import codebook, load
from survey.simulate.population import load_population

PARTS = (0.25, 0.5, 1.0)
"""Shares of the plan's tables that are protected."""


def measure(responses: int, rounds: int) -> Iterator[Case]:
    """Stages of the whole plan, then all of protection for parts of the plan."""
    instrument, book = load("mris"), codebook("mris")
    plan = load_plan_for("mris", "mris")
    codes = draw(load_population(instrument), instrument, book, responses, seed=1)
    cube = count([codes], workload(plan, book), ("bench/1",))
    work = Work(cube, plan, book, (), gates.tier(cube.n))
    alone = one_way(work)
    chosen = choose(work, alone)
    stages: dict[str, Callable[[], object]] = {
        "one-way tables": lambda: one_way(work),
        "crosstabs": lambda: choose(work, alone),
        "audit": lambda: audit(tables_of(chosen), work),
    }
    for name, stage in stages.items():
        yield Case("protection", f"{name}, {responses} responses", _seconds(stage, rounds), "s")
    for share in PARTS:
        part = _part(plan, share)
        seconds = _seconds(lambda part=part: protect(cube, part, book), rounds)  # type: ignore[misc]
        yield Case("protection", f"{len(part.tables)} tables, {responses} responses", seconds, "s")


def _seconds(work: Callable[[], object], rounds: int) -> float:
    return statistics.median(_once(work) for _ in range(rounds))


def _once(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _part(plan: Plan, share: float) -> Plan:
    """That share of the crosstabs, with all tables of single variables that they need."""
    crossed = [table for table in plan.tables if table.crossed]
    kept = {table.id for table in crossed[: round(share * len(crossed))]}
    return replace(plan, tables=tuple(one for one in plan.tables if not one.crossed or one.id in kept))
