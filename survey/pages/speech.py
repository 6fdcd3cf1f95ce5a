"""Views that speak the language of their address, and answer only what they are asked properly."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from survey.pages import messages
from survey.pages.frame import plain_frame
from survey.pages.languages import Language, interface_languages, preferred
from survey.pages.responses import page

SAFE = ("GET", "HEAD")

type View = Callable[..., HttpResponse]


def spoken(*methods: str) -> Callable[[View], View]:
    """The language is that of the address: nothing is read from a cookie or kept for the next request.

    Other methods than these are refused with a page that can be read.
    """

    def decorated(view: View) -> View:
        @wraps(view)
        def in_language(request: HttpRequest, language: Language, **parts: str) -> HttpResponse:
            with translation.override(language.code):
                if request.method not in methods:
                    return _refused(request, language, methods)
                return view(request, language, **parts)

        return in_language

    return decorated


def preferring(view: View) -> View:
    """For addresses without a language: the view is given the languages that the browser asks for."""

    @wraps(view)
    def in_any_language(request: HttpRequest, **parts: str) -> HttpResponse:
        if request.method in SAFE:
            return view(request, **parts)
        language = wanted(request)
        with translation.override(language.code):
            return _refused(request, language, SAFE)

    return in_any_language


def wanted(request: HttpRequest, offered: tuple[Language, ...] = ()) -> Language:
    """The header is read and forgotten."""
    return preferred(request.headers.get("Accept-Language", ""), offered or interface_languages())


def _refused(request: HttpRequest, language: Language, methods: tuple[str, ...]) -> HttpResponse:
    parts = {"message": messages.refused(405)}
    response = page(request, "survey/message.html", plain_frame(language, ""), parts, 405)
    response["Allow"] = ", ".join(methods)
    return response
