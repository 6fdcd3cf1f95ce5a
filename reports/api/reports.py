"""Reports on their way: asked for, followed, decided about, tried again. Tables and files only once released."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.actors import Actor
from accounts.enums import Scope
from reports import actions, permissions, queries, tasks
from reports.api.base import ApiView, address, viewer
from reports.api.releases import PlanUsedSerializer, ReasonSerializer
from reports.enums import Owner, Stage, State, Verdict
from reports.models import Decision, Objection, Report
from reports.objections import is_withdrawn, objections, open_objections
from reports.visibility import visible_decisions

STATES = [state.value for state in State]


class ReportSerializer(serializers.Serializer[Report]):
    id = serializers.IntegerField()
    url = serializers.SerializerMethodField()
    name = serializers.CharField(help_text="What its files call it, and the slug of its release.")
    title = serializers.CharField()
    survey = serializers.CharField(source="survey_slug")
    waves = serializers.ListField(child=serializers.IntegerField())
    plan = PlanUsedSerializer(source="*")
    requested_by = serializers.CharField()
    state = serializers.ChoiceField(STATES)
    turn = serializers.ChoiceField([*Owner], source="owner", help_text="Whose turn it is.")
    round = serializers.IntegerField()
    stage = serializers.ChoiceField([*Stage])
    parts_done = serializers.IntegerField()
    parts_total = serializers.IntegerField()
    error = serializers.CharField(help_text="Why it is blocked or failed; else empty.")
    manifest_sha256 = serializers.CharField(help_text="Names the files that are judged; empty before there are any.")
    supersedes = serializers.SerializerMethodField()
    release = serializers.SerializerMethodField()

    def get_url(self, report: Report) -> str:
        return address(self.context["request"], "report", report.pk)

    def get_supersedes(self, report: Report) -> str | None:
        return report.supersedes.slug if report.supersedes else None

    def get_release(self, report: Report) -> str | None:
        release = getattr(report, "release", None)
        return address(self.context["request"], "release", release.slug) if release else None


class DecisionSerializer(serializers.Serializer[Decision]):
    round = serializers.IntegerField()
    reviewer = serializers.CharField()
    verdict = serializers.ChoiceField([*Verdict])
    reason = serializers.CharField()
    manifest_sha256 = serializers.CharField()


class ObjectionSerializer(serializers.Serializer[Objection]):
    id = serializers.IntegerField()
    round = serializers.IntegerField()
    by = serializers.CharField()
    reason = serializers.CharField()
    open = serializers.SerializerMethodField(help_text="While one is open, nothing is released.")
    withdrawn_because = serializers.SerializerMethodField()

    def get_open(self, objection: Objection) -> bool:
        return objection in open_objections(objection.report)

    def get_withdrawn_because(self, objection: Objection) -> str | None:
        return objection.withdrawal.reason if is_withdrawn(objection) else None


class WholeReportSerializer(ReportSerializer):
    purpose = serializers.CharField(help_text="Why it was asked for; may be empty.")
    objections = serializers.SerializerMethodField(help_text="Of all rounds, for all who may follow the report.")
    decisions = serializers.SerializerMethodField(help_text="Of this round; until two are in, only your own.")

    @extend_schema_field(DecisionSerializer(many=True))
    def get_decisions(self, report: Report) -> Any:
        viewer_id = viewer(self.context["request"]).pk
        visible = visible_decisions(queries.decisions_of_round(report), viewer_id)
        return [DecisionSerializer(decision).data for decision in visible]

    @extend_schema_field(ObjectionSerializer(many=True))
    def get_objections(self, report: Report) -> Any:
        return [ObjectionSerializer(one).data for one in objections(report)]


class RequestSerializer(serializers.Serializer[dict[str, Any]]):
    survey = serializers.SlugField(max_length=60)
    plan = serializers.SlugField(max_length=60)
    waves = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=32_767),
        max_length=1000,
        default=list,
        help_text="Numbers of sealed waves; without: all of them.",
    )
    title = serializers.CharField(max_length=200, allow_blank=True, default="", help_text="Without: the plan's.")
    replace = serializers.BooleanField(default=False, help_text="Ask for a successor of the release that stands.")
    purpose = serializers.CharField(
        max_length=5000,
        allow_blank=True,
        default="",
        help_text="Why, for the reviewers. Of a successor, what was wrong: it stands beside both releases.",
    )


class VerdictSerializer(serializers.Serializer[dict[str, Any]]):
    verdict = serializers.ChoiceField([*Verdict])
    reason = serializers.CharField(max_length=5000)
    manifest_sha256 = serializers.CharField(max_length=64, help_text="Of the files that you looked at.")


class ReportView(ApiView):
    def shown(self, report_id: int, status: int = status.HTTP_200_OK) -> Response:
        return Response(self.show(WholeReportSerializer, queries.report(report_id)), status=status)


class Reports(ReportView):
    scope = Scope.REQUEST

    @extend_schema(operation_id="list_reports", responses=ReportSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Your own reports; reviewers and admins see all, those in review first."""
        person = viewer(request)
        every = permissions.can_inspect(person)
        rows = queries.reports_for_reviewers() if every else queries.reports_followed_by(person)
        return self.page(rows.select_related("requested_by", "supersedes", "release"), ReportSerializer)

    @extend_schema(operation_id="request_report", request=RequestSerializer, responses={201: WholeReportSerializer})
    def post(self, request: Request) -> Response:
        """Ask for a report over sealed waves; a worker takes it from the queue."""
        person = viewer(request)
        permissions.check_can_request(person)
        sent = self.sent(RequestSerializer)
        wishes = {key: sent[key] for key in ("title", "replace", "purpose")}
        report = actions.request_report(Actor.of(person), person, sent["survey"], sent["plan"], sent["waves"], **wishes)
        tasks.nudge(tasks.work_on_report, report.pk)
        return self.shown(report.pk, status.HTTP_201_CREATED)


