"""For reviewers: their own key, and who can read what respondents wrote."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.models import User
from reports.errors import DomainError, Invalid
from reports.pages.edge import person, staff_page
from survey import moderation


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@staff_page
def keys(request: HttpRequest) -> HttpResponse:
    user = person(request)
    moderation.check_can_hold_keys(user)
    if request.method == "GET":
        return _page(request, user)
    try:
        said = _act(request, user)
    except DomainError as error:
        return _page(request, user, error)
    messages.success(request, said)
    return redirect("review-keys")


def _page(request: HttpRequest, user: User, error: DomainError | None = None) -> HttpResponse:
    holders = moderation.holders()
    own = next((holder for holder in holders if holder.user == user), None)
    context = {
        "own": own,
        "others": [holder for holder in holders if holder.user != user],
        "holding": sum(holder.holds_current for holder in holders),
        "wanted": moderation.HOLDERS_WANTED,
        "has_reading_key": moderation.has_reading_key(),
        "shortest": moderation.SHORTEST,
        "error": error,
    }
    return render(request, "reports/review/keys.html", context, status=error.status if error else 200)


def _act(request: HttpRequest, user: User) -> str:
    act = _ACTS.get(request.POST.get("do", ""))
    if act is None:
        raise Invalid(_("Choose what to do."))
    return act(request, user)


def _make(request: HttpRequest, user: User) -> str:
    moderation.make_own_key(user, _new_passphrase(request))
    return _("Your key is made. Write the passphrase down on paper and keep it where only you find it.")


def _change(request: HttpRequest, user: User) -> str:
    moderation.change_passphrase(user, request.POST.get("passphrase", ""), _new_passphrase(request))
    return _("Your passphrase is changed.")


def _make_reading_key(request: HttpRequest, user: User) -> str:
    moderation.make_reading_key(user)
    return _("The reading key is made. It is used for waves that open from now on.")


def _grant(request: HttpRequest, user: User) -> str:
    other = _other(request)
    moderation.grant(user, request.POST.get("passphrase", ""), other)
    return _("%(person)s can now read what you can read.") % {"person": other}


def _revoke(request: HttpRequest, user: User) -> str:
    other = _other(request)
    moderation.revoke(user, other)
    return _("%(person)s holds no share any more.") % {"person": other}


def _new_passphrase(request: HttpRequest) -> str:
    new = request.POST.get("new", "")
    if new != request.POST.get("repeated", ""):
        raise Invalid(_("The two passphrases differ. Type the new one twice."))
    return new


def _other(request: HttpRequest) -> User:
    chosen = request.POST.get("person", "")
    found = next((holder.user for holder in moderation.holders() if str(holder.user.pk) == chosen), None)
    if found is None:
        raise Invalid(_("Choose one of the reviewers."))
    return found


_ACTS: Mapping[str, Callable[[HttpRequest, User], str]] = {
    "make": _make,
    "change": _change,
    "reading-key": _make_reading_key,
    "grant": _grant,
    "revoke": _revoke,
}
