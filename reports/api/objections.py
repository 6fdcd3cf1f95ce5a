"""Stopping a report before its release, and letting it go again."""

from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.enums import Scope
from reports import actions, permissions, queries, tasks
from reports.api.base import viewer
from reports.api.releases import ReasonSerializer
from reports.api.reports import ReportView, WholeReportSerializer
from reports.enums import State


class Objections(ReportView):
    scope = Scope.REVIEW

    @extend_schema(operation_id="object", request=ReasonSerializer, responses={201: WholeReportSerializer})
    def post(self, request: Request, report_id: int) -> Response:
        """Say why a report must not be published as it is. While this is open, nothing is released."""
        permissions.check_can_object(viewer(request), queries.report(report_id))
        actions.object_to(viewer(request), report_id, self.sent(ReasonSerializer)["reason"])
        return self.shown(report_id, status.HTTP_201_CREATED)


class Withdrawals(ReportView):
    scope = Scope.REVIEW

    @extend_schema(operation_id="withdraw_objection", request=ReasonSerializer, responses=WholeReportSerializer)
    def post(self, request: Request, objection_id: int) -> Response:
        """Take back your own objection."""
        permissions.check_can_withdraw(viewer(request), queries.objection(objection_id))
        report = actions.withdraw(viewer(request), objection_id, self.sent(ReasonSerializer)["reason"])
        if report.state == State.APPROVED:
            tasks.nudge(tasks.release, report.pk)
        return self.shown(report.pk)
