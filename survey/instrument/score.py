"""Scale scores, their bands, and the variables that are computed from stored answers.

A score is the mean of the answered rows after reversal. It is carried as an exact sum and a number of rows; bands
are cut by whole hundredths of it, rounded half up, so that no two machines can disagree about a boundary.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from survey.instrument.logic import Answer, Evaluator, Value, compile_node
from survey.instrument.schema import (
    LEFT_BLANK,
    NOT_SHOWN,
    PREFER_NOT_TO_SAY,
    SENSITIVE_LEFT_OUT,
    Code,
    Derived,
    Instrument,
    Node,
    Scale,
)

type Answers = Mapping[str, Answer]

LOW, MIDDLE, HIGH = 1, 2, 3
NO, YES = 0, 1

STRAIGHT = ((("att", 3),), (("gri", 2), ("pol", 3)))
"""A straight-lined form: in one of these groups, every row of each matrix is equal and not the middle code."""


class Score(NamedTuple):
    total: int
    rows: int
    """Answered rows, at least one."""

    @property
    def mean(self) -> float:
        return self.total / self.rows

    @property
    def hundredths(self) -> int:
        """The mean in hundredths, half up: (200 * sum + n) div (2 * n)."""
        return (200 * self.total + self.rows) // (2 * self.rows)


@dataclass(frozen=True, slots=True)
class ScaleRule:
    """A scale together with the rows it reverses (stored as answered: x becomes low + high - x)."""

    scale: Scale
    rows: tuple[tuple[str, bool], ...]

    def score(self, answers: Answers) -> Score | Code:
        """The exact score, or the missing code: -5 with too few rows answered, -7 or -6 with too few rows asked."""
        total = answered = not_shown = left_out = 0
        ends = self.scale.low + self.scale.high
        for name, reverse in self.rows:
            code = answers.get(name, NOT_SHOWN)
            if not isinstance(code, int) or code == NOT_SHOWN:
                not_shown += 1
            elif code == SENSITIVE_LEFT_OUT:
                left_out += 1
            elif code not in (LEFT_BLANK, PREFER_NOT_TO_SAY):
                answered += 1
                total += ends - code if reverse else code
        if answered >= self.scale.minimum:
            return Score(total, answered)
        if len(self.rows) - not_shown - left_out >= self.scale.minimum:
            return LEFT_BLANK
        return NOT_SHOWN if not_shown else SENSITIVE_LEFT_OUT

    def band(self, answers: Answers) -> Code:
        """1 low, 2 middle, 3 high, or the missing code of the score."""
        score = self.score(answers)
        return band(score, self.scale.cuts) if isinstance(score, Score) else score


def band(score: Score, cuts: tuple[int, int]) -> int:
    """`cuts` are the highest hundredths of the low and of the middle band."""
    if score.hundredths <= cuts[0]:
        return LOW
    return MIDDLE if score.hundredths <= cuts[1] else HIGH


def scale_rules(instrument: Instrument) -> dict[str, ScaleRule]:
    """Scale name -> rule. Raises KeyError for a scale with a row that the instrument does not have."""
    reverse = {row.name: row.reverse for item in instrument.items for row in item.rows}
    return {
        scale.name: ScaleRule(scale, tuple((name, reverse[name]) for name in scale.rows)) for scale in instrument.scales
    }


class Circumstances(NamedTuple):
    """What the server and the page know beside the answers. `fast`: yes, no, and everything else is unknown."""

    language: str
    unproven: bool
    fast: str


type Rule = Callable[[Answers, Circumstances], Code]


def cases(derived: Derived, values: Mapping[str, Node]) -> Evaluator:
    """The code of the first case that holds; -5 when none does."""
    compiled: list[tuple[Code, Evaluator]] = [(code, compile_node(node, values)) for code, node in derived.cases]

    def first_that_holds(answers: Answers) -> Value:
        return next((code for code, holds in compiled if holds(answers)), LEFT_BLANK)

    return first_that_holds


def rules(instrument: Instrument) -> dict[str, Rule]:
    """Name -> function for every derived variable that is not given by cases, in order; `flagged` reads the others."""
    scales = scale_rules(instrument)
    matrices = {item.name: tuple(row.name for row in item.rows) for item in instrument.items if item.rows}
    return {derived.name: _rule(derived, scales, matrices) for derived in instrument.derived if derived.rule != "cases"}


def _rule(derived: Derived, scales: Mapping[str, ScaleRule], matrices: Mapping[str, tuple[str, ...]]) -> Rule:
    match derived.rule:
        case "band":
            scale = scales[derived.scale or ""]
            return lambda answers, about: scale.band(answers)
        case "language":
            return lambda answers, about: about.language
        case "unproven":
            return lambda answers, about: YES if about.unproven else NO
        case "fast":
            return lambda answers, about: about.fast if about.fast in ("yes", "no") else "unknown"
        case "straight":
            return lambda answers, about: straight(answers, matrices)
        case "flagged":
            return lambda answers, about: flagged(answers)
    raise ValueError(f"{derived.name}: no rule is called {derived.rule}")


def straight(answers: Answers, matrices: Mapping[str, tuple[str, ...]]) -> Code:
    """YES where a whole group of matrices was answered in straight lines away from the middle."""
    for group in STRAIGHT:
        if all(_is_line([answers.get(row) for row in matrices.get(name, ())], middle) for name, middle in group):
            return YES
    return NO


def _is_line(codes: list[Answer | None], middle: int) -> bool:
    first = codes[0] if codes else None
    return isinstance(first, int) and first >= 0 and first != middle and codes.count(first) == len(codes)


def flagged(answers: Answers) -> Code:
    return YES if YES in (answers.get("unproven"), answers.get("straight")) or answers.get("fast") == "yes" else NO
