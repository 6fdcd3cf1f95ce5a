"""Surveys, waves and the three stores of answers. What must never happen is refused by constraints and triggers.

No column of `Inbox`, `Response` or `Testimony` holds a time, an address or a running number: a row says nothing
about when or in which order it came.
"""

import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.lookups import Exact
from django.utils import timezone

from survey.enums import Mode, ProposalKind, Step, WaveState

KEY_BYTES = 32


def _is_a_key(column: str) -> Q:
    length = Func(F(column), function="octet_length", output_field=models.IntegerField())
    return Q(Exact(length, KEY_BYTES))


class Survey(models.Model):
    """An instrument offered to the public under a slug."""

    slug = models.SlugField(unique=True)
    instrument = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    mode = models.CharField(max_length=10, choices=[(mode, mode) for mode in Mode])
    operator = models.JSONField(default=dict)
    """Fill-ins of the information text: institution, investigator, contact, country, ..."""
    open_link = models.BooleanField(default=True)
    """Anyone may send fakes: reports start at N = 100 instead of 50."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(mode__in=[*Mode]), name="survey_mode_known"),
        ]

    def __str__(self) -> str:
        return self.slug

    @property
    def is_rehearsal(self) -> bool:
        return self.mode == Mode.REHEARSAL


class StudyMember(models.Model):
    """Who belongs to the study that a survey is made for. They may read its moderated testimonies, not review it."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="members")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="studies")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["survey", "user"], name="study_member_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.survey}"


class Wave(models.Model):
    """A collection period: the only notion of time that an answer carries."""

    survey = models.ForeignKey(Survey, models.PROTECT, related_name="waves")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=[(state, state) for state in WaveState], default=WaveState.PLANNED)
    languages = ArrayField(models.CharField(max_length=8))
    seal_on = models.DateField()
    """Announced on the consent page. A trigger refuses to move it earlier once the wave has opened."""
    event_states = models.JSONField(default=dict)
    form = models.CharField(max_length=20, blank=True)
    """Empty for the whole questionnaire, else the name of a shorter form of the instrument."""
    late_until = models.DateTimeField(null=True, blank=True)
    """Set at closing: answers on their way are taken until then."""
    reading_key = models.ForeignKey("ReadingKey", models.PROTECT, null=True, blank=True, related_name="waves")
    """Whom the texts of this wave are sealed for. The same for all: it must not tell who came before a change."""
    rewritten = models.BooleanField(default=False)
    """After sealing: the tables were rewritten, so that no dead image of an inbox row remains."""

    class Meta:
        ordering: ClassVar = ["survey", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["survey", "number"], name="wave_number_once"),
            models.UniqueConstraint(fields=["survey"], condition=Q(state=WaveState.OPEN), name="wave_one_open"),
            models.CheckConstraint(condition=Q(state__in=[*WaveState]), name="wave_state_known"),
            models.CheckConstraint(
                condition=Q(rewritten=False) | Q(state=WaveState.SEALED), name="wave_rewritten_last"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.survey.slug} wave {self.number}"


class StepProposal(models.Model):
    """A step that one admin wants a wave to take. Whoever answers it answers exactly these terms."""

    wave = models.ForeignKey(Wave, models.PROTECT, related_name="proposals")
    step = models.CharField(max_length=4, choices=[(step, step) for step in Step])
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    live = models.BooleanField()
    """Copied from the survey (a trigger compares): then the two people must differ."""
    terms = models.JSONField()
    """What the page said would happen: languages, seal date, form, instrument, digest of the operator's details."""
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    append_only = True

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.CheckConstraint(condition=Q(step__in=[*Step]), name="step_proposal_step_known")]

    def __str__(self) -> str:
        return f"{self.step} {self.wave}"


