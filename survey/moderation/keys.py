"""Keys of reviewers: made, shared, taken away, replaced. No secret is kept, logged or returned."""

from django.db import connection, transaction

from accounts.actions import record
from accounts.actors import Actor
from accounts.models import User
from survey.enums import Mode, WaveState
from survey.errors import Invalid, NoKey, NotAllowed, WrongState
from survey.models import ReadingKey, ReadingKeyShare, ReviewerKey, Wave
from survey.moderation.unlocking import own_key, own_private, owner, purpose
from survey.permissions import can_hold_keys, check_can_hold_keys
from survey.queries.keys import active_holders, current_reading_key
from survey.sealed_texts import LockedKey, lock, make_pair, open_box, put_in_box

_SHARES = 0x5EA1  # of the one-key advisory locks; any constant will do
SHORTEST = 16
"""Signs of a passphrase: four or five words."""


def make_own_key(user: User, passphrase: str) -> None:
    """A key pair of one's own. Made again after a forgotten passphrase, it holds nothing until a colleague grants it.

    Raises NotAllowed, Invalid for a passphrase that is no good, WrongState for the only one who holds a key that a
    live wave needs: what is forgotten may be remembered, what is deleted may not.
    """
    check_can_hold_keys(user)
    _check_passphrase(user, passphrase)
    pair = make_pair()
    locked = lock(pair.private, passphrase, owner(user))
    with transaction.atomic():
        _forget(user)
        ReviewerKey.objects.create(
            user=user, public_key=pair.public, locked_private=locked.content, log2_n=locked.log2_n
        )
        record(Actor.of(user), "reviewer_key.made", f"user:{user.pk}")


def change_passphrase(user: User, old: str, new: str) -> None:
    """Raises NoKey, WrongPassphrase, TooManyTries, Invalid."""
    check_can_hold_keys(user)
    before = own_key(user)
    private = own_private(user, old)
    _check_passphrase(user, new)
    _lock_anew(user, before, lock(private, new, owner(user)))


@transaction.atomic
def _lock_anew(user: User, before: ReviewerKey, locked: LockedKey) -> None:
    """Compare and set: the key may have been made anew in another window."""
    same = ReviewerKey.objects.filter(pk=before.pk, locked_private=before.locked_private)
    if same.update(locked_private=locked.content, log2_n=locked.log2_n) != 1:
        raise WrongState("Your key was changed meanwhile. Try again.")
    record(Actor.of(user), "reviewer_key.passphrase_changed", f"user:{user.pk}")


@transaction.atomic
def make_reading_key(user: User) -> ReadingKey:
    """The first, or a new one for waves that open from now on; old ones stay with those who hold them.

    It is shared with everybody who held the last one and is still a reviewer. Nobody's passphrase is needed: a share
    is sealed for a public key. A live wave that an earlier version opened without a key gets the first one. Raises
    NotAllowed, NoKey.
    """
    check_can_hold_keys(user)
    own = own_key(user)
    last = current_reading_key()
    if last and active_holders(last) and not _holds(user, last):
        raise NotAllowed("Only somebody who holds the reading key replaces it.")
    pair = make_pair()
    key = ReadingKey.objects.create(public_key=pair.public)
    sharing = {own.pk: own, **({one.pk: one for one in _holders_of(last)} if last else {})}
    for holder in sharing.values():
        _share(key, pair.private, holder)
    Wave.objects.filter(reading_key=None, state__in=[WaveState.OPEN, WaveState.CLOSED]).update(reading_key=key)
    people = sorted(holder.user_id for holder in sharing.values())
    record(Actor.of(user), "reading_key.made", f"reading_key:{key.pk}", holders=people)
    return key


