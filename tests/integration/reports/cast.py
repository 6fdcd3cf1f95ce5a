"""Reports at every place of their life, brought there by the real actions."""

from accounts.actors import WORKER
from accounts.enums import Role
from accounts.models import User
from reports.actions.moves import move
from reports.actions.reviewing import decide
from reports.enums import State, Verdict
from reports.models import Artifact, Decision, Report, StoredCube
from tests.cast import person

MANIFEST = "a" * 64


def requester() -> User:
    return person(Role.RESEARCHER, Role.REVIEWER)


def queued(requested_by: User | None = None, **fields: object) -> Report:
    known = {"title": "T", "survey_slug": "mris", "waves": [1], "plan_name": "mris", "plan_version": "1"}
    number = 1 + Report.objects.count()
    requested_by = requested_by or requester()
    return Report.objects.create(requested_by=requested_by, number=number, **{**known, "plan_digest": "d", **fields})


def in_review(requested_by: User | None = None, **fields: object) -> Report:
    report = queued(requested_by, **fields)
    move(WORKER, report, State.COMPUTING)
    StoredCube.objects.create(report=report, round=report.round, document={})
    Artifact.objects.create(
        report=report, round=report.round, path="cells.csv", sha256="c" * 64, size=1, media_type="text/csv"
    )
    move(WORKER, report, State.IN_REVIEW, manifest_sha256=MANIFEST)
    return report


def vote(report: Report, verdict: Verdict = Verdict.APPROVE, reviewer: User | None = None) -> Decision:
    reviewer = reviewer or person(Role.REVIEWER)
    decide(reviewer, report.pk, verdict, "I looked at every table.", report.manifest_sha256)
    report.refresh_from_db()
    return Decision.objects.get(report=report, round=report.round, reviewer=reviewer)


def approved(requested_by: User | None = None, **fields: object) -> Report:
    report = in_review(requested_by, **fields)
    vote(report)
    vote(report)
    return report
