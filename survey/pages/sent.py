"""The page that answers a stored POST: the receipt code, and what it is good for."""

from django.http import HttpRequest, HttpResponse

from survey import queries, receipts
from survey.instrument.validate import Submission
from survey.pages.frame import fill_ins, survey_frame
from survey.pages.languages import Language
from survey.pages.responses import page
from survey.pages.words import fill, split_at


def sent_page(
    request: HttpRequest, context: queries.FormContext, language: Language, submission: Submission, code: str
) -> HttpResponse:
    """The same bytes for the first arrival of these answers and for every repeat."""
    instrument, catalogue = context.instrument, queries.catalogue(context.instrument.name, language.tag)
    end = fill(catalogue.text(instrument.ends["end"]), fill_ins(context, language))
    parts = {
        "end": split_at(end, "code"),
        "code": receipts.grouped(receipts.normalise(code)),
        "results": catalogue.text(instrument.texts["end_results"]),
        "notice": (
            catalogue.text(instrument.texts["end_notice"]),
            queries.event_notice(instrument.name, submission.answers.get("mdl")),
        ),
        "shared_device": catalogue.text(instrument.texts["end_shared_device_plain"]),
    }
    # The address of a sent form cannot be asked for again: another language shows the receipt by its code.
    frame = survey_frame(context, language, "receipt/").carrying("form")
    return page(request, "survey/sent.html", frame, parts)
