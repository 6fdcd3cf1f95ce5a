"""From an invitation to the first log-in: a link that works once, is kept as a digest, and opens one account only."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from accounts.actions import invite, make_link, send_notice, use_link
from accounts.actors import WORKER, Actor
from accounts.enums import Role
from accounts.models import AuditEntry, Notice, PasswordLink, User
from tests.cast import PASSWORD, SHELL, person
from tests.integration.accounts.links import link_mailed, link_shown
from tests.integration.reports.cast import colleague

pytestmark = pytest.mark.django_db

CHOSEN = {"new_password1": "correct horse battery", "new_password2": "correct horse battery"}
ROSA = {"email": "rosa@example.org", "name": "Rosa", "roles": ["reviewer"]}


@pytest.fixture
def ada(db: None) -> Client:
    client = Client()
    client.force_login(colleague(Role.ADMIN))
    return client


@pytest.fixture
def rosa(db: None) -> User:
    return invite(SHELL, "rosa@example.org", [Role.REVIEWER], "Rosa")


def opens(client: Client, password: str) -> bool:
    client.post("/accounts/login/", {"login": "rosa@example.org", "password": password})
    return client.get("/review/").status_code == 200


def test_without_mail_the_admin_copies_the_address_and_the_invited_person_logs_in(ada: Client, client: Client) -> None:
    address = link_shown(ada.post(reverse("admin:accounts_user_add"), ROSA))

    assert client.get(address).status_code == 200
    assert client.post(address, CHOSEN)["Location"] == "/accounts/login/"
    assert opens(client, CHOSEN["new_password1"])
    assert Notice.objects.count() == 0
    assert {"user.created", "user.link_made", "user.password_set"} <= {one.action for one in AuditEntry.objects.all()}


def test_with_mail_the_address_goes_to_the_invited_person_alone(
    ada: Client, client: Client, settings: Settings
) -> None:
    settings.SENDS_MAIL = True
    page = ada.post(reverse("admin:accounts_user_add"), ROSA).content.decode()
    assert "/accounts/link/" not in page
    send_notice(WORKER, Notice.objects.get().pk)

    assert mail.outbox[0].to == ["rosa@example.org"]
    assert client.post(link_mailed(), CHOSEN).status_code == 302
    assert opens(client, CHOSEN["new_password1"])


def test_nobody_enters_before_a_password_is_chosen(rosa: User, client: Client) -> None:
    assert not opens(client, "")
    assert not opens(client, rosa.password)


def test_a_link_works_once(rosa: User, client: Client) -> None:
    secret = make_link(SHELL, rosa)
    address = reverse("account_link", args=[secret])
    assert client.post(address, CHOSEN).status_code == 302
    assert client.get(address).status_code == 404
    assert client.post(address, dict.fromkeys(CHOSEN, "quite another one")).status_code == 404
    assert opens(client, CHOSEN["new_password1"])


def test_of_two_who_use_it_at_once_one_is_first(rosa: User) -> None:
    secret = make_link(SHELL, rosa)
    assert [use_link(Actor.of(rosa), rosa, secret, word) for word in ("first password", "second password")] == [
        True,
        False,
    ]
    rosa.refresh_from_db()
    assert rosa.check_password("first password")


def test_a_newer_link_replaces_the_one_before(rosa: User, client: Client) -> None:
    older, newer = make_link(SHELL, rosa), make_link(SHELL, rosa)
    assert client.get(reverse("account_link", args=[older])).status_code == 404
    assert client.get(reverse("account_link", args=[newer])).status_code == 200


@pytest.mark.parametrize(
    "change",
    [
        lambda: PasswordLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1)),
        lambda: User.objects.update(is_active=False),
        lambda: PasswordLink.objects.update(digest=b"x" * 32),
    ],
)
def test_a_link_that_is_too_old_unknown_or_of_somebody_who_left_opens_nothing(
    rosa: User, client: Client, change: object
) -> None:
    address = reverse("account_link", args=[make_link(SHELL, rosa)])
    change()  # type: ignore[operator]
    assert client.get(address).status_code == 404
    assert client.post(address, CHOSEN).status_code == 404


def test_an_invitation_lasts_a_week_and_a_new_password_an_hour(rosa: User) -> None:
    make_link(SHELL, rosa)
    make_link(SHELL, person(Role.RESEARCHER))
    waits = [one.expires_at - timezone.now() for one in PasswordLink.objects.order_by("expires_at")]
    assert [round(wait / timedelta(hours=1)) for wait in waits] == [1, 7 * 24]


def test_its_secret_is_kept_nowhere(rosa: User) -> None:
    secret = make_link(SHELL, rosa)
    assert secret not in repr([*PasswordLink.objects.values(), *AuditEntry.objects.values(), *User.objects.values()])


@pytest.mark.parametrize("word", ["short", "password1234", "12345678901"])
def test_a_weak_password_is_refused(rosa: User, client: Client, word: str) -> None:
    address = reverse("account_link", args=[make_link(SHELL, rosa)])
    response = client.post(address, dict.fromkeys(CHOSEN, word))
    assert response.status_code == 200
    assert "errorlist" in response.content.decode()
    assert client.get(address).status_code == 200


def forget(client: Client, email: str) -> str:
    return client.post("/accounts/password/reset/", {"email": email}).content.decode()


def test_who_forgot_their_password_gets_a_link_by_mail(client: Client) -> None:
    person(Role.REVIEWER, email="rosa@example.org")
    forget(client, "Rosa@example.org")
    send_notice(WORKER, Notice.objects.get().pk)
    assert client.post(link_mailed(), CHOSEN).status_code == 302
    assert not opens(client, PASSWORD)
    assert opens(client, CHOSEN["new_password1"])


def test_the_answer_does_not_say_whether_there_is_an_account(rosa: User, client: Client) -> None:
    assert forget(client, "rosa@example.org") == forget(client, "nobody@example.org")
    assert Notice.objects.count() == 1


def test_an_account_is_not_flooded_with_mails(rosa: User, client: Client) -> None:
    for _ in range(9):
        forget(client, "rosa@example.org")
        Notice.objects.update(sent_at=timezone.now())
    assert Notice.objects.count() == 5


def test_nobody_who_left_gets_one(rosa: User, client: Client) -> None:
    User.objects.update(is_active=False)
    forget(client, "rosa@example.org")
    assert not Notice.objects.exists()


def test_an_admin_gives_a_new_way_in_to_one_person_at_a_time(ada: Client, client: Client, rosa: User) -> None:
    act = {"action": "give_way_in", "_selected_action": [rosa.pk]}
    address = link_shown(ada.post(reverse("admin:accounts_user_changelist"), act))
    assert client.post(address, CHOSEN).status_code == 302
    act["_selected_action"] = [rosa.pk, colleague(Role.ADMIN).pk]
    assert ada.post(reverse("admin:accounts_user_changelist"), act).status_code == 302
    assert not PasswordLink.objects.exists()
