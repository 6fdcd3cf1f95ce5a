"""Reports, the work on them, decisions about them, and what was released.

A report is the only row that changes; cubes, files, decisions, releases and retractions are appended and never
touched again. What the application promises here, triggers hold in the database (migration 0002): state changes
follow `transitions.TRANSITIONS`, and nothing is approved or released without two approvals of the same files by
two people who did not ask for the report and do not belong to its study, or while an objection is open (0003).
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from reports.enums import Stage, State, Verdict
from reports.transitions import OWNERS, UNDER_WAY


def _values(words: Iterable[StrEnum]) -> list[str]:
    return sorted(word.value for word in words)


class Leased(models.Model):
    """A piece of work that one worker holds for a while. See `leases`."""

    lease_until = models.DateTimeField(null=True, blank=True)
    fence = models.PositiveIntegerField(default=0)
    """Grows with every holder, so that a late writer is recognised."""

    class Meta:
        abstract = True


class Report(Leased):
    """A plan, applied to sealed waves of one survey."""

    title = models.CharField(max_length=200)
    survey_slug = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    """Counts the reports of one survey."""
    waves = ArrayField(models.PositiveIntegerField())
    """Numbers of the waves, ascending."""
    plan_name = models.CharField(max_length=60)
    plan_version = models.CharField(max_length=30)
    plan_digest = models.CharField(max_length=64)
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reports_requested")
    supersedes = models.ForeignKey("Release", models.PROTECT, null=True, blank=True, related_name="corrections")
    """The release that this one is to replace."""
    purpose = models.TextField(blank=True)
    """Why it was asked for, for reviewers. Of a correction it stands beside both releases: what was wrong."""

    state = models.CharField(max_length=20, default=State.QUEUED.value)
    round = models.PositiveIntegerField(default=1)
    """Every return to the queue begins a new round with new files and new decisions."""
    stage = models.CharField(max_length=20, default=Stage.WAITING.value)
    parts_done = models.PositiveIntegerField(default=0)
    parts_total = models.PositiveIntegerField(default=0)
    attempts = models.PositiveIntegerField(default=0)
    """How often a worker began to protect and render in this round."""
    error = models.TextField(blank=True)
    """Why the report is blocked or failed, for people."""
    manifest_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=_values(State)), name="report_state_known"),
            models.CheckConstraint(condition=Q(stage__in=_values(Stage)), name="report_stage_known"),
            models.UniqueConstraint(fields=["survey_slug", "number"], name="report_number_once"),
            models.CheckConstraint(condition=Q(waves__len__gt=0), name="report_has_waves"),
            models.CheckConstraint(condition=Q(parts_done__lte=F("parts_total")), name="report_parts_in_bounds"),
            models.UniqueConstraint(
                fields=["survey_slug", "plan_name", "waves"],
                condition=Q(state__in=_values(UNDER_WAY)),
                name="report_once_under_way",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def name(self) -> str:
        """What its files call it, and the address of its release."""
        return f"{self.survey_slug}-{self.number}"

    @property
    def owner(self) -> str:
        return OWNERS[State(self.state)]


class Part(Leased):
    """A stretch of responses, counted by one worker. Holds exact counts, so it is deleted once they are merged."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="parts")
    round = models.PositiveIntegerField()
    first = models.PositiveBigIntegerField()
    """Position of its first response among the report's responses."""
    size = models.PositiveIntegerField()
    cube = models.BinaryField(null=True)

    class Meta:
        ordering: ClassVar = ["first"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "round", "first"], name="part_once"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.round}: {self.first}"


class StoredCube(models.Model):
    """The protected counts of one round: all that any file, page or answer of the API is made from."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="cubes")
    round = models.PositiveIntegerField()
    document = models.JSONField()
    beside = models.JSONField(default=dict)
    """What stands beside the counts, as it was when they were made: quotes in their order, numbers of other waves. See
    `actions.beside`."""

    append_only = True

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "round"], name="cube_once")]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.round}"


class Artifact(models.Model):
    """One file of one round; its bytes lie in the storage under their SHA-256."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="artifacts")
    round = models.PositiveIntegerField()
    path = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=100)

    append_only = True

    class Meta:
        ordering: ClassVar = ["path"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["report", "round", "path"], name="artifact_once")]

    def __str__(self) -> str:
        return self.path


class Decision(models.Model):
    """What one reviewer decided about the files of one round, named by the SHA-256 of their manifest."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="decisions")
    round = models.PositiveIntegerField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="decisions")
    requested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    """Copied from the report (a trigger compares), so that a constraint can tell the two people apart."""
    verdict = models.CharField(max_length=20)
    reason = models.TextField()
    manifest_sha256 = models.CharField(max_length=64)

    append_only = True

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["report", "round", "reviewer"], name="decision_once_per_reviewer"),
            models.CheckConstraint(condition=~Q(reviewer=F("requested_by")), name="decision_not_by_requester"),
            models.CheckConstraint(condition=Q(verdict__in=_values(Verdict)), name="decision_verdict_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="decision_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.round}: {self.verdict}"


class Objection(models.Model):
    """A reason not to publish a report, said by somebody who saw it before. While it is open nothing is released."""

    report = models.ForeignKey(Report, models.PROTECT, related_name="objections")
    round = models.PositiveIntegerField()
    """The round whose files it is about; it stands in later ones until it is settled. See `objections`."""
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="objections")
    reason = models.TextField()

    append_only = True

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="objection_has_reason")]

    def __str__(self) -> str:
        return f"{self.report_id}/{self.round}: objection of {self.by_id}"


class Withdrawal(models.Model):
    """An objection taken back by the person who raised it."""

    objection = models.OneToOneField(Objection, models.PROTECT, related_name="withdrawal")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField()

    append_only = True

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="withdrawal_has_reason")]

    def __str__(self) -> str:
        return f"{self.objection_id} withdrawn"


class Release(models.Model):
    """A report that two people approved. Its files are those they judged."""

    report = models.OneToOneField(Report, models.PROTECT, related_name="release")
    slug = models.SlugField(max_length=80, unique=True)
    survey_slug = models.SlugField(max_length=60)
    first = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    second = models.ForeignKey(Decision, models.PROTECT, related_name="+")
    manifest_sha256 = models.CharField(max_length=64)
    supersedes = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="superseded_by")
    rehearsal = models.BooleanField()
    released_on = models.DateField()

    append_only = True

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(first=F("second")), name="release_two_decisions"),
            models.CheckConstraint(condition=~Q(supersedes=F("id")), name="release_not_itself"),
        ]

    def __str__(self) -> str:
        return self.slug


class Retraction(models.Model):
    """A release taken back. Its page stays and says why; its files are no longer given out."""

    release = models.OneToOneField(Release, models.PROTECT, related_name="retraction")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    reason = models.TextField()
    """Public."""
    retracted_on = models.DateField()

    append_only = True

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=~Q(reason=""), name="retraction_has_reason")]

    def __str__(self) -> str:
        return f"{self.release_id} retracted"
