"""How states, stages, verdicts and the scopes of tokens read on a page."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Scope
from reports.enums import Stage, State, Verdict

STATES: dict[str, Promise] = {
    State.QUEUED: _("In the queue"),
    State.COMPUTING: _("Being computed"),
    State.BLOCKED: _("Blocked"),
    State.FAILED: _("Failed"),
    State.IN_REVIEW: _("In review"),
    State.CHANGES_ASKED: _("Changes asked for"),
    State.REJECTED: _("Rejected"),
    State.APPROVED: _("Approved, being published"),
    State.RELEASED: _("Released"),
    State.SUPERSEDED: _("Superseded"),
    State.RETRACTED: _("Retracted"),
}

STAGES: dict[str, Promise] = {
    Stage.WAITING: _("Waiting for a worker"),
    Stage.COUNTING: _("Counting answers"),
    Stage.PROTECTING: _("Protecting counts"),
    Stage.RENDERING: _("Making tables and figures"),
    Stage.STORING: _("Storing files"),
    Stage.DONE: _("Done"),
}

VERDICTS: dict[str, Promise] = {
    Verdict.APPROVE: _("Approve"),
    Verdict.ASK_FOR_CHANGES: _("Ask for changes"),
    Verdict.REJECT: _("Reject"),
}

SCOPES: dict[str, Promise] = {
    Scope.READ: _("Read releases, tables and files, and how reports stand"),
    Scope.REQUEST: _("Request reports and send them in again"),
    Scope.REVIEW: _("Decide about reports and take releases back"),
}
