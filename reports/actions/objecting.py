"""Stopping a report that may soon be published, and letting it go again. Nobody's name or reason is hidden here."""

from django.db import transaction

from accounts.actions import record
from accounts.actors import Actor
from accounts.models import User
from reports.actions.notices import tell_of_objection
from reports.errors import ReasonMissing
from reports.models import Objection, Report, Withdrawal
from reports.permissions import check_can_object, check_can_withdraw
from reports.queries import lock_report, objection


@transaction.atomic
def object_to(actor: User, report_id: int, reason: str) -> Objection:
    """Say why a report must not be published as it is. While this is open, nothing is released.

    Raises NotFound, NotAllowed, WrongState, AlreadyObjected or ReasonMissing.
    """
    report = lock_report(report_id)
    check_can_object(actor, report)
    if not reason.strip():
        raise ReasonMissing
    raised = Objection.objects.create(report=report, round=report.round, by=actor, reason=reason.strip())
    record(Actor.of(actor), "report.objected", f"report:{report.pk}", round=report.round, reason=raised.reason)
    tell_of_objection(Actor.of(actor), report, raised)
    return raised


@transaction.atomic
def withdraw(actor: User, objection_id: int, reason: str) -> Report:
    """Take back an own objection. A report that was approved meanwhile can then be released."""
    found = objection(objection_id)
    report = lock_report(found.report_id)
    check_can_withdraw(actor, found)
    if not reason.strip():
        raise ReasonMissing
    Withdrawal.objects.create(objection=found, by=actor, reason=reason.strip())
    record(Actor.of(actor), "report.objection_withdrawn", f"report:{report.pk}", reason=reason.strip())
    return report
