"""Accounts and the audit log for admins. Every change leaves an audit row; nothing is deleted here."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import Model
from django.http import HttpRequest

from accounts.actions import record
from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import AuditEntry, AuditHead, User

# An account has one address and roles of its own; these tables of the libraries would only confuse.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)
# One door for everybody: the one that counts failed tries by account.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = admin.site.site_title = "Sunset Survey"


class Account(forms.Form):
    roles = forms.MultipleChoiceField(choices=Role.choices, widget=forms.CheckboxSelectMultiple, required=False)

    def clean_email(self) -> str:
        """Addresses are kept in lower case: two that differ in nothing else would be one person."""
        return str(self.cleaned_data["email"]).lower()


class NewUser(Account, BaseUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name", "roles")


class ChangedUser(Account, forms.ModelForm):
    class Meta:
        model = User
        fields = ("email", "name", "roles", "is_active")


@admin.register(User)
class UserAdmin(admin.ModelAdmin):
    list_display = ("email", "name", "roles", "is_active")
    search_fields = ("email", "name")
    ordering = ("email",)

    def get_form(self, request: HttpRequest, obj: User | None = None, change: bool = False, **kwargs: Any) -> Any:
        return NewUser if obj is None else ChangedUser

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        last = ("password1", "password2") if obj is None else ("is_active",)
        return [(None, {"fields": ("email", "name", "roles", *last)})]

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        assert isinstance(request.user, User)
        action = "user.changed" if change else "user.created"
        record(Actor.of(request.user), action, f"user:{obj.pk}", roles=list(obj.roles), active=obj.is_active)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


class ToRead(admin.ModelAdmin):
    """Nothing is added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(ToRead):
    list_display = ("at", "action", "subject", "actor_kind", "actor_name")
    list_filter = ("action", "actor_kind")
    date_hierarchy = "at"
    search_fields = ("subject",)


@admin.register(AuditHead)
class AuditHeadAdmin(ToRead):
    """The last hash of each day; `manage.py audit verify --head` compares one that was kept elsewhere."""

    list_display = ("day", "position", "sha256")
    date_hierarchy = "day"
    fields = ("day", "position", "sha256")

    @admin.display(description="SHA-256")
    def sha256(self, head: AuditHead) -> str:
        return bytes(head.hash).hex()
