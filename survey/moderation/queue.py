"""What waits for reviewers: in which wave, and one text of it at random. No age, no order, no exact number."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.models import User
from survey.models import Judgement, Proposal, ReadingKeyShare, Testimony
from survey.permissions import can_moderate


class Task(StrEnum):
    FIRST = "first"
    """Propose what should become of a text."""
    SECOND = "second"
    """Confirm what another reviewer proposed, or send it back."""


_WAITS = {
    Task.FIRST: Q(agreed=False, proposed=False),
    Task.SECOND: Q(agreed=False, proposed=True, is_own=False),
}
_ROUNDING = 5
_FEW = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    survey_slug: str
    wave: int
    first: str
    """How many texts wait, in words."""
    second: str
    done: str
    may_moderate: bool


def waiting(user: User) -> list[Waiting]:
    """The sealed waves that hold texts, by survey and number."""
    counted = (
        _for(user, Testimony.objects.all())
        .values("wave__survey__slug", "wave__number")
        .annotate(
            first=Count("pk", filter=_WAITS[Task.FIRST]),
            second=Count("pk", filter=_WAITS[Task.SECOND]),
            done=Count("pk", filter=Q(agreed=True)),
        )
    )
    return [
        Waiting(
            row["wave__survey__slug"],
            row["wave__number"],
            in_words(row["first"]),
            in_words(row["second"]),
            in_words(row["done"]),
            can_moderate(user, row["wave__survey__slug"]),
        )
        for row in counted.order_by("wave__survey__slug", "wave__number")
    ]


def can_read_now(user: User) -> bool:
    """Whether somebody holds a share of any reading key."""
    return ReadingKeyShare.objects.filter(holder__user=user).exists()


def in_words(count: int) -> str:
    """As coarsely as staff may know it."""
    if count == 0:
        return "none"
    return "fewer than 10" if count < _FEW else f"about {(count + _ROUNDING // 2) // _ROUNDING * _ROUNDING}"


def draw(user: User, survey_slug: str, wave: int, task: Task, skipped: Collection[UUID]) -> Testimony | None:
    """A text at random among those that wait for this task and this person."""
    texts = _for(user, Testimony.objects.filter(wave__survey__slug=survey_slug, wave__number=wave))
    fitting = texts.filter(_WAITS[task]).exclude(pk__in=list(skipped))
    return fitting.select_related("wave__survey", "wave__reading_key").order_by("?").first()


def _for(user: User, texts: QuerySet[Testimony]) -> QuerySet[Testimony]:
    """With what stands: whether a proposal waits, whether it is one's own, whether two people have agreed."""
    open_ones = Proposal.objects.filter(testimony=OuterRef("pk"), judgement=None)
    agreed = Judgement.objects.filter(proposal__testimony=OuterRef("pk"), confirmed=True)
    return texts.filter(ciphertext__isnull=False).annotate(
        proposed=Exists(open_ones), is_own=Exists(open_ones.filter(by=user)), agreed=Exists(agreed)
    )
