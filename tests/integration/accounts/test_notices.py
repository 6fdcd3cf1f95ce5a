"""The outbox: what staff are told by mail says that something waits, and nothing else; each thing is told once."""

from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import DatabaseError, transaction
from django.utils import timezone
from pytest_django import Settings

from accounts import queries, tasks
from accounts.actions import clear_notices, notify, send_notice
from accounts.actors import WORKER
from accounts.enums import NoticeKind, Role
from accounts.models import AuditEntry, Notice, User
from accounts.notices import PLACES, wording
from tests.cast import SHELL
from tests.integration.reports.cast import colleague

pytestmark = pytest.mark.django_db


@pytest.fixture
def rosa(db: None) -> User:
    return colleague(Role.REVIEWER)


@pytest.fixture
def notice(rosa: User) -> Notice:
    notify(SHELL, rosa, NoticeKind.DECISION_NEEDED, 12)
    return Notice.objects.get()


def test_a_mail_says_that_something_waits_and_where(notice: Notice, rosa: User) -> None:
    send_notice(WORKER, notice.pk)
    (sent,) = mail.outbox
    assert sent.to == [rosa.email]
    assert "http://testserver/review/12/" in sent.body
    assert "decision" not in (sent.subject + sent.body).lower()


def test_it_is_sent_once_however_often_the_message_comes(notice: Notice) -> None:
    for _ in range(3):
        send_notice(WORKER, notice.pk)
    assert len(mail.outbox) == 1
    assert queries.notices_to_send() == []
    assert AuditEntry.objects.filter(action="notice.sent").count() == 1


def test_what_is_due_is_found_by_the_sweep(notice: Notice, monkeypatch: pytest.MonkeyPatch) -> None:
    woken: list[int] = []
    monkeypatch.setattr(tasks.send_notice, "delay", woken.append)
    tasks.sweep()
    assert woken == [notice.pk]


def test_the_same_thing_waits_once_and_is_told_again_after_it_was_sent(notice: Notice, rosa: User) -> None:
    notify(SHELL, rosa, NoticeKind.DECISION_NEEDED, 12)
    assert Notice.objects.count() == 1
    send_notice(WORKER, notice.pk)
    notify(SHELL, rosa, NoticeKind.DECISION_NEEDED, 12)
    assert Notice.objects.count() == 2


def _disconnect(backend: EmailBackend, messages: object) -> int:
    raise SMTPServerDisconnected("quotes an address: rosa@example.org")


def _refuse(backend: EmailBackend, messages: object) -> int:
    raise ConnectionRefusedError


@pytest.mark.parametrize("failure", [_disconnect, _refuse])
def test_what_could_not_be_sent_is_tried_again_later(
    notice: Notice,
    failure: Callable[[EmailBackend, object], int],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(EmailBackend, "send_messages", failure)
        send_notice(WORKER, notice.pk)
    assert queries.notices_to_send() == []
    assert "@" not in caplog.text
    Notice.objects.update(due_at=timezone.now())
    assert queries.notices_to_send() == [notice.pk]
    send_notice(WORKER, notice.pk)
    assert len(mail.outbox) == 1


def test_after_the_last_try_it_is_left_alone(notice: Notice) -> None:
    Notice.objects.update(attempts=Notice.TRIES)
    send_notice(WORKER, notice.pk)
    assert mail.outbox == []


def test_who_left_is_told_nothing(notice: Notice) -> None:
    User.objects.update(is_active=False)
    send_notice(WORKER, notice.pk)
    assert mail.outbox == []


def test_a_notice_is_part_of_what_it_tells_of(rosa: User) -> None:
    with transaction.atomic():
        notify(SHELL, rosa, NoticeKind.RELEASED, "mris-1")
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_without_mail_nothing_is_sent(notice: Notice, settings: Settings) -> None:
    settings.EMAIL_URL = ""
    assert queries.notices_to_send() == []


def test_old_notices_are_forgotten(notice: Notice) -> None:
    clear_notices(WORKER)
    assert Notice.objects.count() == 1
    Notice.objects.update(created_at=timezone.now() - timedelta(days=31))
    clear_notices(WORKER)
    assert not Notice.objects.exists()
    assert AuditEntry.objects.filter(action="notices.cleared").count() == 1


@pytest.mark.parametrize("kind", NoticeKind)
def test_every_kind_leads_somewhere(kind: NoticeKind) -> None:
    assert set(PLACES) == set(NoticeKind)
    assert "http://testserver/" in wording(kind, "7", "secret" if kind in NoticeKind.with_link() else "")[1]


def test_the_database_keeps_one_waiting_notice_of_a_kind(notice: Notice, rosa: User) -> None:
    with pytest.raises(DatabaseError):
        Notice.objects.create(user=rosa, kind=notice.kind, subject=notice.subject)
