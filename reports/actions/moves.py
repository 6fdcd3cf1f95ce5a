"""The one way in which a report changes its state."""

from accounts.actions import record
from accounts.actors import Actor
from reports.actions.notices import tell_of_state
from reports.enums import State
from reports.errors import LeaseLost, ReasonMissing, WrongState
from reports.models import Report
from reports.transitions import find


def move(
    actor: Actor, report: Report, target: State, reason: str = "", fence: int | None = None, **values: object
) -> None:
    """Compare and set the state, append the audit row, tell whom it concerns. Call inside a transaction.

    `fence`: the fencing number of the worker that moves the report. Raises WrongState when the table does not allow
    the change or somebody else was quicker, LeaseLost when another worker has taken over.
    """
    transition = find(State(report.state), target)
    if transition is None:
        raise WrongState(f"A report that is {report.state} cannot become {target}.")
    if transition.needs_reason and not reason.strip():
        raise ReasonMissing
    rows = Report.objects.filter(pk=report.pk, state=report.state, round=report.round)
    if fence is not None:
        rows = rows.filter(fence=fence)
    if rows.update(state=target, **values) != 1:
        raise WrongState("The report has moved on meanwhile.") if fence is None else LeaseLost
    record(actor, transition.audit, f"report:{report.pk}", round=report.round, reason=reason)
    report.refresh_from_db()
    tell_of_state(actor, report)
