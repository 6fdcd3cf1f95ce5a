"""Words that are stored: states, modes, results. Standard library only."""

from enum import StrEnum


class Mode(StrEnum):
    LIVE = "live"
    REHEARSAL = "rehearsal"


class WaveState(StrEnum):
    PLANNED = "planned"
    OPEN = "open"
    CLOSED = "closed"
    SEALED = "sealed"


class Step(StrEnum):
    """What one admin proposes for a wave and, in a live survey, another confirms."""

    OPEN = "open"
    SEAL = "seal"

    @property
    def begins_at(self) -> WaveState:
        return WaveState.PLANNED if self is Step.OPEN else WaveState.CLOSED


class SubmitResult(StrEnum):
    STORED = "stored"
    REPEATED = "repeated"
    CHANGED = "changed"
    """The receipt is known with other answers: nothing was stored."""
    ERASED = "erased"
    LATE = "late"
    """The wave takes no answers any more: nothing was stored."""


class EraseResult(StrEnum):
    ERASED = "erased"
    UNKNOWN = "unknown"


class CorrectResult(StrEnum):
    CORRECTED = "corrected"
    """Also if the same answers stood there already: a repeat is not told from the first arrival."""
    ERASED = "erased"
    UNKNOWN = "unknown"
    """Nothing is stored under the receipt in this wave, or not any more: nothing was changed."""


class ProposalKind(StrEnum):
    """What a reviewer proposes to do with a testimony."""

    AS_IS = "as_is"
    REDACTED = "redacted"
    """Parts were taken out; the rest is the writer's words."""
    REPHRASED = "rephrased"
    WITHHELD = "withheld"
    """Goes nowhere; the text stays sealed."""
    UNDER_AGE = "under_age"
    """The writer says they are under 18: the text is deleted."""

    @classmethod
    def with_words(cls) -> "tuple[ProposalKind, ...]":
        return (cls.AS_IS, cls.REDACTED, cls.REPHRASED)

    @classmethod
    def without_words(cls) -> "tuple[ProposalKind, ...]":
        return (cls.WITHHELD, cls.UNDER_AGE)


class DataClass(StrEnum):
    """How far a column's content may travel. Every column of every model has one; a test finds those without."""

    PUBLIC = "public"
    STAFF = "staff"
    AGGREGATE_ONLY = "aggregate-only"
    SENSITIVE = "sensitive"
    NEVER_LEAVES = "never leaves"
