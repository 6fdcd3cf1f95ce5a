"""The built-in plan, on the built-in questionnaire."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from reports.disclosure import Reason, protect
from reports.plan import load_plan
from reports.render import Meta, languages, reader, render_files
from reports.tabulate import count, workload
from survey.instrument.codebook import build_codebook
from survey.instrument.load import load_instrument
from survey.instrument.texts import load_catalogue

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "survey" / "instruments" / "mris"

RENDERED = ("en", "ar")
"""Of the eight: one script of each direction."""


@pytest.fixture(scope="module")
def instrument():
    return load_instrument(FOLDER)


@pytest.fixture(scope="module")
def book(instrument):
    return build_codebook(instrument)


@pytest.fixture(scope="module")
def plan(book):
    return load_plan(ROOT / "reports" / "plans" / "mris.yaml", book)


@pytest.fixture(scope="module")
def exact(plan, book):
    random = np.random.default_rng(4)
    codes = np.zeros((400, book.width), np.uint8)
    for variable in book.coded:
        values = [*range(1, len(variable.codes) + 1), 0, 255]
        weights = random.random(len(values))
        codes[:, variable.position] = random.choice(values, 400, p=weights / weights.sum())
    return count([codes], workload(plan, book), ("mris-demo/1",))


def test_every_variable_that_may_be_tabulated_is_a_table_once(plan, book):
    planned = [table.variables for table in plan.tables if not table.crossed]
    tabulated = {(variable.name,) for variable in book.variables if variable.tabulated}
    assert len(planned) == len(set(planned))
    assert set(planned) == tabulated


def test_the_sections_are_those_of_the_design_in_every_language(plan):
    assert [section.id for section in plan.sections] == [f"T{number}" for number in range(1, 17)]
    titles = [plan.title, plan.limits, *(section.title for section in plan.sections)]
    titles += [section.note for section in plan.sections if section.note]
    assert all(set(title) == set(languages()) for title in titles)


def test_a_link_that_anyone_can_open_is_the_rule(plan):
    assert plan.open_link


def test_all_of_it_can_be_counted_protected_and_rendered(instrument, book, plan, exact):
    cube = protect(exact, plan, book)
    texts = {language: reader(instrument, load_catalogue(instrument, FOLDER, language)) for language in RENDERED}
    files = render_files(
        cube, plan, book, texts, Meta("demo-1", "mris-demo", True, instrument.digest, date(2026, 11, 23))
    )
    for language in RENDERED:
        listed = {path.split("/")[-1] for path in files if path.startswith(f"tables/{language}/")}
        assert {f"{spec.id}.csv" for spec in plan.tables} < listed
    assert "the model" in files["tables/en/t3_role_01.csv"].decode()
    assert not any(b"{model}" in content for content in files.values())


def test_hidden_tables_have_a_small_cell_at_their_coarsest_level(book, plan, exact):
    tables = protect(exact, plan, book).tables
    hidden = [table for table in tables if not table.visible and len(table.variables) == 1]
    assert hidden
    # Drawn at random, answers do not follow from each other as they should: such tables are withheld, too.
    hidden = [table for table in hidden if Reason.AUDIT_FAILED not in table.reasons]
    for table in hidden:
        variable = book[table.variables[0]]
        by_code = exact.one[variable.name][1:-1]
        assert (
            min(by_code[list(category.indexes)].sum() for category in variable.levels[variable.coarsest].categories)
            < 10
        )