def grant(user: User, passphrase: str, reviewer: User) -> None:
    """Give a colleague a share of every reading key that one holds oneself.

    Raises NotAllowed when either is no reviewer, NoKey when either has no key pair or the giver holds no share,
    WrongPassphrase, TooManyTries.
    """
    check_can_hold_keys(user)
    check_can_hold_keys(reviewer)
    if not ReviewerKey.objects.filter(user=reviewer).exists():
        raise NoKey(f"{reviewer} has not made a key yet.")
    private = own_private(user, passphrase)
    own = list(ReadingKeyShare.objects.filter(holder__user=user).select_related("reading_key"))
    if not own:
        raise NoKey("You hold no share of a reading key yourself.")
    opened = {share.reading_key: open_box(bytes(share.box), private, purpose(share.reading_key_id)) for share in own}
    with transaction.atomic():
        holder = ReviewerKey.objects.get(user=reviewer)
        for key, secret in opened.items():
            _share(key, secret, holder)
        keys = sorted(key.pk for key in opened)
        record(Actor.of(user), "reading_key.granted", f"user:{reviewer.pk}", keys=keys)


@transaction.atomic
def revoke(user: User, reviewer: User) -> None:
    """Take all shares from a colleague or oneself. What somebody has read or copied is not undone by it.

    Raises NotAllowed for who holds no share, WrongState for the last one who holds a key.
    """
    check_can_hold_keys(user)
    current = current_reading_key()
    if current is None or not (_holds(user, current) or user.pk == reviewer.pk):
        raise NotAllowed("Only somebody who holds the reading key takes it from others.")
    _lock_shares()
    for share in ReadingKeyShare.objects.filter(holder__user=reviewer):
        if not _others_hold(share):
            raise WrongState(f"Nobody else holds {share.reading_key}: its texts could never be read again.")
    taken, _ = ReadingKeyShare.objects.filter(holder__user=reviewer).delete()
    if taken:
        record(Actor.of(user), "reading_key.revoked", f"user:{reviewer.pk}")


def _share(key: ReadingKey, private: bytes, holder: ReviewerKey) -> None:
    """Once for each holder; an earlier share stays."""
    box = put_in_box(private, bytes(holder.public_key), purpose(key.pk))
    ReadingKeyShare.objects.get_or_create(reading_key=key, holder=holder, defaults={"box": box})


def _forget(user: User) -> None:
    """Delete a pair that cannot be opened any more, with its shares."""
    needed = Wave.objects.filter(survey__mode=Mode.LIVE).values("reading_key")
    _lock_shares()
    shares = ReadingKeyShare.objects.filter(holder__user=user)
    for share in shares.filter(reading_key__in=needed):
        if not _others_hold(share):
            raise WrongState(
                "You are the only one who holds a key that a live wave needs. Without your old passphrase its texts "
                "are lost: look for it before you give it up."
            )
    shares.delete()
    ReviewerKey.objects.filter(user=user).delete()


def _lock_shares() -> None:
    """Of two who each take one of the last two shares, the second must find that it is the last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s::bigint)", [_SHARES])


def _others_hold(share: ReadingKeyShare) -> bool:
    others = ReadingKeyShare.objects.filter(reading_key=share.reading_key_id).exclude(pk=share.pk)
    return any(can_hold_keys(other.holder.user) for other in others.select_related("holder__user"))


def _holds(user: User, key: ReadingKey) -> bool:
    return ReadingKeyShare.objects.filter(reading_key=key, holder__user=user).exists()


def _holders_of(key: ReadingKey) -> list[ReviewerKey]:
    holders = ReviewerKey.objects.filter(shares__reading_key=key).select_related("user")
    return [holder for holder in holders if can_hold_keys(holder.user)]


def _check_passphrase(user: User, passphrase: str) -> None:
    if len(passphrase) < SHORTEST:
        raise Invalid(f"A passphrase has {SHORTEST} signs or more: four or five words, for example.")
    if len(set(passphrase)) < SHORTEST // 2:
        raise Invalid("This passphrase repeats a few signs. Take four or five words that do not belong together.")
    if user.check_password(passphrase):
        raise Invalid("The passphrase must not be your password: the password can be reset by others.")
