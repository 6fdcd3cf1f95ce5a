"""The words that reports are spoken about in. Standard library only."""

from enum import StrEnum


class State(StrEnum):
    """Where a report stands; how it gets from one to the next is in `transitions`."""

    QUEUED = "queued"
    COMPUTING = "computing"
    BLOCKED = "blocked"
    FAILED = "failed"
    IN_REVIEW = "in_review"
    CHANGES_ASKED = "changes_asked"
    REJECTED = "rejected"
    APPROVED = "approved"
    RELEASED = "released"
    SUPERSEDED = "superseded"
    RETRACTED = "retracted"


class Owner(StrEnum):
    """Whose turn it is to act on a report."""

    SERVICE = "service"
    REQUESTER = "requester"
    REVIEWERS = "reviewers"
    ADMINS = "admins"
    NOBODY = "nobody"


class Stage(StrEnum):
    """What a worker is doing with a report that is being computed."""

    WAITING = "waiting"
    COUNTING = "counting"
    PROTECTING = "protecting"
    RENDERING = "rendering"
    STORING = "storing"
    DONE = "done"


class Verdict(StrEnum):
    """What a reviewer decides about one round of a report."""

    APPROVE = "approve"
    ASK_FOR_CHANGES = "ask_for_changes"
    REJECT = "reject"
