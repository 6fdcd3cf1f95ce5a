"""The form of a survey: the blank document, and where a POST goes.

No CSRF token is needed here: these pages know no log-in and read no cookie, so a request forged by another site has
no authority that it could borrow. It could only send answers, which anybody may.
"""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from survey import queries, receipts
from survey.enums import WaveState
from survey.pages import documents, messages, redirect
from survey.pages.correction import Correction
from survey.pages.frame import any_frame, long_date, offered_languages, plain_frame
from survey.pages.landing import open_surveys, title_of, understood
from survey.pages.languages import Language
from survey.pages.messages import Message
from survey.pages.posted import ANEW, Button, Posted
from survey.pages.requests import Fields, Refused, first, read_fields
from survey.pages.responses import page
from survey.pages.speech import SAFE, preferring, spoken, wanted

LONGEST_NUMBER = 4


@preferring
def in_preferred_language(request: HttpRequest, slug: str) -> HttpResponse:
    """To the form in the language that the browser asks for."""
    context = documents.recent_context(slug)
    chosen = wanted(request, offered_languages(context) if context else ())
    return redirect.to(request, f"/{chosen.code}/s/{slug}/", by_language=True)


@spoken(*SAFE, "POST")
def form(request: HttpRequest, language: Language, slug: str) -> HttpResponse:
    if request.method == "POST":
        return _take(request, language, slug)
    context = documents.recent_context(slug)
    if context is None:
        return _say(request, language, messages.unknown_page(_home(language)), 404)
    if context.wave is None or context.wave.state != WaveState.OPEN:
        return _closed(request, language, context)
    if language not in offered_languages(context):
        return _other_languages(request, language, context)
    return documents.respond(request, documents.prepare(context, language).document)


def _closed(request: HttpRequest, language: Language, context: queries.FormContext) -> HttpResponse:
    """Not an error: the survey is there, it only takes no new answers. What can still be done stands on the page."""
    if context.wave is None:
        return _say(request, language, messages.not_open_yet(_home(language)), 200, context)
    is_sealed = context.wave.state == WaveState.SEALED
    message = messages.closed(
        title_of(context, understood(context, language)),
        context.wave.takes_answers,
        "" if is_sealed else long_date(context.wave.seal_on, language),
        _ways_on(language, is_sealed),
    )
    return _say(request, language, message, 200, context)


def _ways_on(language: Language, is_sealed: bool) -> tuple[tuple[str, str], ...]:
    receipt = (f"/{language.code}/receipt/", _("See, correct, download or erase your answers"))
    results = (f"/{language.code}/results/", _("What has been found so far"))
    others = tuple((survey.url, survey.title) for survey in open_surveys(language))
    return (results, *others) if is_sealed else (receipt, results, *others)


def _other_languages(request: HttpRequest, language: Language, context: queries.FormContext) -> HttpResponse:
    """Status 200, as for every page of a survey that exists: some browsers and lines show their own page for a 404."""
    links = tuple((f"/{one.code}/s/{context.slug}/", one) for one in offered_languages(context))
    parts = {"message": messages.other_language(), "languages": links}
    return page(request, "survey/message.html", any_frame(context, language, f"s/{context.slug}/"), parts)


def _take(request: HttpRequest, language: Language, slug: str) -> HttpResponse:
    try:
        fields = _as_new(read_fields(request))
    except Refused as refused:
        return _say(request, language, messages.refused(refused.status), refused.status)
    stored = _stored(slug, fields) if "correct" in fields else None
    context = stored.context if stored else _context_of(slug, fields)
    if context is None:
        return _say(request, language, messages.unknown_page(_home(language)), 404)
    if context.wave is None:
        return _say(request, language, messages.not_open_yet(_home(language)), 409, context)
    if language not in offered_languages(context):
        return _carry_to_other_language(request, language, context, fields)
    prepared = documents.prepare(context, language)
    if stored:
        return Correction(request, language, prepared, context.wave, fields, stored).answer()
    posted = Posted(request, language, prepared, context.wave, fields)
    return posted.nothing_to_correct() if "correct" in fields else posted.answer()


def _as_new(fields: Fields) -> Fields:
    """A button may send answers under another code than the one that the page holds."""
    return {**fields, "receipt": fields[ANEW]} if ANEW in fields else fields


def _stored(slug: str, fields: Fields) -> queries.StoredAnswers | None:
    code = first(fields, "receipt")
    return queries.find_by_receipt(code, slug) if receipts.is_valid(code) else None


def _carry_to_other_language(
    request: HttpRequest, language: Language, context: queries.FormContext, fields: Fields
) -> HttpResponse:
    """The answers go along to the form in a language that the survey has."""
    buttons = tuple(
        Button(one.name, "switch", "1", "quiet", f"/{one.code}/s/{context.slug}/", one.tag)
        for one in offered_languages(context)
    )
    carried = [(name, value) for name, values in fields.items() if name not in ("wave", "switch") for value in values]
    parts = {
        "message": messages.other_language_with_answers(),
        "buttons": buttons,
        "wave": context.wave.number if context.wave else "",
        "fields": carried,
    }
    frame = any_frame(context, language, f"s/{context.slug}/").carrying("form")
    return page(request, "survey/returned.html", frame, parts, 422)


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
    frame = any_frame(context, language, path) if context else plain_frame(language, path)
    return page(request, "survey/message.html", frame, {"message": message}, status)


def _home(language: Language) -> str:
    return f"/{language.code}/"
