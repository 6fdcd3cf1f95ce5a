"""Who can read what is sealed: reading keys, and the reviewers who hold a share of one."""

from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.enums import Role
from accounts.models import User
from survey.models import ReadingKey, ReadingKeyShare, ReviewerKey

HOLDERS_WANTED = 2
"""A live wave opens only when so many can read its texts: one forgotten passphrase must not lose them."""
HOLDERS_ADVISED = 3


@dataclass(frozen=True, slots=True)
class Holder:
    """A reviewer, and how they stand to the reading key for new waves."""

    user: User
    has_key: bool
    holds_current: bool


def current_reading_key() -> ReadingKey | None:
    """The one for waves that open from now on."""
    return ReadingKey.objects.order_by("-pk").first()


def has_reading_key() -> bool:
    return ReadingKey.objects.exists()


def active_holders(key: ReadingKey) -> int:
    """How many reviewers could read with it today, if they know their passphrases."""
    return _shares(key).filter(holder__user__is_active=True, holder__user__roles__contains=[Role.REVIEWER]).count()


def inactive_holders(key: ReadingKey) -> list[str]:
    """E-mail addresses of those who hold a share and can no longer use it."""
    active = _shares(key).filter(holder__user__is_active=True, holder__user__roles__contains=[Role.REVIEWER])
    return list(_shares(key).exclude(pk__in=active).values_list("holder__user__email", flat=True))


def holders() -> list[Holder]:
    """All active reviewers, by name."""
    key = current_reading_key()
    holding = set(_shares(key).values_list("holder__user_id", flat=True)) if key else set()
    with_key = set(ReviewerKey.objects.values_list("user_id", flat=True))
    reviewers = User.objects.filter(is_active=True, roles__contains=[Role.REVIEWER]).order_by("email")
    return [Holder(user, user.pk in with_key, user.pk in holding) for user in reviewers]


def _shares(key: ReadingKey) -> QuerySet[ReadingKeyShare]:
    return ReadingKeyShare.objects.filter(reading_key=key)
