"""The outbox: rows that say to whom something is to be told, and the mails that say no more than that."""

import logging
from datetime import timedelta
from smtplib import SMTPException

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.actions.audit import record
from accounts.actions.links import make_link
from accounts.actors import Actor
from accounts.enums import NoticeKind
from accounts.models import Notice, User
from accounts.notices import wording

_log = logging.getLogger(__name__)


@transaction.atomic
def notify(actor: Actor, user: User, kind: NoticeKind, subject: object = "") -> None:
    """Tell `user` by mail that something waits for them. Part of the caller's transaction; beat's sweep sends it.

    `subject` fills the place of `kind` in `accounts.notices.PLACES`: an id or a slug. While an equal notice waits to be
    sent, another adds nothing.
    """
    kept = Notice.objects.bulk_create([Notice(user=user, kind=kind, subject=str(subject))], ignore_conflicts=True)
    record(actor, "user.notified", f"user:{user.pk}", kind=str(kind), about=kept[0].subject)


def send_notice(actor: Actor, notice_id: int) -> None:
    """Send one mail, unless it was sent, another worker is at it, or it is not due. A failure is tried again later."""
    notice = _claim(notice_id)
    if notice is None:
        return
    try:
        _mail(actor, notice)
    except (OSError, SMTPException):
        _log.warning("a mail could not be sent: notice %d, try %d", notice.pk, notice.attempts)
        return
    with transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(sent_at=timezone.now())
        record(actor, "notice.sent", f"notice:{notice.pk}", kind=notice.kind)


def _claim(notice_id: int) -> Notice | None:
    """The next try is put off first, twice as long each time: who is killed while sending has not lost the mail."""
    now = timezone.now()
    mine = Notice.objects.waiting(now).filter(pk=notice_id).first()
    if mine is None:
        return None
    later = now + Notice.PAUSE * 2**mine.attempts
    taken = Notice.objects.filter(pk=mine.pk, attempts=mine.attempts, sent_at=None)
    if not taken.update(due_at=later, attempts=F("attempts") + 1):
        return None
    mine.attempts += 1
    return mine


def _mail(actor: Actor, notice: Notice) -> None:
    if not notice.user.is_active:
        return
    secret = _fresh_link(actor, notice)
    title, text = wording(notice.kind, notice.subject, secret)
    EmailMessage(title, text, to=[notice.user.email]).send()


def _fresh_link(actor: Actor, notice: Notice) -> str:
    """Made at the moment of sending, so that no secret waits in a table. Empty for notices that need none."""
    return make_link(actor, notice.user) if notice.kind in NoticeKind.with_link() else ""


@transaction.atomic
def clear_notices(actor: Actor, older_than: timedelta = timedelta(days=30)) -> None:
    """Forget what was told long ago, and what could not be told for as long."""
    cleared, _ = Notice.objects.filter(created_at__lt=timezone.now() - older_than).delete()
    if cleared:
        record(actor, "notices.cleared", count=cleared)
