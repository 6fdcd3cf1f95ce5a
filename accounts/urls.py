"""The pages of the log-in library that this house needs, and no others: nobody signs up or keeps addresses here."""

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from django.contrib.auth.decorators import login_required
from django.urls import path, re_path

from accounts import pages
from accounts.pages import staff_page

urlpatterns = [
    path("", staff_page(factor.index), name="mfa_index"),
    path("login/", staff_page(account.login), name="account_login"),
    path("logout/", staff_page(account.logout), name="account_logout"),
    path("inactive/", staff_page(account.account_inactive), name="account_inactive"),
    path("reauthenticate/", staff_page(login_required(account.reauthenticate)), name="account_reauthenticate"),
    path("password/change/", staff_page(login_required(account.password_change)), name="account_change_password"),
    path("password/reset/", staff_page(pages.forgotten), name="account_reset_password"),
    re_path(r"^link/(?P<secret>[-\w]{43})/$", staff_page(pages.link), name="account_link"),
    path("code/", staff_page(factor.authenticate), name="mfa_authenticate"),
    path("code/again/", staff_page(factor.reauthenticate), name="mfa_reauthenticate"),
    path("app/add/", staff_page(login_required(totp.activate_totp)), name="mfa_activate_totp"),
    path("app/remove/", staff_page(login_required(totp.deactivate_totp)), name="mfa_deactivate_totp"),
    path("recovery/", staff_page(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "recovery/new/", staff_page(login_required(codes.generate_recovery_codes)), name="mfa_generate_recovery_codes"
    ),
    path("recovery/file/", staff_page(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
]
