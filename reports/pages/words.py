"""How states, stages and verdicts read on a page."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.enums import Stage, State, Verdict
from survey.enums import ProposalKind

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

PROPOSALS: dict[str, Promise] = {
    ProposalKind.AS_IS: _("Keep it as it is written"),
    ProposalKind.REDACTED: _("Take out what leads to a person, and keep the writer's words"),
    ProposalKind.REPHRASED: _("Say it in other words"),
    ProposalKind.WITHHELD: _("It goes nowhere: not to researchers, not into a report"),
    ProposalKind.UNDER_AGE: _("The writer says they are under 18: delete it"),
}

USES: dict[int, Promise] = {
    0: _("Nothing is said of how it may be used."),
    1: _("Researchers of the study may read it. Nothing of it is quoted."),
    2: _("It may be published, but only in other words."),
    3: _("It may be quoted word for word, or translated, without a name."),
}
"""By code of `tst_use`."""

TAGS: dict[int, Promise] = {
    1: _("Nothing may be printed beside it, not even its language."),
    2: _("Its language may be printed beside it."),
    3: _("What the model was to the writer may be printed beside it, its language not."),
}
"""By code of `tst_tag`."""

OUTCOMES: dict[str, Promise] = {
    ProposalKind.AS_IS: _("as it was written"),
    ProposalKind.REDACTED: _("the writer's words, with parts taken out"),
    ProposalKind.REPHRASED: _("in other words than the writer's"),
}
