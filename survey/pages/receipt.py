"""What the holder of a receipt code may do: see the answers, and erase them after being asked once.

No CSRF token is needed: the code itself is the authority, and it is in the request, not in a cookie. There is no
limit on tries either: 120 random bits cannot be guessed, and a limit would have to know who asks.
"""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from survey import queries, receipts
from survey.actions import erase
from survey.enums import EraseResult
from survey.instrument.validate import fields_from
from survey.pages import messages
from survey.pages.frame import long_date, plain_frame, survey_frame
from survey.pages.languages import Language
from survey.pages.posted import summary_of
from survey.pages.requests import Refused, first, read_fields
from survey.pages.responses import page
from survey.pages.sent import sent_page
from survey.pages.speech import spoken
from survey.queries.receipts import is_erased

PATH = "receipt/"

type Action = Callable[[HttpRequest, Language, str], HttpResponse]


@require_http_methods(["GET", "HEAD", "POST"])
@spoken
def receipt(request: HttpRequest, language: Language) -> HttpResponse:
    if request.method != "POST":
        return _entry(request, language)
    try:
        fields = read_fields(request)
    except Refused as refused:
        return _say(request, language, messages.refused(refused.status), refused.status)
    code = first(fields, "receipt")
    if "switch" in fields and not code:
        return _entry(request, language)
    if not receipts.is_valid(code):
        return _entry(request, language, code, messages.mistyped_code(), 422)
    return ACTIONS.get(first(fields, "action"), _see)(request, language, code)


def _entry(
    request: HttpRequest, language: Language, code: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    frame = plain_frame(language, PATH).carrying("form")
    return page(request, "survey/receipt.html", frame, {"code": code, "error": error}, status)


def _say(request: HttpRequest, language: Language, message: messages.Message, status: int) -> HttpResponse:
    return page(request, "survey/message.html", plain_frame(language, PATH), {"message": message}, status)


def _not_found(request: HttpRequest, language: Language, code: str) -> HttpResponse:
    if is_erased(code):
        return _say(request, language, messages.erased(), 410)
    return _entry(request, language, code, messages.unknown_code(), 404)


def _see(request: HttpRequest, language: Language, code: str) -> HttpResponse:
    found = queries.find_by_receipt(code)
    if found is None or found.context.wave is None:
        return _not_found(request, language, code)
    fields = fields_from(found.context.instrument, found.submission)
    parts = {
        "summary": summary_of(found.context, found.context.wave, language, fields, found.submission.texts),
        "seal_date": long_date(found.context.wave.seal_on, language),
        "code": code,
    }
    frame = survey_frame(found.context, language, PATH).carrying("form")
    return page(request, "survey/stored.html", frame, parts)


def _show(request: HttpRequest, language: Language, code: str) -> HttpResponse:
    """The page that stood there after sending, in another language."""
    found = queries.find_by_receipt(code)
    if found is None:
        return _not_found(request, language, code)
    return sent_page(request, found.context, language, found.submission, code)


def _ask(request: HttpRequest, language: Language, code: str) -> HttpResponse:
    found = queries.find_by_receipt(code)
    if found is None:
        return _not_found(request, language, code)
    frame = survey_frame(found.context, language, PATH).carrying("form")
    return page(request, "survey/erase.html", frame, {"code": code})


def _erase(request: HttpRequest, language: Language, code: str) -> HttpResponse:
    if erase(code) == EraseResult.ERASED:
        return _say(request, language, messages.erased(), 200)
    return _not_found(request, language, code)


ACTIONS: Mapping[str, Action] = {"see": _see, "show": _show, "erase": _ask, "confirm-erase": _erase}
