"""All writes of the reports app. Every one names who acts and leaves an audit row."""

from reports.actions.computing import work_on_report
from reports.actions.counting import work_on_part
from reports.actions.downloading import note_download
from reports.actions.forgetting import forget_leftovers
from reports.actions.objecting import object_to, withdraw
from reports.actions.releasing import release, retract
from reports.actions.requesting import request_report, resubmit, retry
from reports.actions.reviewing import decide

__all__ = [
    "decide",
    "forget_leftovers",
    "note_download",
    "object_to",
    "release",
    "request_report",
    "resubmit",
    "retract",
    "retry",
    "withdraw",
    "work_on_part",
    "work_on_report",
]
