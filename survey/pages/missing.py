"""Addresses that lead nowhere. Respondents copy links by hand and from chats: what is nearly right is put right."""

import re

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import translation
from django.views.defaults import page_not_found

from survey.pages import messages, redirect
from survey.pages.frame import plain_frame
from survey.pages.languages import interface_languages
from survey.pages.responses import page
from survey.pages.speech import wanted

_RESPONDENTS = re.compile(r"/(?P<language>[a-z]{2}(?:-[a-z]{4})?|s)(?P<rest>/.*)?", re.IGNORECASE)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """A redirect if only the last slash or the case of the language is wrong; else a page in a language they read.

    Browsers ask for icons and the like by themselves: whatever is no address of a respondent gets a bare answer.
    """
    match = _RESPONDENTS.fullmatch(request.path_info)
    if match is None:
        return page_not_found(request, exception)
    mended = f"/{match['language'].lower()}{(match['rest'] or '').rstrip('/')}/"
    if mended != request.path_info and request.method in ("GET", "HEAD") and _leads_somewhere(mended):
        return redirect.to(request, mended)
    return _nothing_here(request, match["language"].lower())


def _leads_somewhere(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def _nothing_here(request: HttpRequest, code: str) -> HttpResponse:
    language = next((one for one in interface_languages() if one.code == code), None) or wanted(request)
    with translation.override(language.code):
        message = messages.unknown_page(f"/{language.code}/")
        return page(request, "survey/message.html", plain_frame(language, ""), {"message": message}, 404)
