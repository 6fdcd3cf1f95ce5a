"""Which releases of other waves stand beside a report is fixed when it is computed."""

from typing import Any

import pytest
from pytest_django import Settings

from accounts.enums import Role
from reports.actions import beside, files, request_report, retract
from reports.models import StoredCube
from reports.queries import document
from reports.render.document import build, canonical
from tests.cast import SHELL
from tests.integration.reports.cast import add_sealed_wave, colleague, computed, released, requester, sealed_survey


def only_the_document(*given: Any) -> dict[str, bytes]:
    return {"report.json": canonical(build(*given))}


def ask(*waves: int) -> Any:
    return request_report(SHELL, requester(), "mris", "mris", waves)


def test_single_waves_that_were_released_and_stand_are_compared(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REPORT_LANGUAGES = ["en"]
    monkeypatch.setattr(files, "render_files", only_the_document)
    survey = sealed_survey()
    for _ in range(2):
        add_sealed_wave(survey, 400)
    first, second = released(ask(1)), released(ask(2))
    retract(colleague(Role.ADMIN), second.slug, "A mistake.")

    third = computed(ask(3))

    (part,) = document(third)["compared_waves"]
    assert [one["report"] for one in part["releases"]] == ["mris-3", first.slug]
    (kept,) = StoredCube.objects.get(report=third).beside["waves"]
    own = {table["id"]: table for table in document(first.report)["tables"]}
    assert [cell for _, cell in kept["tables"]["tru_band"]] == own["t4_tru_band"]["cells"]
    assert set(kept["tables"]) == {"imp", "att_band", "tru_band"}
    (none,) = document(first.report)["compared_waves"]
    assert none["tables"] == []


def test_a_release_made_with_another_version_of_the_questionnaire_is_not_compared(
    db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.REPORT_LANGUAGES = ["en"]
    monkeypatch.setattr(files, "render_files", only_the_document)
    survey = sealed_survey()
    add_sealed_wave(survey, 400)
    released(ask(1))

    def older(report: Any) -> Any:
        found = document(report)
        return {**found, "instrument": {**found["instrument"], "version": "0.9"}}

    monkeypatch.setattr(beside, "document", older)
    (part,) = document(computed(ask(2)))["compared_waves"]
    assert part["tables"] == []
