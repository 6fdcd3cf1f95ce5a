"""Refusals of the reports app. Codes are part of the API; messages are shown to people as they stand."""

from survey.errors import DomainError, Invalid, NotAllowed, NotFound, WrongState


class NotYours(NotAllowed):
    code = "own_report"
    message = "You asked for this report, so two other people must review it."


class InStudy(NotAllowed):
    code = "in_study"
    message = "You belong to the study of this survey, so two people outside it must review its reports."


class AlreadyDecided(WrongState):
    code = "already_decided"
    message = "You have decided about this round already."


class AlreadyObjected(WrongState):
    code = "already_objected"
    message = "Your objection to this report is still open."


class ReasonMissing(Invalid):
    code = "reason_missing"
    message = "Give a reason."


class OtherFiles(WrongState):
    code = "other_files"
    message = "The files have changed since you looked at them. Look at them again, then decide."


class TooFewResponses(DomainError):
    code = "too_few_responses"
    status = 409
    message = "There are too few responses for a report."


class AlreadyReported(WrongState):
    code = "already_reported"


class ReviewersChanged(WrongState):
    """Somebody who approved the report may no longer do so."""

    code = "reviewers_changed"


class LeaseLost(WrongState):
    """Another worker has taken this piece of work over; whatever this one still wants to write is dropped."""

    code = "lease_lost"
    message = "Another worker has taken over."


class FilesDiffer(DomainError):
    """What lies in the storage is not what was reviewed."""

    code = "files_differ"
    status = 409


__all__ = [
    "AlreadyDecided",
    "AlreadyObjected",
    "AlreadyReported",
    "DomainError",
    "FilesDiffer",
    "InStudy",
    "Invalid",
    "LeaseLost",
    "NotAllowed",
    "NotFound",
    "NotYours",
    "OtherFiles",
    "ReasonMissing",
    "ReviewersChanged",
    "TooFewResponses",
    "WrongState",
]
