"""Sending a browser on, without a trace of where it came from."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import patch_vary_headers

from survey.pages.responses import private
from survey.pages.style import common


def to(request: HttpRequest, path: str, by_language: bool = False) -> HttpResponse:
    """`by_language`: the way was chosen by what languages the browser asks for."""
    response = private(request, HttpResponseRedirect(path), common())
    if by_language:
        patch_vary_headers(response, ["Accept-Language"])
    return response
