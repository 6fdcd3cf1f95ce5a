"""A passphrase opens a reviewer's own key, which opens their share of a reading key: for one call, kept nowhere."""

from datetime import timedelta

from django.utils import timezone

from accounts.actions import record
from accounts.actors import Actor
from accounts.enums import ActorKind
from accounts.models import AuditEntry, User
from survey.errors import NoKey, TooManyTries, WrongPassphrase
from survey.models import ReadingKey, ReadingKeyShare, ReviewerKey
from survey.sealed_texts import LockedKey, open_box, unlock
from survey.sealed_texts import WrongPassphrase as Wrong

_WRONG = "passphrase.wrong"
_TRIES, _WITHIN = 10, timedelta(minutes=15)


def own_key(user: User) -> ReviewerKey:
    """Raises NoKey."""
    key = ReviewerKey.objects.filter(user=user).first()
    if key is None:
        raise NoKey("You have no key yet: make one first.")
    return key


def own_private(user: User, passphrase: str) -> bytes:
    """Raises NoKey, WrongPassphrase, TooManyTries. Not to be called inside a transaction: a wrong try is recorded."""
    key = own_key(user)
    _refuse_guessing(user)
    try:
        return unlock(LockedKey(bytes(key.locked_private), key.log2_n), passphrase, owner(user))
    except Wrong:
        record(Actor.of(user), _WRONG, f"user:{user.pk}")
        raise WrongPassphrase from None


def reading_private(user: User, passphrase: str, key: ReadingKey | None) -> bytes:
    """Raises as `own_private` does, and NoKey where the user has no share of this key; that is said last."""
    private = own_private(user, passphrase)
    share = ReadingKeyShare.objects.filter(reading_key=key, holder__user=user).first() if key else None
    if share is None:
        raise NoKey("You hold no share of the key to these texts: ask a reviewer who does.")
    return open_box(bytes(share.box), private, purpose(share.reading_key_id))


def owner(user: User) -> bytes:
    """What a reviewer's locked key is about."""
    return b"reviewer:%d" % user.pk


def purpose(reading_key_id: int) -> bytes:
    """What a share is about."""
    return b"reading key:%d" % reading_key_id


def _refuse_guessing(user: User) -> None:
    """By account. Somebody else's session is worth little without the passphrase, and must stay so."""
    wrong = AuditEntry.objects.filter(
        action=_WRONG, actor_kind=ActorKind.USER, actor_name=str(user.pk), at__gt=timezone.now() - _WITHIN
    )
    if wrong.count() >= _TRIES:
        raise TooManyTries
