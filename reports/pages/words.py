"""How states, stages, verdicts, acts, rules and the scopes of tokens read on a page."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import Scope
from reports.disclosure.reasons import Tier
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

HELD_BACK = _("Approved, held back by an objection")

HELP: dict[str, Promise] = {
    State.BLOCKED: _(
        "The audit found a number that could be worked out from what would be shown, so nothing left the worker. "
        "Trying the same again would end the same way: ask for a report on more waves, or of another plan."
    ),
    State.FAILED: _("Nothing was published and nothing is lost. Once the reason is gone, try again: it begins anew."),
    State.IN_REVIEW: _("Two people who did not ask for it read it now. You see what they decide once both have."),
    State.CHANGES_ASKED: _("Read what both reviewers say, then answer them and send it in again."),
    State.REJECTED: _("This report ends here. You may ask for another one."),
}
"""What a state means for the person who asked, and what can be done."""

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
    Scope.REVIEW: _("Decide about reports, object to them and take releases back"),
    Scope.TEXTS: _("Read what people wrote, of studies you are named in"),
}
EFFECTS: dict[str, Promise] = {
    Verdict.APPROVE: _("These files may be published as they are."),
    Verdict.ASK_FOR_CHANGES: _(
        "Nothing is published. The requester reads both reasons, answers, and begins a new round with new files."
    ),
    Verdict.REJECT: _("Nothing is published, and this report ends here. Another one would have to be asked for."),
}
"""What follows from a verdict."""

ACTS: dict[str, Promise] = {
    "report.requested": _("asked for"),
    "report.started": _("counting began"),
    "report.protected": _("counts protected, the exact ones destroyed"),
    "report.blocked": _("blocked by the audit"),
    "report.failed": _("failed"),
    "report.ready_for_review": _("ready for review"),
    "report.retried": _("tried again"),
    "report.decided": _("a decision was given"),
    "report.objected": _("an objection was raised"),
    "report.objection_withdrawn": _("an objection was withdrawn"),
    "report.objection_answered": _("the objection was answered with a new round"),
    "report.changes_asked": _("changes asked for"),
    "report.rejected": _("rejected"),
    "report.approved": _("approved by two people"),
    "report.resubmitted": _("sent in again"),
    "report.released": _("released"),
    "report.release_refused": _("not released: the check before publishing failed"),
    "report.superseded": _("superseded"),
    "report.retracted": _("retracted"),
}
"""Rows of the audit log that are told as the history of a report; who decided what stays with the decisions."""

TIERS: dict[str, Promise] = {
    Tier.ONE_WAY: _("tables of one question only (fewer than 150 responses)"),
    Tier.HEADLINE: _("tables of one question, and the plan's headline tables of two (150 to 299 responses)"),
    Tier.WHOLE: _("the whole plan (300 responses and more)"),
}

PARAMETERS: dict[str, Promise] = {
    "small_cell_below": _("A number of people is small below"),
    "narrowest_interval": _("What can be told of a hidden number spans at least"),
    "fewest_in_group": _("People in each group of a table of two questions, at least"),
    "rounding_base": _("Counts are rounded to"),
    "fewest_responses": _("Responses for any report, and between two reports, at least"),
    "fewest_responses_open_link": _("Responses for a report of an open link, at least"),
    "headline_crosstabs_from": _("Headline tables of two questions from"),
    "all_crosstabs_from": _("All tables of two questions from"),
    "percentages_from_base": _("Percentages from a base of"),
    "firm_percentages_from_base": _("Percentages without “about” from a base of"),
    "fewest_for_mean": _("People for a mean, at least"),
    "fewest_for_reliability": _("People for reliability and covariances, at least"),
    "fewest_events": _("People on either side for each coefficient of a regression, at least"),
}
"""The numbers of disclosure control, as they stand in every report."""
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
