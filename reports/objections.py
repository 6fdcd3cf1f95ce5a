"""Which objections stand against a report.

An objection is open until the person who raised it withdraws it, or until two other people have approved the files of
a later round, which they do with the objection before their eyes. `reports_open_objection` in migration 0003 says the
same in the database.
"""

from django.db.models import QuerySet

from reports.enums import Verdict
from reports.models import Decision, Objection, Report

OTHERS_NEEDED = 2
"""Approvals of a later round, by people other than who objected, that settle an objection."""


def objections(report: Report) -> QuerySet[Objection]:
    """All that were ever raised, in order, with who raised and who withdrew them."""
    return Objection.objects.filter(report=report).select_related("by", "withdrawal")


def open_objections(report: Report) -> list[Objection]:
    approvers = _approvers(report)
    return [one for one in objections(report) if is_open(one, report, approvers)]


def is_open(objection: Objection, report: Report, approvers: set[int]) -> bool:
    """`approvers`: ids of the people who approved the files of the report's present round."""
    return not (is_withdrawn(objection) or is_settled(objection, report, approvers))


def is_withdrawn(objection: Objection) -> bool:
    return hasattr(objection, "withdrawal")


def is_settled(objection: Objection, report: Report, approvers: set[int]) -> bool:
    others = approvers - {objection.by_id}
    return report.round > objection.round and len(others) >= OTHERS_NEEDED


def _approvers(report: Report) -> set[int]:
    rows = Decision.objects.filter(report=report, round=report.round, verdict=Verdict.APPROVE)
    return set(rows.values_list("reviewer_id", flat=True))
