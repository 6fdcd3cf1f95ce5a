"""What goes into a validation beside the fields, and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from survey.instrument.schema import Code

type ErrorCode = Literal["required", "unknown_code", "not_a_choice_together", "too_long"]
"""required: a consent question without an answer · unknown_code: not a code of this question ·
not_a_choice_together: an exclusive answer beside others, or several answers to a single choice ·
too_long: more code points than the question takes."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is true of the wave and of this request, apart from the answers."""

    language: str
    events: Mapping[int, Literal["announced", "past"]] = field(default_factory=dict)
    """State of the events whose state the wave sets; `${event_6}` in expressions."""
    unproven: bool = True
    fast: str = "unknown"
    form: str = ""
    """Empty: the whole instrument; else the name of a shorter form of it."""


@dataclass(frozen=True, slots=True)
class FieldError:
    field: str
    code: ErrorCode


@dataclass(frozen=True, slots=True)
class Submission:
    """The normal form of one answer: what is stored.

    `answers`: every variable in codebook order; single choices, matrix rows and lines by name, each option of a
    multiple choice as 0/1 (`role_04`), then the derived variables; missing codes -5 to -8. `texts`: what may be kept.
    """

    answers: dict[str, Code]
    texts: dict[str, str]

    def as_document(self) -> dict[str, dict[str, Code] | dict[str, str]]:
        return {"answers": self.answers, "texts": self.texts}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Exactly one of three: a submission, errors, or the name of the end screen that the answers lead to."""

    submission: Submission | None = None
    errors: tuple[FieldError, ...] = ()
    end: str | None = None
