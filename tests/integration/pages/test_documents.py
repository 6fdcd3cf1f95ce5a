"""A form is made anew when something changes that stands in it, and what was filled in before can still be sent."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from typing import Any

import pytest
from django.test import Client

from survey import queries, receipts
from survey.enums import WaveState
from survey.models import Inbox, Survey, Wave
from survey.pages import documents, style
from survey.pages.languages import language
from survey.queries import FormContext, WaveInfo
from tests.cast import CONSENT

FORM = "/en/s/rehearsal/"
WAVE = WaveInfo(7, 1, WaveState.OPEN, True, date(2027, 1, 10), ("en", "zh-Hans"), {6: "announced"}, "")


@pytest.fixture
def context() -> FormContext:
    return FormContext(
        3,
        "rehearsal",
        True,
        {"contact": "a@example.org"},
        queries.load("mris"),
        WAVE,
        queries.shipped_directory("mris").help_lines,
    )


def digest(context: FormContext, tag: str = "en") -> str:
    return documents.prepare(context, language(tag)).document.digest


def with_other_title(context: FormContext) -> FormContext:
    title = replace(context.instrument.title, source="Another questionnaire")
    return replace(context, instrument=replace(context.instrument, title=title))


@pytest.mark.parametrize(
    "change",
    [
        lambda context: replace(context, operator={"contact": "b@example.org"}),
        lambda context: replace(context, is_rehearsal=False),
        lambda context: replace(context, slug="another"),
        lambda context: replace(context, wave=replace(WAVE, seal_on=date(2027, 2, 1))),
        lambda context: replace(context, wave=replace(WAVE, number=2)),
        lambda context: replace(context, wave=replace(WAVE, languages=("en",))),
        lambda context: replace(context, wave=replace(WAVE, event_states={6: "past"})),
        lambda context: replace(context, wave=replace(WAVE, form=next(iter(context.instrument.forms)))),
        with_other_title,
        lambda context: replace(context, help_lines={}),
    ],
)
def test_a_change_of_what_stands_in_it_makes_another_document(
    context: FormContext, change: Callable[[FormContext], FormContext]
) -> None:
    before = digest(context)
    assert digest(change(context)) != before
    assert digest(context) == before


@pytest.mark.parametrize("changed", ["style", "work for the stamp", "code"])
def test_a_new_version_of_the_service_makes_another_document(
    context: FormContext, changed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digest(context)
    documents.forget()  # as a new process has nothing in memory
    match changed:
        case "style":
            monkeypatch.setattr(style, "common", lambda: "body{}")
        case "work for the stamp":
            monkeypatch.setattr("django.conf.settings.STAMP_BITS", 20)
        case "code":
            monkeypatch.setattr(documents, "render", lambda *parts: "<!doctype html>")
    assert digest(context) != before


def test_languages_are_documents_of_their_own(context: FormContext) -> None:
    assert digest(context) != digest(context, "zh-Hans")


@pytest.mark.parametrize(
    "change",
    [
        lambda: Survey.objects.update(operator={"contact": "b@example.org"}),
        lambda: Wave.objects.update(seal_on=date(2027, 9, 9)),
    ],
)
def test_a_form_that_was_open_during_a_change_can_still_be_sent(
    respondent: Client, change: Callable[[], object]
) -> None:
    before = respondent.get(FORM)
    change()
    documents.forget()
    assert respondent.get(FORM)["ETag"] != before["ETag"]
    sent = respondent.post(FORM, {**CONSENT, "wave": "1", "mdl": "1", "receipt": receipts.make()})
    assert sent.status_code == 200
    assert Inbox.objects.count() == 1


def test_a_crowd_at_the_first_moment_makes_a_form_once(context: FormContext, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[FormContext] = []
    make, all_there = documents.make, Barrier(4)

    def slow(*parts: Any) -> documents.Prepared:
        made.append(parts[0])
        return make(*parts)

    def ask(_: int) -> documents.Prepared:
        all_there.wait()
        return documents.prepare(context, language("en"))

    monkeypatch.setattr(documents, "make", slow)
    with ThreadPoolExecutor(4) as crowd:
        documents_seen = set(map(id, crowd.map(ask, range(4))))
    assert (len(made), len(documents_seen)) == (1, 1)
