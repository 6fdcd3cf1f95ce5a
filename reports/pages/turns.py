"""Whose turn it is with a report, as one sentence for the person who reads it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from reports.enums import State
from reports.models import Objection, Report
from reports.pages.words import STAGES
from reports.visibility import REVIEWS_NEEDED


@dataclass(frozen=True, slots=True)
class Facts:
    """What decides whose turn it is. `voters`: ids of those whose votes count; `members`: ids of the study's people."""

    report: Report
    reader: User
    voters: set[int]
    members: set[int]
    open_objections: list[Objection]

    @property
    def is_own(self) -> bool:
        return self.reader.pk == self.report.requested_by_id

    @property
    def may_decide(self) -> bool:
        """In review, and neither asked for it, nor of its study, nor decided."""
        kept_out = self.voters | self.members | {self.report.requested_by_id}
        return self.reader.has_role(Role.REVIEWER) and self.reader.pk not in kept_out


@dataclass(frozen=True, slots=True)
class Turn:
    is_mine: bool
    sentence: str


def turn(facts: Facts) -> Turn:
    return BY_STATE[State(facts.report.state)](facts)


def _worker(facts: Facts) -> Turn:
    stage: str | Promise = STAGES[facts.report.stage]
    return Turn(False, _("A worker's turn: {stage}.").format(stage=str(stage).lower()))


def _in_review(facts: Facts) -> Turn:
    missing = REVIEWS_NEEDED - len(facts.voters)
    if facts.may_decide:
        first, last = _("Your turn: nobody has decided yet."), _("Your turn: one decision is in, yours is missing.")
        return Turn(True, first if missing == REVIEWS_NEEDED else last)
    if missing == REVIEWS_NEEDED:
        return Turn(False, _("Two reviewers' turn; {why}.").format(why=_why_not(facts)))
    return Turn(False, _("A second reviewer's turn; {why}.").format(why=_why_not(facts)))


def _why_not(facts: Facts) -> str:
    if facts.is_own:
        return _("not yours, because you asked for it")
    if not facts.reader.has_role(Role.REVIEWER):
        return _("not yours, because you are no reviewer")
    if facts.reader.pk in facts.members:
        return _("not yours, because you belong to the study")
    return _("you have decided")


def _failed(facts: Facts) -> Turn:
    if facts.is_own:
        return Turn(True, _("Your turn: read why it failed, then try again."))
    return Turn(False, _("The turn of {person}, who can try again.").format(person=facts.report.requested_by))


def _changes_asked(facts: Facts) -> Turn:
    if facts.is_own:
        return Turn(True, _("Your turn: answer the reviewers and send it in again."))
    return Turn(False, _("The turn of {person}, who has to answer.").format(person=facts.report.requested_by))


def _approved(facts: Facts) -> Turn:
    if not facts.open_objections:
        return Turn(False, _("A worker's turn: it is being published."))
    if any(one.by_id == facts.reader.pk for one in facts.open_objections):
        return Turn(True, _("Your turn: two people approved it, and your objection holds it back."))
    if facts.is_own:
        return Turn(True, _("Your turn: an objection holds it back. Answer it with a new round."))
    whose = ", ".join(str(one.by) for one in facts.open_objections)
    return Turn(False, _("Held back by an objection of {person}.").format(person=whose))


def _nobody(facts: Facts) -> Turn:
    return Turn(False, _("Nobody's turn."))


BY_STATE: Mapping[State, Callable[[Facts], Turn]] = {
    State.QUEUED: _worker,
    State.COMPUTING: _worker,
    State.BLOCKED: _nobody,
    State.FAILED: _failed,
    State.IN_REVIEW: _in_review,
    State.CHANGES_ASKED: _changes_asked,
    State.REJECTED: _nobody,
    State.APPROVED: _approved,
    State.RELEASED: _nobody,
    State.SUPERSEDED: _nobody,
    State.RETRACTED: _nobody,
}
