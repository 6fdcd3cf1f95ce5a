"""What a report says of testimonies is fixed when it is computed: rendered again, it quotes the same."""

from typing import Any

import pytest
from django.db import DatabaseError, transaction
from pytest_django import Settings

from reports.actions import files, request_report
from reports.actions.beside import beside
from reports.actions.files import report_languages
from reports.models import Report, StoredCube
from reports.queries import protected_cube, sources
from reports.render.document import build
from survey.models import Testimony, Wave
from tests.cast import SHELL
from tests.integration.reports.cast import computed, moderated_text, requester, sealed_survey

DRAWN = 25


@pytest.fixture
def wave(db: None, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Wave:
    """Sealed. Of a report on it only the document is made."""
    settings.REPORT_LANGUAGES = ["en"]
    monkeypatch.setattr(files, "render_files", kept)
    sealed: Wave = sealed_survey().waves.get()
    return sealed


_documents: list[dict[str, Any]] = []


def kept(*given: Any) -> dict[str, bytes]:
    _documents.append(build(*given))
    return {"report.json": b"{}"}


def tell(wave: Wave) -> None:
    for number in range(DRAWN):
        moderated_text(wave, f"text {number}", use=1 + number % 3)


def report_of(wave: Wave) -> tuple[Report, dict[str, Any]]:
    report = computed(request_report(SHELL, requester(), "mris", "mris", [wave.number]))
    return report, _documents[-1]["testimonies"]


def test_a_report_counts_and_quotes_moderated_texts(wave: Wave) -> None:
    tell(wave)
    report, told = report_of(wave)
    assert report.state == "in_review", report.error
    assert (told["moderated"], told["total"]) == (True, 25)
    assert [(row["codes"], row["count"]) for row in told["counts"][0]["rows"]] == [([1], None), ([2, 3], None)]
    assert len(told["quotes"]) == 16
    assert [quote["use"] for quote in told["quotes"]] == [3] * 8 + [2] * 8


def test_before_all_texts_are_moderated_it_does_neither(wave: Wave) -> None:
    tell(wave)
    Testimony.objects.create(wave=wave, language="en", use=3, ciphertext=b"c", for_readers=b"k")
    _, told = report_of(wave)
    assert (told["moderated"], told["total"], told["counts"], told["quotes"]) == (False, None, [], [])


def test_what_a_report_quotes_stays_in_its_order(wave: Wave) -> None:
    tell(wave)
    report, told = report_of(wave)
    protected = protected_cube(report)
    assert protected
    files.render_round(report, protected)
    assert _documents[-1]["testimonies"] == told
    with pytest.raises(DatabaseError), transaction.atomic():
        StoredCube.objects.filter(report=report).update(beside={})


def test_the_order_of_quotes_is_not_that_in_which_researchers_read_the_texts(wave: Wave) -> None:
    tell(wave)
    report, _ = report_of(wave)
    source = sources(report)
    drawn = [beside(report, source, report_languages("mris"))["testimonies"]["quotes"] for _ in range(3)]
    orders = {tuple(quote["words"]["en"]["tst"] for quote in quotes) for quotes in drawn}
    assert len(orders) > 1
