"""One text at a time is opened for one reviewer, who says the passphrase with this request. Each is recorded."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from accounts.actions import record
from accounts.actors import Actor
from accounts.models import User
from survey.enums import ProposalKind
from survey.errors import NotFound
from survey.models import Proposal, Testimony, Wave
from survey.moderation.queue import Task, draw
from survey.moderation.unlocking import reading_private
from survey.permissions import check_can_judge, check_can_moderate
from survey.queries.instruments import languages_of
from survey.sealed_texts import associated, content_key_for_reader, open_more, open_texts

type Words = Mapping[str, str]
"""By name of the question."""


@dataclass(frozen=True, slots=True)
class Moderated:
    """What a proposal says: the text in its own language, and in others."""

    words: Words = field(default_factory=dict)
    translations: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    id: UUID
    survey_slug: str
    wave: int
    language: str
    use: int
    tag: int | None
    texts: Words
    number: int
    """Of the proposal that is to be made, or to be judged."""
    kind: ProposalKind | None
    """Of the proposal that is to be judged, or that was sent back."""
    proposed: Moderated
    note: str
    """Why the last proposal was sent back."""
    languages: tuple[str, ...]
    """Into which it can be translated."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A testimony whose key is at hand, inside one call."""

    testimony: Testimony
    key: bytes
    about: bytes
    last: Proposal | None
    """The newest proposal, with its judgement if there is one."""

    @property
    def next_number(self) -> int:
        return self.last.number + 1 if self.last else 1

    @property
    def languages(self) -> tuple[str, ...]:
        """Into which it can be translated."""
        spoken = languages_of(self.testimony.wave.survey.instrument)
        return tuple(tag for tag in spoken if tag != self.testimony.language)

    def texts(self) -> dict[str, str]:
        return open_texts(_bytes(self.testimony.ciphertext), self.key, self.about)

    def proposed(self) -> Moderated:
        if self.last is None or self.last.sealed is None:
            return Moderated()
        return Moderated(**open_more(_bytes(self.last.sealed), self.key, self.about))

    def note(self) -> str:
        judgement = getattr(self.last, "judgement", None)
        if judgement is None or judgement.sealed_note is None:
            return ""
        return str(open_more(_bytes(judgement.sealed_note), self.key, self.about))


def read_next(
    user: User, passphrase: str, survey_slug: str, wave: int, task: Task, skipped: Collection[UUID]
) -> Reading | None:
    """A text at random that waits for this person, None if there is none left.

    Raises NotFound, NotAllowed, NoKey, WrongPassphrase, TooManyTries. Whether any text waits is not said before the
    passphrase was right.
    """
    check_can_moderate(user, survey_slug)
    found = Wave.objects.filter(survey__slug=survey_slug, number=wave).select_related("reading_key").first()
    if found is None:
        raise NotFound
    private = reading_private(user, passphrase, found.reading_key)
    testimony = draw(user, survey_slug, wave, task, skipped)
    if testimony is None:
        return None
    record(Actor.of(user), "testimony.read", f"testimony:{testimony.pk}")
    return as_reading(_opened(testimony, private), task)


def read_again(user: User, passphrase: str, testimony_id: UUID, task: Task) -> Reading:
    """The same text once more, after a decision that was refused. Raises as `open_again` does."""
    opened = open_again(user, passphrase, testimony_id)
    record(Actor.of(user), "testimony.read", f"testimony:{testimony_id}")
    return as_reading(opened, task)


def open_again(user: User, passphrase: str, testimony_id: UUID) -> Opened:
    """The text that a decision is about. Raises as `read_next` does, NotFound for one there is not, or not any more."""
    sealed = Testimony.objects.select_related("wave__survey", "wave__reading_key").filter(ciphertext__isnull=False)
    testimony = sealed.filter(pk=testimony_id).first()
    if testimony is None:
        raise NotFound
    check_can_moderate(user, testimony.wave.survey.slug)
    return _opened(testimony, reading_private(user, passphrase, testimony.wave.reading_key))


def as_reading(opened: Opened, task: Task) -> Reading:
    testimony, last = opened.testimony, opened.last
    survey = testimony.wave.survey
    return Reading(
        id=testimony.pk,
        survey_slug=survey.slug,
        wave=testimony.wave.number,
        language=testimony.language,
        use=testimony.use or 0,
        tag=testimony.tag,
        texts=opened.texts(),
        number=last.number if last and task == Task.SECOND else opened.next_number,
        kind=ProposalKind(last.kind) if last else None,
        proposed=opened.proposed(),
        note=opened.note(),
        languages=opened.languages,
    )


def check_can_judge_now(user: User, opened: Opened) -> Proposal:
    """The proposal that waits for a second person. Raises NotAllowed, NotFound."""
    if opened.last is None:
        raise NotFound("Nothing has been proposed for this text.")
    check_can_judge(user, opened.last, opened.testimony.wave.survey.slug)
    return opened.last


def _opened(testimony: Testimony, private: bytes) -> Opened:
    about = associated(testimony.wave.survey.slug, testimony.wave.number)
    key = content_key_for_reader(_bytes(testimony.for_readers), private, about)
    last = testimony.proposals.select_related("judgement").order_by("-number").first()
    return Opened(testimony, key, about, last)


def _bytes(value: bytes | memoryview | None) -> bytes:
    assert value is not None  # held by constraints for what has not been deleted
    return bytes(value)
