"""Releases of the same answers, protected and deliberately not."""

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from config.protection import draw
from reports.attack import TESTS, Bundle
from reports.attack.release import Release
from reports.disclosure import ProtectedCube, ProtectedTable, protect
from reports.disclosure.candidate import candidates
from reports.disclosure.crosstab import at_levels
from reports.disclosure.reasons import Tier
from reports.disclosure.rules import rounded
from reports.plan import load_plan
from reports.render import Meta, languages, reader, render_files
from reports.tabulate import count, workload
from survey.instrument.texts import load_catalogue
from survey.queries import codebook, load
from survey.simulate.population import load_population

INSTRUMENT, BOOK = load("mris"), codebook("mris")
PLAN = load_plan(Path("reports/plans/mris.yaml"), BOOK)
FOLDER = Path("survey/instruments/mris")
WAVES = ("mris/1",)


@cache
def people(seed=1, most=1000):
    return draw(load_population(INSTRUMENT), INSTRUMENT, BOOK, most, seed)


def exact(codes, waves=WAVES, plan=PLAN):
    return count([codes], workload(plan, BOOK), waves)


def safe(codes, waves=WAVES, plan=PLAN, earlier=()):
    return protect(exact(codes, waves, plan), plan, BOOK, earlier)


@cache
def ours_of(responses):
    """The release of the first of the people that most tests are about, made once."""
    return safe(people()[:responses])


def bad(codes, show, waves=WAVES, outside=lambda count: count):
    """Every table of the plan as it was asked, its counts as `show` makes them: no other protection."""
    cube = exact(codes, waves)
    tables = tuple(_table(spec, cube, show, outside) for spec in PLAN.tables)
    return ProtectedCube(PLAN.digest, BOOK.instrument, BOOK.version, waves, outside(cube.n), Tier.WHOLE, tables)


def _table(spec, cube, show, outside):
    if spec.crossed:
        found = at_levels(spec, cube, BOOK, (0, 0), {})
        levels, categories, counts = (0, 0), found.categories, found.counts.ravel().tolist()
    else:
        found = next(candidates(spec, cube, BOOK[spec.variables[0]], frozenset()))
        levels, categories, counts = (0,), (found.categories,), found.counts
    return ProtectedTable(
        spec.id, spec.variables, levels, categories, tuple(map(show, counts)), outside(found.no_answer),
        outside(found.not_asked),
    )  # fmt: skip


def unprotected(codes, waves=WAVES):
    return bad(codes, lambda count: count, waves)


def threshold_only(codes):
    """What many tools call anonymous: cells of 1 to 9 are not shown."""
    return bad(codes, lambda count: None if 0 < count < 10 else count)


def rounding_only(codes):
    return bad(codes, rounded, outside=rounded)


def bundle(cube, name="one", report="mris-1", plan=PLAN, tags=("en",)):
    texts = {tag: reader(INSTRUMENT, load_catalogue(INSTRUMENT, FOLDER, tag)) for tag in languages() if tag in tags}
    meta = Meta(report, "mris", True, INSTRUMENT.digest, date(2026, 11, 24), contact="survey@example.org")
    return Bundle(name, render_files(cube, plan, BOOK, texts, meta))


def edited(released, path, change):
    """The same release with one file changed."""
    return replace(released, files={**released.files, path: change(released.files[path])})


OF_HIDDEN_CELLS = ("subtraction", "linear_programs", "integer_programs", "linked_tables")
"""Tests that take seconds."""


def findings(*bundles, names=None):
    """All tests, or those with `names`."""
    releases = [Release(one) for one in bundles]
    return {test.__name__: test(releases) for test in TESTS if names is None or test.__name__ in names}


def failed(*bundles):
    """The tests that recovered something, of all that do not solve programs for hidden cells."""
    names = {test.__name__ for test in TESTS} - set(OF_HIDDEN_CELLS)
    return {name for name, finding in findings(*bundles, names=names).items() if not finding.ok}


def one_more(codes, how_many=1, seed=2):
    return np.concatenate([codes, people(seed, how_many)])
