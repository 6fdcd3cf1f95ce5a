"""The page that answers a stored POST: the receipt code, and what it is good for."""

from django.http import HttpRequest, HttpResponse

from survey import queries, receipts
from survey.instrument.validate import Submission
from survey.pages.frame import fill_ins, survey_frame
from survey.pages.languages import Language
from survey.pages.responses import private, render
from survey.pages.style import common
from survey.pages.words import fill, split_at

CODE = "{code}"
"""Stands in a page that is kept for everybody, where each gets their own code."""

_pages: dict[tuple[int, str, str, bool], tuple[queries.FormContext, str]] = {}


def sent_page(
    request: HttpRequest,
    context: queries.FormContext,
    language: Language,
    submission: Submission,
    code: str,
    corrected: bool = False,
) -> HttpResponse:
    """The same bytes for the first arrival of these answers and for every repeat."""
    notice = queries.event_notice(context.instrument.name, submission.answers.get("mdl"))
    html = _page_for_all(context, language, notice, corrected)
    own = html.replace(CODE, receipts.grouped(receipts.normalise(code)))
    return private(request, HttpResponse(own), common())


def _page_for_all(context: queries.FormContext, language: Language, notice: str, corrected: bool) -> str:
    """Rendered once per wave, language, notice and kind: this page follows every answer that is stored."""
    assert context.wave is not None
    key = context.wave.id, language.code, notice, corrected
    known = _pages.get(key)
    if known is None or known[0] != context:
        known = _pages[key] = context, _render(context, language, notice, corrected)
    return known[1]


def _render(context: queries.FormContext, language: Language, notice: str, corrected: bool) -> str:
    instrument, catalogue = context.instrument, queries.catalogue(context.instrument.name, language.tag)
    end = fill(catalogue.text(instrument.ends["end"]), fill_ins(context, language))
    parts = {
        "end": split_at(end, "code"),
        "code": CODE,
        "corrected": corrected,
        "results": catalogue.text(instrument.texts["end_results"]),
        "notice": (catalogue.text(instrument.texts["end_notice"]), notice),
        "shared_device": catalogue.text(instrument.texts["end_shared_device_plain"]),
    }
    # The address of a sent form cannot be asked for again: another language shows the receipt by its code.
    frame = survey_frame(context, language, "receipt/").carrying("form")
    return render("survey/sent.html", frame, parts)
