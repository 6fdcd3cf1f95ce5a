"""One's own API tokens: made, seen once, revoked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.actions import create_token, revoke_token
from accounts.actors import Actor
from accounts.enums import EVERYDAY, Scope
from accounts.models import ApiToken
from reports import permissions
from reports.errors import Invalid, NotFound
from reports.pages.edge import person, staff_page
from reports.pages.words import SCOPES


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def tokens(request: HttpRequest) -> HttpResponse:
    user = person(request)
    permissions.check_can_read_releases(user)
    secret = ""
    if request.method == "POST":
        secret = create_token(Actor.of(user), user, _name(request), _scopes(request))
    own = ApiToken.objects.filter(user=user).order_by("-pk")
    context = {"tokens": own, "secret": secret, "scopes": SCOPES.items(), "everyday": EVERYDAY}
    return render(request, "reports/portal/tokens.html", context)


def _name(request: HttpRequest) -> str:
    name = request.POST.get("name", "").strip() or _("API token")
    if len(name) > ApiToken.LONGEST_NAME:
        raise Invalid(_("A name of at most 60 characters is enough."))
    return name


def _scopes(request: HttpRequest) -> list[Scope]:
    """As ticked. Raises Invalid for nothing, and for what does not exist."""
    ticked = request.POST.getlist("scope")
    if not ticked or not set(ticked) <= set(Scope.values):
        raise Invalid(_("Choose what the token is good for."))
    return [Scope(one) for one in ticked]


@require_POST
@staff_page
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    token = ApiToken.objects.filter(user=person(request), pk=token_id).first()
    if token is None:
        raise NotFound
    revoke_token(Actor.of(person(request)), token)
    messages.success(request, _("The token is revoked."))
    return redirect("portal-tokens")
