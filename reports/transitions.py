"""The life of a report as one table: every change of state, who makes it and what the audit log calls it.

`docs/release-states.md` is drawn from this table by `manage.py draw_transitions`.
"""

from dataclasses import dataclass

from reports.enums import Owner, State


@dataclass(frozen=True, slots=True)
class Transition:
    """One allowed change of state. `by` makes it; `needs_reason`: refused without a written reason."""

    source: State
    target: State
    by: Owner
    audit: str
    needs_reason: bool = False


TRANSITIONS: tuple[Transition, ...] = (
    Transition(State.QUEUED, State.COMPUTING, Owner.SERVICE, "report.started"),
    Transition(State.COMPUTING, State.BLOCKED, Owner.SERVICE, "report.blocked", needs_reason=True),
    Transition(State.COMPUTING, State.FAILED, Owner.SERVICE, "report.failed", needs_reason=True),
    Transition(State.COMPUTING, State.IN_REVIEW, Owner.SERVICE, "report.ready_for_review"),
    Transition(State.FAILED, State.QUEUED, Owner.REQUESTER, "report.retried"),
    Transition(State.IN_REVIEW, State.CHANGES_ASKED, Owner.REVIEWERS, "report.changes_asked", needs_reason=True),
    Transition(State.IN_REVIEW, State.REJECTED, Owner.REVIEWERS, "report.rejected", needs_reason=True),
    Transition(State.IN_REVIEW, State.APPROVED, Owner.REVIEWERS, "report.approved", needs_reason=True),
    Transition(State.CHANGES_ASKED, State.QUEUED, Owner.REQUESTER, "report.resubmitted", needs_reason=True),
    Transition(State.APPROVED, State.RELEASED, Owner.SERVICE, "report.released"),
    Transition(State.APPROVED, State.FAILED, Owner.SERVICE, "report.release_refused", needs_reason=True),
    # Only while an objection is open: the requester answers it with new files instead of waiting for its withdrawal.
    Transition(State.APPROVED, State.QUEUED, Owner.REQUESTER, "report.objection_answered", needs_reason=True),
    Transition(State.RELEASED, State.SUPERSEDED, Owner.SERVICE, "report.superseded"),
    Transition(State.RELEASED, State.RETRACTED, Owner.ADMINS, "report.retracted", needs_reason=True),
    Transition(State.SUPERSEDED, State.RETRACTED, Owner.ADMINS, "report.retracted", needs_reason=True),
)

OWNERS: dict[State, Owner] = {
    State.QUEUED: Owner.SERVICE,
    State.COMPUTING: Owner.SERVICE,
    State.BLOCKED: Owner.NOBODY,
    State.FAILED: Owner.REQUESTER,
    State.IN_REVIEW: Owner.REVIEWERS,
    State.CHANGES_ASKED: Owner.REQUESTER,
    State.REJECTED: Owner.NOBODY,
    State.APPROVED: Owner.SERVICE,
    State.RELEASED: Owner.ADMINS,
    State.SUPERSEDED: Owner.ADMINS,
    State.RETRACTED: Owner.NOBODY,
}
"""Whose turn it is in each state. Admins need not act on a released report; they alone may retract it."""

UNDER_WAY = frozenset({State.QUEUED, State.COMPUTING, State.IN_REVIEW, State.APPROVED})
"""States in which the service or the reviewers are at work on a report."""

PUBLISHED = frozenset({State.RELEASED, State.SUPERSEDED, State.RETRACTED})
"""States that a report reaches only through a release row; what was published stays on record."""

_BY_ENDS = {(one.source, one.target): one for one in TRANSITIONS}


def find(source: State, target: State) -> Transition | None:
    """The transition between two states, or None when the table does not allow it."""
    return _BY_ENDS.get((source, target))


def mermaid() -> str:
    """The table as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.QUEUED}: requested"]
    lines += [f"    {one.source} --> {one.target}: {_label(one)}" for one in TRANSITIONS]
    finals = [state for state in State if not any(one.source is state for one in TRANSITIONS)]
    lines += [f"    {state} --> [*]" for state in finals]
    return "\n".join(lines)


def document() -> str:
    """The page `docs/release-states.md`."""
    rows = "\n".join(f"| `{state}` | {owner} |" for state, owner in OWNERS.items())
    return (
        "# The states of a report\n\n"
        "Drawn from `reports/transitions.py` by `manage.py draw_transitions`; do not edit by hand.\n"
        "An arrow names the audit row and who makes the change; `*` marks one that needs a reason.\n\n"
        f"```mermaid\n{mermaid()}\n```\n\n"
        f"| state | whose turn |\n|---|---|\n{rows}\n"
    )


def _label(transition: Transition) -> str:
    star = " *" if transition.needs_reason else ""
    return f"{transition.audit.removeprefix('report.')} ({transition.by}){star}"
