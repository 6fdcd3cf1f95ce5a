"""Two people judge the files of one round; neither asked for the report nor belongs to its study."""

from collections.abc import Sequence

from django.db import transaction

from accounts.actions import record
from accounts.actors import Actor
from accounts.models import User
from reports.actions.moves import move
from reports.actions.notices import tell_second_needed
from reports.enums import State, Verdict
from reports.errors import OtherFiles, ReasonMissing
from reports.models import Decision, Report
from reports.permissions import check_can_review
from reports.queries import decisions_of_round, lock_report
from reports.visibility import is_complete


@transaction.atomic
def decide(actor: User, report_id: int, verdict: Verdict, reason: str, manifest_sha256: str) -> Report:
    """Append a decision about the files that `manifest_sha256` names; the last one needed ends the round.

    Raises NotYours, InStudy, NotAllowed, WrongState or AlreadyDecided as `check_can_review` says, ReasonMissing, and
    OtherFiles when the files are not those that the reviewer looked at.
    """
    report = lock_report(report_id)
    check_can_review(actor, report)
    if not reason.strip():
        raise ReasonMissing
    if manifest_sha256 != report.manifest_sha256:
        raise OtherFiles
    Decision.objects.create(
        report=report,
        round=report.round,
        reviewer=actor,
        requested_by_id=report.requested_by_id,
        verdict=verdict,
        reason=reason.strip(),
        manifest_sha256=manifest_sha256,
    )
    # The verdict stays out of the log: the second reviewer might read it there before deciding.
    record(Actor.of(actor), "report.decided", f"report:{report.pk}", round=report.round)
    _end_round(Actor.of(actor), report)
    return report


def _end_round(actor: Actor, report: Report) -> None:
    decisions = decisions_of_round(report)
    if is_complete(decisions):
        move(actor, report, outcome([Verdict(one.verdict) for one in decisions]), reason=_reasons(decisions))
    else:
        tell_second_needed(actor, report)


def outcome(verdicts: Sequence[Verdict]) -> State:
    """One objection is enough: approval needs every verdict of the round."""
    if Verdict.REJECT in verdicts:
        return State.REJECTED
    if Verdict.ASK_FOR_CHANGES in verdicts:
        return State.CHANGES_ASKED
    return State.APPROVED


def _reasons(decisions: Sequence[Decision]) -> str:
    return "\n".join(f"{decision.verdict}: {decision.reason}" for decision in decisions)
