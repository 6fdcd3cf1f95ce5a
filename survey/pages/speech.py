"""Views that speak the language of their address."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.utils import translation

from survey.pages.languages import Language

type View = Callable[..., HttpResponse]


def spoken(view: View) -> View:
    """The language is that of the address: nothing is read from a cookie or kept for the next request."""

    @wraps(view)
    def in_language(request: HttpRequest, language: Language, **parts: str) -> HttpResponse:
        with translation.override(language.code):
            return view(request, language, **parts)

    return in_language
