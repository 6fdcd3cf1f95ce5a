"""/admin/ for admins: accounts with an audit row for every change, the log and the waves to read, no answers."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AuditEntry, User
from survey.models import Inbox, Response, Testimony, Tombstone
from tests.cast import open_rehearsal, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada(client: Client) -> Client:
    client.force_login(person(Role.ADMIN))
    return client


def test_an_admin_invites_somebody_and_it_is_logged(ada: Client) -> None:
    sent = {"email": "Rosa@Example.org", "name": "Rosa", "roles": ["reviewer"]}
    response = ada.post(reverse("admin:accounts_user_add"), sent)

    assert response.status_code == 200, response.content.decode()
    rosa = User.objects.get(name="Rosa")
    assert (rosa.email, rosa.roles, rosa.has_usable_password()) == ("rosa@example.org", ["reviewer"], False)
    entry = AuditEntry.objects.get(action="user.created", subject=f"user:{rosa.pk}")
    assert (entry.actor_kind, entry.detail["roles"]) == ("user", ["reviewer"])


def test_an_admin_takes_a_role_away_and_it_is_logged(ada: Client) -> None:
    rui = person(Role.REVIEWER)
    ada.post(reverse("admin:accounts_user_change", args=[rui.pk]), {"email": rui.email, "name": "Rui", "roles": []})

    rui.refresh_from_db()
    assert (rui.roles, rui.is_active) == ([], False)
    assert AuditEntry.objects.filter(action="user.changed", subject=f"user:{rui.pk}").count() == 1


@pytest.mark.parametrize("page", ["accounts_user", "accounts_auditentry", "survey_survey", "survey_wave"])
def test_an_admin_may_look(ada: Client, page: str) -> None:
    open_rehearsal()

    assert ada.get(reverse(f"admin:{page}_changelist")).status_code == 200


def test_an_open_wave_shows_only_how_many_roughly(ada: Client) -> None:
    open_rehearsal()

    assert "under 50" in ada.get(reverse("admin:survey_wave_changelist")).content.decode()


@pytest.mark.parametrize("page", ["accounts_auditentry", "survey_survey", "survey_wave"])
def test_nobody_adds_to_the_log_or_to_waves_here(ada: Client, page: str) -> None:
    assert ada.get(reverse(f"admin:{page}_add")).status_code == 403


@pytest.mark.parametrize("role", [Role.RESEARCHER, Role.REVIEWER, None])
def test_others_do_not_come_in(client: Client, role: Role | None) -> None:
    if role:
        client.force_login(person(role))

    assert client.get(reverse("admin:index")).status_code == 302


def test_answers_have_no_admin_class() -> None:
    assert apps.get_models()
    assert not {Inbox, Tombstone, Response, Testimony} & set(admin.site._registry)
