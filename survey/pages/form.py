"""The form of a survey: the blank document, and where a POST goes.

No CSRF token is needed here: these pages know no log-in and read no cookie, so a request forged by another site has
no authority that it could borrow. It could only send answers, which anybody may.
"""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from survey import queries
from survey.enums import WaveState
from survey.pages import documents, messages
from survey.pages.frame import offered_languages, plain_frame, survey_frame
from survey.pages.languages import Language, interface_languages, preferred
from survey.pages.messages import Message
from survey.pages.posted import Posted
from survey.pages.requests import Fields, Refused, first, read_fields
from survey.pages.responses import page
from survey.pages.speech import spoken

LONGEST_NUMBER = 4


@require_safe
def in_preferred_language(request: HttpRequest, slug: str) -> HttpResponse:
    """To the form in the language that the browser asks for; the header is read and forgotten."""
    context = documents.recent_context(slug)
    offered = offered_languages(context) if context else ()
    chosen = preferred(request.headers.get("Accept-Language", ""), offered or interface_languages())
    response = HttpResponseRedirect(f"/{chosen.code}/s/{slug}/")
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    patch_vary_headers(response, ["Accept-Language"])
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@spoken
def form(request: HttpRequest, language: Language, slug: str) -> HttpResponse:
    if request.method == "POST":
        return _take(request, language, slug)
    context = documents.recent_context(slug)
    if context is None:
        return _say(request, language, messages.unknown_page(_home(language)), 404)
    if context.wave is None or context.wave.state != WaveState.OPEN:
        return _say(request, language, messages.not_open(_home(language)), 404, context)
    if language not in offered_languages(context):
        return _say(request, language, messages.other_language(), 404, context)
    return documents.respond(request, documents.prepare(context, language).document)


def _take(request: HttpRequest, language: Language, slug: str) -> HttpResponse:
    try:
        fields = read_fields(request)
    except Refused as refused:
        return _say(request, language, messages.refused(refused.status), refused.status)
    context = _context_of(slug, fields)
    if context is None:
        return _say(request, language, messages.unknown_page(_home(language)), 404)
    if context.wave is None:
        return _say(request, language, messages.not_open(_home(language)), 404, context)
    if language not in offered_languages(context):
        return _say(request, language, messages.other_language(), 404, context)
    return Posted(request, language, documents.prepare(context, language), context.wave, fields).answer()


def _context_of(slug: str, fields: Fields) -> queries.FormContext | None:
    """The survey with the wave whose document was filled in, else with the present one.

    The context may be a moment old: the action that stores the answers judges the wave once more.
    """
    present = documents.recent_context(slug)
    number = first(fields, "wave")
    if present is None or not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        return present
    if present.wave is not None and present.wave.number == int(number):
        return present
    named = queries.form_context(slug, int(number))
    return named if named and named.wave else present


def _say(
    request: HttpRequest,
    language: Language,
    message: Message,
    status: int,
    context: queries.FormContext | None = None,
) -> HttpResponse:
    path = request.path_info.split("/", 2)[2]
    frame = survey_frame(context, language, path) if context else plain_frame(language, path)
    return page(request, "survey/message.html", frame, {"message": message}, status)


def _home(language: Language) -> str:
    return f"/{language.code}/"
