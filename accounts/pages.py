"""Pages of the way in: choosing a password with a link, and asking for such a link."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.core.ratelimit import consume
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import SetPasswordForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.utils import translation
from django.views.decorators.http import require_http_methods

from accounts.actions import notify, use_link
from accounts.actors import Actor
from accounts.enums import NoticeKind
from accounts.models import User
from accounts.queries import user_of_link

type View = Callable[..., HttpResponse]


def staff_page(view: View) -> View:
    """Pages for staff speak English, whatever the library could say, and no browser keeps them."""

    @wraps(view)
    def spoken(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        with translation.override("en"):
            response = view(request, **kwargs)
            if isinstance(response, TemplateResponse):
                response.context_data = {**(response.context_data or {}), "required": settings.MFA_REQUIRED}
                response.render()
        response["Cache-Control"] = "no-store"
        return response

    return spoken


@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, secret: str) -> HttpResponse:
    """Looking at it uses nothing up: mail programs open addresses by themselves."""
    user = user_of_link(secret)
    if user is None:
        return render(request, "account/link_dead.html", status=404)
    form = SetPasswordForm(user, request.POST or None)
    if not form.is_valid():
        return render(request, "account/link.html", {"form": form, "invited": user})
    if not use_link(Actor.of(user), user, secret, form.cleaned_data["new_password1"]):
        return render(request, "account/link_dead.html", status=404)
    messages.success(request, "Your password is set. Log in with it.")
    return redirect("account_login")


class Address(forms.Form):
    email = forms.EmailField(label="E-mail", widget=forms.EmailInput(attrs={"autocomplete": "username"}))


@require_http_methods(["GET", "HEAD", "POST"])
def forgotten(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether there is such an account or not."""
    form = Address(request.POST or None)
    asked = form.is_valid()
    if asked:
        _send_link(request, form.cleaned_data["email"].lower())
    context = {"form": form, "asked": asked, "by_mail": bool(settings.EMAIL_URL)}
    return render(request, "account/forgotten.html", context)


def _send_link(request: HttpRequest, email: str) -> None:
    if not consume(request, action="reset_password", key=email):
        return
    user = User.objects.filter(email=email, is_active=True).first()
    if user is not None:
        kind = NoticeKind.PASSWORD if user.has_usable_password() else NoticeKind.INVITATION
        notify(Actor.of(user), user, kind)
