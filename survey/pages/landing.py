"""The first page, and the page of those who stop."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse

from survey import queries
from survey.pages import messages, redirect
from survey.pages.frame import offered_languages, plain_frame
from survey.pages.languages import Language
from survey.pages.responses import page
from survey.pages.speech import SAFE, preferring, spoken, wanted


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    title: str
    url: str
    tag: str
    """The language of the title."""
    is_rehearsal: bool


@preferring
def to_landing(request: HttpRequest) -> HttpResponse:
    return redirect.to(request, f"/{wanted(request).code}/", by_language=True)


@spoken(*SAFE)
def landing(request: HttpRequest, language: Language) -> HttpResponse:
    return page(request, "survey/landing.html", plain_frame(language, ""), {"surveys": open_surveys(language)})


def open_surveys(language: Language) -> list[OpenSurvey]:
    contexts = (context for context in queries.open_surveys() if offered_languages(context))
    return [_open_survey(context, understood(context, language)) for context in contexts]


def _open_survey(context: queries.FormContext, language: Language) -> OpenSurvey:
    return OpenSurvey(
        title=title_of(context, language),
        url=f"/{language.code}/s/{context.slug}/",
        tag=language.tag,
        is_rehearsal=context.is_rehearsal,
    )


def understood(context: queries.FormContext, language: Language) -> Language:
    """The language, if the survey speaks it; else its own first one."""
    offered = offered_languages(context)
    return language if language in offered or not offered else offered[0]


def title_of(context: queries.FormContext, language: Language) -> str:
    return queries.catalogue(context.instrument.name, language.tag).text(context.instrument.title)


@spoken(*SAFE)
def stop(request: HttpRequest, language: Language) -> HttpResponse:
    """Without script, leaving the form is what erases it: the browser is asked to forget the page as well."""
    message = messages.stopped(f"/{language.code}/receipt/")
    response = page(request, "survey/message.html", plain_frame(language, "stop/"), {"message": message})
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
