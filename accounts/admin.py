"""Accounts and the audit log for admins. Every change leaves an audit row; nothing is deleted here."""

from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.generic import RedirectView

from accounts.actions import change_user, invite, make_link, notify, remove_second_factor
from accounts.actors import Actor
from accounts.enums import NoticeKind, Role
from accounts.models import AuditEntry, PasswordLink, User

# An account has one address and roles of its own; these tables of the libraries would only confuse.
for _model in (Group, EmailAddress, Authenticator):
    admin.site.unregister(_model)
# One door for everybody: the one that counts failed tries by account.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# And one page to change a password on: the one that counts tries and leaves a row in the audit log.
admin.site.password_change = RedirectView.as_view(pattern_name="account_change_password")  # type: ignore
admin.site.site_header = admin.site.site_title = "Sunset Survey"


class Account(forms.ModelForm):
    roles = forms.MultipleChoiceField(choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False)

    class Meta:
        model = User
        fields = ("email", "name", "roles")

    def clean_email(self) -> str:
        """Addresses are kept in lower case: two that differ in nothing else would be one person."""
        return str(self.cleaned_data["email"]).lower()


class KnownAccount(Account):
    class Meta(Account.Meta):
        fields = (*Account.Meta.fields, "is_active")  # type: ignore[assignment]


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("email", "name", "roles", "is_active", "has_second_factor")
    search_fields = ("email", "name")
    ordering = ("email",)
    actions = ("give_way_in", "take_second_factor")

    @admin.display(boolean=True, description="second factor")
    def has_second_factor(self, user: User) -> bool:
        return bool(cast(Any, user).second_factors)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        apps = Count("authenticator", filter=Q(authenticator__type=Authenticator.Type.TOTP))
        users: QuerySet[User] = super().get_queryset(request).annotate(second_factors=apps)
        return users

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        return Account if obj is None else KnownAccount

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return [(None, {"fields": self.get_form(request, obj).Meta.fields})]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            change_user(_actor(request), obj)
        else:
            obj.pk = invite(_actor(request), obj.email, [Role(role) for role in obj.roles], obj.name).pk
            obj.refresh_from_db()

    def response_add(self, request: HttpRequest, obj: User, post_url_continue: str | None = None) -> HttpResponse:
        return _way_in(request, obj, is_told=settings.SENDS_MAIL)

    @admin.action(description="Give a new way in (an address at which they choose a password)")
    def give_way_in(self, request: HttpRequest, chosen: QuerySet[User]) -> HttpResponse | None:
        user = _the_one(request, chosen.filter(is_active=True))
        if user is None:
            return None
        if settings.SENDS_MAIL:
            kind = NoticeKind.PASSWORD if user.has_usable_password() else NoticeKind.INVITATION
            notify(_actor(request), user, kind)
        return _way_in(request, user, is_told=settings.SENDS_MAIL)

    @admin.action(description="Remove the second factor (device and recovery codes are lost)")
    def take_second_factor(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        user = _the_one(request, chosen)
        if user is None:
            return
        if user == request.user:
            raise PermissionDenied("Another admin has to do this for you.")
        done = remove_second_factor(_actor(request), user)
        self.message_user(request, f"{user} has no second factor {'any more' if done else 'anyway'}.")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


def _actor(request: HttpRequest) -> Actor:
    return Actor.of(cast(User, request.user))


def _the_one(request: HttpRequest, chosen: QuerySet[User]) -> User | None:
    """These acts are for one person at a time: what they lead to is handed to that person."""
    found = list(chosen[:2])
    if len(found) != 1:
        messages.error(request, "Choose one account that is open.")
        return None
    return found[0]


def _way_in(request: HttpRequest, user: User, is_told: bool) -> HttpResponse:
    """Says that a mail is on its way or, where none is sent, shows the address, this once."""
    context: dict[str, Any] = {"invited": user}
    if not is_told:
        secret = make_link(_actor(request), user)
        context["link"] = settings.PUBLIC_URL + reverse("account_link", args=[secret])
        context["until"] = PasswordLink.objects.get(user=user).expires_at
    return render(request, "account/invited.html", context)


@admin.register(AuditEntry)
class AuditEntryAdmin(admin.ModelAdmin):
    list_display = ("at", "action", "subject", "actor_kind", "actor_name")
    list_filter = ("action", "actor_kind")
    search_fields = ("subject",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        return False
