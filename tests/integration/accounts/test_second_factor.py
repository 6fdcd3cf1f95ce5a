"""Where a second factor is required, whoever lacks it gets to the page that sets it up, and nowhere else."""

import base64
import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.actions import create_token
from accounts.enums import Role
from accounts.models import AuditEntry, User
from tests.cast import PASSWORD, SHELL, person
from tests.integration.accounts.codes import SECRET, code_now
from tests.integration.reports.cast import colleague

pytestmark = pytest.mark.django_db

ADD = "/accounts/app/add/"
PAGES = ["/portal/", "/portal/tokens/", "/portal/reports/new/", "/review/", "/review/1/", "/admin/", "/admin/nothing/"]


@pytest.fixture
def required(settings: Settings) -> None:
    settings.MFA_REQUIRED = True


@pytest.fixture
def rosa(db: None) -> User:
    return person(*Role, email="rosa@example.org")


@pytest.fixture
def logged_in(rosa: User, client: Client) -> Client:
    client.post("/accounts/login/", {"login": rosa.email, "password": PASSWORD})
    return client


def said(response: HttpResponse) -> str:
    return response.content.decode()


def key_in(page: str) -> str:
    found = re.search(r'class="secret">([A-Z2-7]{32})<', page)
    assert found
    return found[1]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_it_every_page_leads_to_where_it_is_set_up(
    required: None, logged_in: Client, page: str, method: str
) -> None:
    assert getattr(logged_in, method)(page)["Location"] == ADD


@pytest.mark.parametrize("role", Role)
def test_it_is_asked_of_every_role(required: None, client: Client, role: Role) -> None:
    client.force_login(colleague(role))
    assert client.get("/portal/")["Location"] == ADD


def test_the_api_refuses_a_session_without_it_and_says_why(required: None, logged_in: Client) -> None:
    for response in (logged_in.get("/api/v1/releases/"), logged_in.post("/api/v1/tokens/", {"name": "x"})):
        assert response.status_code == 403
        assert response.json()["code"] == "second_factor_missing"


def test_a_token_is_as_good_as_the_session_that_made_it(required: None, client: Client, rosa: User) -> None:
    token = create_token(SHELL, rosa, "notebook")
    assert client.get("/api/v1/releases/", headers={"authorization": f"Bearer {token}"}).status_code == 200


def test_setting_it_up_opens_the_way_and_is_logged(required: None, logged_in: Client, rosa: User) -> None:
    secret = key_in(said(logged_in.get(ADD)))
    assert "Incorrect code" in said(logged_in.post(ADD, {"code": "000000"}))
    assert logged_in.post(ADD, {"code": code_now(secret)})["Location"] == "/accounts/recovery/"
    assert said(logged_in.get("/accounts/recovery/")).count("<li>") >= 10
    for page in ("/portal/", "/review/", "/admin/"):
        assert logged_in.get(page).status_code == 200
    assert logged_in.get("/api/v1/releases/").status_code == 200
    added = AuditEntry.objects.filter(action="user.second_factor_added", actor_name=str(rosa.pk))
    assert {entry.detail["type"] for entry in added} == {"totp", "recovery_codes"}


def test_the_key_is_shown_as_a_picture_that_the_page_itself_holds(logged_in: Client) -> None:
    response = logged_in.get(ADD)
    picture = re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', said(response))
    assert picture
    assert base64.b64decode(picture[1]).startswith(b"<?xml")
    assert "data:" in response["Content-Security-Policy"]


def test_half_a_log_in_is_none(required: None, rosa: User, client: Client) -> None:
    TOTP.activate(rosa, SECRET)
    client.post("/accounts/login/", {"login": rosa.email, "password": PASSWORD})
    for page in (*PAGES, ADD, "/accounts/", "/accounts/recovery/", "/accounts/recovery/file/", "/accounts/app/remove/"):
        assert client.get(page, follow=True).redirect_chain[-1][0].startswith("/accounts/code/"), page
    assert client.get("/api/v1/releases/").status_code == 401


def test_who_logged_in_long_ago_says_again_who_they_are(logged_in: Client, rosa: User) -> None:
    session = logged_in.session
    session["began"] -= 400
    session.save()
    assert logged_in.get(ADD)["Location"].startswith("/accounts/reauthenticate/")
    again = {"password": PASSWORD, "next": ADD}
    assert logged_in.post("/accounts/reauthenticate/", again)["Location"] == ADD
    assert logged_in.get(ADD).status_code == 200


def test_it_is_removed_and_renewed_and_each_is_logged(logged_in: Client, rosa: User) -> None:
    secret = key_in(said(logged_in.get(ADD)))
    logged_in.post(ADD, {"code": code_now(secret)})
    assert logged_in.post("/accounts/recovery/new/").status_code == 302
    assert logged_in.get("/accounts/recovery/file/")["Content-Type"].startswith("text/plain")
    assert logged_in.post("/accounts/app/remove/")["Location"] == "/accounts/"
    assert not Authenticator.objects.exists()
    logged = AuditEntry.objects.filter(actor_name=str(rosa.pk), action__startswith="user.second_factor")
    acts = [(entry.action.rpartition("_")[2], entry.detail["type"]) for entry in logged]
    assert acts.count(("added", "totp")) == acts.count(("removed", "totp")) == 1
    assert acts.count(("added", "recovery_codes")) == 2


def test_an_admin_helps_who_lost_their_device_but_not_themselves(client: Client, rosa: User, logged_in: Client) -> None:
    ada = Client()
    ada.force_login(colleague(Role.ADMIN))
    TOTP.activate(rosa, SECRET)
    act = {"action": "take_second_factor", "_selected_action": [rosa.pk]}
    assert logged_in.post(reverse("admin:accounts_user_changelist"), act).status_code == 403
    assert ada.post(reverse("admin:accounts_user_changelist"), act).status_code == 302
    assert not Authenticator.objects.exists()
    assert logged_in.get("/portal/").status_code == 302, "their sessions end"
    assert AuditEntry.objects.filter(action="user.second_factor_removed", subject=f"user:{rosa.pk}").exists()


def test_where_it_is_not_required_nobody_is_sent_there(logged_in: Client) -> None:
    assert logged_in.get("/portal/").status_code == 200
    assert "Set up an app" in said(logged_in.get("/accounts/"))
