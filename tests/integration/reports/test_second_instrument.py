"""A questionnaire and a plan that only tests know, from the form to the files: nothing is tied to the first ones."""

import csv
import io
import json
from datetime import date
from pathlib import Path

import pytest

from reports import queries as reports_queries
from reports.actions import request_report
from reports.queries import document, file_content, plans
from survey import actions
from survey.enums import Mode
from survey.models import Response
from survey.queries import files, form_context, load
from survey.simulate.population import PopulationError, load_population
from survey.simulate.sending import send
from tests.cast import SHELL
from tests.integration.reports.cast import computed, requester

LIBRARY = Path(__file__).resolve().parents[2] / "library"


@pytest.fixture(autouse=True)
def only_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "FOLDER", LIBRARY / "instruments")
    monkeypatch.setattr(plans, "FOLDER", LIBRARY / "plans")


def test_it_is_loaded_simulated_sealed_and_reported(own_database: str) -> None:
    assert files.all_instruments() == reports_queries.plan_names() == ["library"]
    survey = actions.create_survey(SHELL, "closing", "library", Mode.REHEARSAL)
    wave = actions.create_wave(SHELL, survey, ["en"], seal_on=date(2027, 1, 10))
    actions.open_wave(SHELL, wave)
    context = form_context("closing")
    assert context
    send(context, load_population(load("library"), LIBRARY / "population.yaml"), 320, seed=3)
    actions.close_wave(SHELL, wave)
    actions.seal_wave(SHELL, wave)

    report = computed(request_report(SHELL, requester(), "closing", "library"))

    assert report.error == ""
    shown = document(report)
    assert shown["sealed"] == {"closing/1": shown["made_on"]}, "sealed before the announced day, as a rehearsal may be"
    assert shown["summary"] == ["a_visit", "b_view_band"]
    assert [one["id"] for one in shown["pictures"]] == ["b_view_likert", "b_view_by_visit_forest"]
    assert {one["id"]: one["added_on"] for one in shown["tables"]}["b_view_band_by_visit"] == "2026-12-01"
    assert b"added on 2026-12-01" in file_content(report, "report.html")
    assert b"Preregistration: https://example.org/registered." in file_content(report, "README.md")
    assert b"Only if you ever went." in file_content(report, "questionnaire.xml")
    assert json.loads(file_content(report, "datapackage.json"))["name"] == report.name
    rows = csv.DictReader(io.StringIO(file_content(report, "cells.csv").decode("utf-8-sig")))
    counted = {row["cat1"]: row["value"] for row in rows if (row["table_id"], row["measure"]) == ("a_visit", "count")}
    answers = [one.answers for one in Response.objects.all()]
    for code, value in counted.items():
        exact = sum(str(one["visit"]) in code.split() for one in answers)
        assert abs(exact - int(value)) <= 2


def test_a_population_of_another_questionnaire_is_refused() -> None:
    with pytest.raises(PopulationError, match="missing or not of library"):
        load_population(load("library"))
