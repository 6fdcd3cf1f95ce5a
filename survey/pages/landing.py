"""The first page, and the page of those who stop."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from survey import queries
from survey.pages import messages
from survey.pages.frame import offered_languages, plain_frame
from survey.pages.languages import Language, interface_languages, preferred
from survey.pages.responses import page
from survey.pages.speech import spoken


@dataclass(frozen=True, slots=True)
class OpenSurvey:
    title: str
    url: str
    is_rehearsal: bool


@require_safe
def to_landing(request: HttpRequest) -> HttpResponse:
    chosen = preferred(request.headers.get("Accept-Language", ""), interface_languages())
    response = HttpResponseRedirect(f"/{chosen.code}/")
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_safe
@spoken
def landing(request: HttpRequest, language: Language) -> HttpResponse:
    surveys = [_open_survey(context, language) for context in queries.open_surveys()]
    return page(request, "survey/landing.html", plain_frame(language, ""), {"surveys": surveys})


def _open_survey(context: queries.FormContext, language: Language) -> OpenSurvey:
    """With its title in the language of the page, if the survey speaks it; else in its own first language."""
    offered = offered_languages(context)
    spoken_there = language if language in offered else offered[0]
    catalogue = queries.catalogue(context.instrument.name, spoken_there.tag)
    return OpenSurvey(
        title=catalogue.text(context.instrument.title),
        url=f"/{spoken_there.code}/s/{context.slug}/",
        is_rehearsal=context.is_rehearsal,
    )


@require_safe
@spoken
def stop(request: HttpRequest, language: Language) -> HttpResponse:
    """Without script, leaving the form is what erases it: the browser is asked to forget the page as well."""
    message = messages.stopped(f"/{language.code}/receipt/")
    response = page(request, "survey/message.html", plain_frame(language, "stop/"), {"message": message})
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
