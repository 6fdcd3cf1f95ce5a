"""What two reviewers agreed on, for the named researchers of the study. Joined to no answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction

from accounts.actions import record
from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import User
from survey.errors import NotFound
from survey.models import ModeratedText, Survey
from survey.moderation.reading import Words
from survey.permissions import check_can_read_moderated

PAGE = 10


@dataclass(frozen=True, slots=True)
class ModeratedTestimony:
    id: UUID
    wave: int
    language: str
    use: int
    tag: int | None
    kind: str
    words: Words
    translations: Mapping[str, Words]


@dataclass(frozen=True, slots=True)
class Page:
    texts: tuple[ModeratedTestimony, ...]
    number: int
    has_more: bool


@transaction.atomic
def read_moderated(user: User, survey_slug: str, number: int) -> Page:
    """The `number`th page, from 1, in the order of the random ids. Each text that is shown is recorded as read.

    Raises NotAllowed for everybody but the study's researchers, NotFound.
    """
    check_can_read_moderated(user, survey_slug)
    if not Survey.objects.filter(slug=survey_slug).exists():
        raise NotFound
    texts = ModeratedText.objects.filter(testimony__wave__survey__slug=survey_slug)
    first = (number - 1) * PAGE
    ordered = texts.select_related("testimony__wave", "judgement__proposal").order_by("testimony")
    found = list(ordered[first : first + PAGE + 1])
    for text in found[:PAGE]:
        record(Actor.of(user), "testimony.read", f"testimony:{text.testimony_id}", moderated=True)
    return Page(tuple(map(_as_read, found[:PAGE])), number, len(found) > PAGE)


def _as_read(text: ModeratedText) -> ModeratedTestimony:
    testimony = text.testimony
    return ModeratedTestimony(
        id=testimony.pk,
        wave=testimony.wave.number,
        language=testimony.language,
        use=testimony.use or 0,
        tag=testimony.tag,
        kind=text.judgement.proposal.kind,
        words=text.words,
        translations=text.translations,
    )


def studies_of(user: User) -> list[str]:
    """Slugs of the surveys whose moderated texts somebody may read."""
    if not user.has_role(Role.RESEARCHER):
        return []
    return list(Survey.objects.filter(members__user=user).order_by("slug").values_list("slug", flat=True))
