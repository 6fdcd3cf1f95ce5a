"""What the holder of a receipt code may do: see the answers, correct, download and erase them.

No CSRF token is needed: the code itself is the authority, and it is in the request, not in a cookie. There is no
limit on tries either: 120 random bits cannot be guessed, and a limit would have to know who asks.
"""

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse

from survey import queries, receipts
from survey.actions import erase
from survey.enums import EraseResult
from survey.instrument.validate import fields_from
from survey.pages import download, messages
from survey.pages.correction import correct_form
from survey.pages.frame import any_frame, long_date, offered_languages, plain_frame, survey_frame
from survey.pages.languages import Language
from survey.pages.posted import Button, told
from survey.pages.requests import Refused, first, read_fields
from survey.pages.responses import page
from survey.pages.sent import sent_page
from survey.pages.speech import SAFE, spoken
from survey.queries import StoredAnswers
from survey.queries.receipts import is_erased

PATH = "receipt/"

type Action = Callable[[HttpRequest, Language, StoredAnswers, str], HttpResponse]


@spoken(*SAFE, "POST")
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
    return _act(request, language, code, first(fields, "action"))


def _act(request: HttpRequest, language: Language, code: str, action: str) -> HttpResponse:
    """An action that nobody knows shows the answers, where all others are offered."""
    if action == "confirm-erase":
        return _erase(request, language, code)
    found = queries.find_by_receipt(code)
    if found is None:
        return _not_found(request, language, code)
    if action == "erase":
        return _ask(request, language, found, code)
    if language not in offered_languages(found.context):
        return _in_other_language(request, language, found, code, action)
    return ACTIONS.get(action, _see)(request, language, found, code)


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


def _in_other_language(
    request: HttpRequest, language: Language, found: StoredAnswers, code: str, action: str
) -> HttpResponse:
    buttons = tuple(
        Button(one.name, "action", action, "quiet", f"/{one.code}/{PATH}", one.tag)
        for one in offered_languages(found.context)
    )
    parts = {"message": messages.receipt_in_other_language(), "buttons": buttons, "code": code}
    frame = any_frame(found.context, language, PATH).carrying("form")
    return page(request, "survey/returned.html", frame, parts, 422)


def _see(request: HttpRequest, language: Language, found: StoredAnswers, code: str) -> HttpResponse:
    fields = fields_from(found.context.instrument, found.submission)
    parts = {
        "summary": told(found.context, found.wave, language, fields, found.submission.texts).summary(),
        "seal_date": long_date(found.wave.seal_on, language),
        "code": code,
    }
    frame = survey_frame(found.context, language, PATH).carrying("form")
    return page(request, "survey/stored.html", frame, parts)


def _show(request: HttpRequest, language: Language, found: StoredAnswers, code: str) -> HttpResponse:
    """The page that stood there after sending, in another language."""
    return sent_page(request, found.context, language, found.submission, code)


def _correct(request: HttpRequest, language: Language, found: StoredAnswers, code: str) -> HttpResponse:
    return correct_form(request, language, found, code)


def _download_json(request: HttpRequest, language: Language, found: StoredAnswers, code: str) -> HttpResponse:
    return download.as_json(request, found, language)


def _download_csv(request: HttpRequest, language: Language, found: StoredAnswers, code: str) -> HttpResponse:
    return download.as_csv(request, found, language)


def _ask(request: HttpRequest, language: Language, found: StoredAnswers, code: str) -> HttpResponse:
    """In every language of the interface: nobody should have to look for another one in order to leave."""
    frame = any_frame(found.context, language, PATH).carrying("form")
    return page(request, "survey/erase.html", frame, {"code": code})


def _erase(request: HttpRequest, language: Language, code: str) -> HttpResponse:
    if erase(code) == EraseResult.ERASED:
        return _say(request, language, messages.erased(), 200)
    return _not_found(request, language, code)


ACTIONS: Mapping[str, Action] = {
    "see": _see,
    "show": _show,
    "correct": _correct,
    "download-json": _download_json,
    "download-csv": _download_csv,
}
