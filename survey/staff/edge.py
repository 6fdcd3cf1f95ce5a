"""What stands between a request and a page for admins: log-in, language, headers, and refusals as plain pages."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from accounts.actors import Actor
from accounts.models import User
from survey.errors import DomainError, Invalid
from survey.permissions import check_can_administer

type View = Callable[..., HttpResponse]

STAFF_LANGUAGE = "en"


def person(request: HttpRequest) -> User:
    """Who is logged in; only inside an `admin_page`."""
    assert isinstance(request.user, User)
    return request.user


def actor(request: HttpRequest) -> Actor:
    return Actor.of(person(request))


def admin_page(view: View) -> View:
    """For admins who are logged in. A refusal of the domain becomes a page with its sentence and status."""

    @wraps(view)
    def guarded(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        with translation.override(STAFF_LANGUAGE):
            try:
                check_can_administer(person(request))
                _refuse_nul(request)
                response = view(request, **kwargs)
            except DomainError as error:
                response = render(request, "survey/staff/refused.html", {"error": error}, status=error.status)
        response["Cache-Control"] = "no-store"
        return response

    page: View = login_required(guarded)
    return page


def _refuse_nul(request: HttpRequest) -> None:
    """PostgreSQL holds no NUL."""
    lists = (*request.GET.lists(), *request.POST.lists())
    if any("\0" in str(value) for values in lists for value in values[1]):
        raise Invalid("What was sent holds a character that no text may hold.")


def sent(request: HttpRequest) -> dict[str, str]:
    """The last value of each field of a form."""
    return {name: str(value) for name, value in request.POST.items()}


def whole(text: str) -> int:
    """Raises Invalid."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Invalid("A number is missing: load the page again.")
    return int(text)


def day(text: str) -> date:
    """Raises Invalid."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid("Give the seal date as a day, such as 2027-06-30.") from None