class StepAnswer(models.Model):
    """How a proposal ended: another admin confirmed it, or somebody withdrew it. A rehearsal needs one person only."""

    proposal = models.OneToOneField(StepProposal, models.PROTECT, related_name="answer")
    by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    live = models.BooleanField()
    """Both copied from the proposal (a trigger compares), so that a constraint can tell the two people apart."""
    confirmed = models.BooleanField()
    """False: withdrawn."""

    append_only = True

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(confirmed=False) | Q(live=False) | ~Q(by=F("proposed_by")), name="step_proposal_two_people"
            ),
        ]

    def __str__(self) -> str:
        return f"{'confirmed' if self.confirmed else 'withdrawn'}: {self.proposal}"


class EventList(models.Model):
    """What happened to models, as admins keep it: every change is a new row with the whole list.

    Without a row, the list in the files of the instrument holds.
    """

    instrument = models.CharField(max_length=40)
    number = models.PositiveIntegerField()
    entries = models.JSONField()
    """See `survey.instrument.directory`."""

    append_only = True

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["instrument", "number"], name="event_list_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="event_list_number"),
        ]

    def __str__(self) -> str:
        return f"events of {self.instrument}, version {self.number}"


class HelpLineList(models.Model):
    """The help lines of a language, kept like events: every change is a new row with the whole list."""

    instrument = models.CharField(max_length=40)
    language = models.CharField(max_length=8)
    number = models.PositiveIntegerField()
    entries = models.JSONField()
    """See `survey.instrument.directory`."""

    append_only = True

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["instrument", "language", "number"], name="help_line_list_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="help_line_list_number"),
        ]

    def __str__(self) -> str:
        return f"help lines of {self.instrument} in {self.language}, version {self.number}"


class Inbox(models.Model):
    """One submission before sealing. The key is SHA-256 of (survey, receipt code): only the respondent can name it."""

    receipt = models.BinaryField(primary_key=True, max_length=32)
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="+")
    language = models.CharField(max_length=8)
    document = models.JSONField()
    """{"answers": every variable}; rows of earlier versions also have {"texts": the texts that may be kept}"""
    ciphertext = models.BinaryField(null=True)
    """The texts that may be kept, see `survey.sealed_texts`. Null, like the two keys to it, where there is no text."""
    for_receipt = models.BinaryField(null=True)
    for_readers = models.BinaryField(null=True)

    def __str__(self) -> str:
        return "an answer"


class Tombstone(models.Model):
    """What an erasure leaves until sealing, so that a late repeat cannot bring the answers back."""

    receipt = models.BinaryField(primary_key=True, max_length=32)
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return "an erasure"


class Response(models.Model):
    """One person's coded answers in a sealed wave. Immutable."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="+")
    answers = models.JSONField()
    codes = models.BinaryField()
    """One byte per position of the codebook; see `survey.instrument.codebook`."""
    width = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(width=Func(F("codes"), function="octet_length", output_field=models.IntegerField())),
                name="response_codes_length",
            ),
        ]

    def __str__(self) -> str:
        return "a response"


class Testimony(models.Model):
    """Free text of a sealed wave, encrypted, with what its writer allowed. Joined to no response.

    Only its key is ever taken away, with all that stands beside it: when two people have found that the writer is a
    child. What was written about the text is encrypted under the same key, and ends with it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    wave = models.ForeignKey(Wave, models.PROTECT, related_name="+")
    language = models.CharField(max_length=8, blank=True)
    use = models.SmallIntegerField(null=True)
    tag = models.SmallIntegerField(null=True)
    role_group = models.SmallIntegerField(null=True)
    """Only where the writer allowed it to be printed (tag 3)."""
    ciphertext = models.BinaryField(null=True)
    for_readers = models.BinaryField(null=True)
    plain = models.JSONField(null=True)
    """Texts sealed by a version that did not encrypt, until `manage.py seal_texts` has done so."""

    class Meta:
        verbose_name_plural = "testimonies"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(use__in=[1, 2, 3]) | Q(ciphertext=None, plain__isnull=True),
                name="testimony_use_allows_keeping",
            ),
            models.CheckConstraint(condition=Q(role_group=None) | Q(tag=3), name="testimony_group_only_if_allowed"),
            models.CheckConstraint(
                condition=Q(ciphertext__isnull=False, for_readers__isnull=False, plain__isnull=True)
                | Q(ciphertext=None, for_readers=None),
                name="testimony_sealed_or_plain",
            ),
        ]

    def __str__(self) -> str:
        return "a testimony"