class OneReport(ReportView):
    @extend_schema(operation_id="read_report", responses=WholeReportSerializer)
    def get(self, request: Request, report_id: int) -> Response:
        """How far a report is. Poll it every few seconds at most."""
        permissions.check_can_follow(viewer(request), queries.report(report_id))
        return self.shown(report_id)


class Decisions(ReportView):
    scope = Scope.REVIEW

    @extend_schema(operation_id="decide", request=VerdictSerializer, responses={201: WholeReportSerializer})
    def post(self, request: Request, report_id: int) -> Response:
        """Judge the files of this round. Two approvals release it; one objection is enough to stop it."""
        permissions.check_can_review(viewer(request), queries.report(report_id))
        sent = self.sent(VerdictSerializer)
        verdict = Verdict(sent["verdict"])
        report = actions.decide(viewer(request), report_id, verdict, sent["reason"], sent["manifest_sha256"])
        if report.state == State.APPROVED:
            tasks.nudge(tasks.release, report.pk)
        return self.shown(report_id, status.HTTP_201_CREATED)


class Retry(ReportView):
    scope = Scope.REQUEST

    @extend_schema(operation_id="retry_report", request=None, responses=WholeReportSerializer)
    def post(self, request: Request, report_id: int) -> Response:
        """Start a failed report over."""
        actions.retry(viewer(request), report_id)
        tasks.nudge(tasks.work_on_report, report_id)
        return self.shown(report_id)


class Resubmit(ReportView):
    scope = Scope.REQUEST

    @extend_schema(operation_id="resubmit_report", request=ReasonSerializer, responses=WholeReportSerializer)
    def post(self, request: Request, report_id: int) -> Response:
        """Answer the reviewers' wish for changes with a new round."""
        permissions.check_can_resubmit(viewer(request), queries.report(report_id))
        actions.resubmit(viewer(request), report_id, self.sent(ReasonSerializer)["reason"])
        tasks.nudge(tasks.work_on_report, report_id)
        return self.shown(report_id)