class ReviewerKey(models.Model):
    """One reviewer's own key pair, the private half under a passphrase that is stored nowhere."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviewer_key")
    public_key = models.BinaryField(max_length=KEY_BYTES)
    locked_private = models.BinaryField()
    log2_n = models.PositiveSmallIntegerField()
    """How dear a guess at the passphrase is (scrypt)."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=_is_a_key("public_key"), name="reviewer_key_length"),
        ]

    def __str__(self) -> str:
        return f"the key of {self.user}"


class ReadingKey(models.Model):
    """A key pair that texts are sealed for. The newest is for waves that open from now on; none is ever removed."""

    public_key = models.BinaryField(max_length=KEY_BYTES)

    append_only = True

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=_is_a_key("public_key"), name="reading_key_length"),
        ]

    def __str__(self) -> str:
        return f"reading key {self.pk}"


class ReadingKeyShare(models.Model):
    """The private half of a reading key in a box for one reviewer: whoever has none reads nothing."""

    reading_key = models.ForeignKey(ReadingKey, models.PROTECT, related_name="shares")
    holder = models.ForeignKey(ReviewerKey, models.PROTECT, related_name="shares")
    box = models.BinaryField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reading_key", "holder"], name="reading_key_share_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reading_key} for {self.holder}"


class Proposal(models.Model):
    """What one reviewer would do with a testimony; what it says is encrypted under the testimony's own key."""

    testimony = models.ForeignKey(Testimony, models.PROTECT, related_name="proposals")
    number = models.PositiveSmallIntegerField()
    """From 1; the next one is made only when the last was sent back."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=[(kind, kind) for kind in ProposalKind])
    sealed = models.BinaryField(null=True)
    """{"words": {question: text}, "translations": {language: {question: text}}}"""

    append_only = True

    class Meta:
        ordering: ClassVar = ["testimony", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["testimony", "number"], name="proposal_once"),
            models.CheckConstraint(condition=Q(kind__in=[*ProposalKind]), name="proposal_kind_known"),
            models.CheckConstraint(
                condition=Q(kind__in=[*ProposalKind.with_words()], sealed__isnull=False)
                | Q(kind__in=[*ProposalKind.without_words()], sealed=None),
                name="proposal_words_where_kept",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}, proposal {self.number}"


class Judgement(models.Model):
    """What a second reviewer says of a proposal."""

    proposal = models.OneToOneField(Proposal, models.PROTECT, related_name="judgement")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    """Copied from the proposal (a trigger compares), so that a constraint can tell the two people apart."""
    confirmed = models.BooleanField()
    sealed_note = models.BinaryField(null=True)
    """Why it was sent back; it may quote, so it is encrypted like the text."""

    append_only = True

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(by=F("proposed_by")), name="judgement_by_another"),
        ]

    def __str__(self) -> str:
        return "confirmed" if self.confirmed else "sent back"


class ModeratedText(models.Model):
    """What two reviewers agreed on, in plain: for the study's researchers, and to be quoted as its writer allowed."""

    testimony = models.OneToOneField(Testimony, models.PROTECT, related_name="moderated")
    judgement = models.OneToOneField(Judgement, models.PROTECT, related_name="+")
    words = models.JSONField()
    """{question: text}, in the language it was written in"""
    translations = models.JSONField()
    """{language: {question: text}}"""

    append_only = True

    def __str__(self) -> str:
        return "a moderated testimony"
