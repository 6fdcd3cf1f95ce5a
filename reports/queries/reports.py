"""Reports on their way to release: the queue, the work, the round's files and decisions."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import Case, F, Max, QuerySet, When

from accounts.enums import Role
from accounts.models import User
from reports.disclosure import ProtectedCube
from reports.enums import State
from reports.errors import NotFound
from reports.leases import is_free
from reports.models import Artifact, Decision, Objection, Part, Release, Report, StoredCube
from reports.objections import open_objections
from reports.transitions import PUBLISHED, UNDER_WAY
from survey.queries import is_study_member, members_of


def report(report_id: int) -> Report:
    """Raises NotFound."""
    found = Report.objects.select_related("requested_by", "supersedes", "release").filter(pk=report_id).first()
    if found is None:
        raise NotFound(f"There is no report {report_id}.")
    return found


def lock_report(report_id: int) -> Report:
    """The report, held until the end of the transaction. Raises NotFound."""
    found = Report.objects.select_for_update().filter(pk=report_id).first()
    if found is None:
        raise NotFound(f"There is no report {report_id}.")
    return found


def lock_survey(survey_slug: str) -> None:
    """One at a time may decide which reports and releases of a survey there are; ends with the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reports of {survey_slug}"])


def reports_followed_by(person: User) -> QuerySet[Report]:
    return Report.objects.filter(requested_by=person).select_related("release")


def queue(survey_slug: str = "") -> QuerySet[Report]:
    """What reviewers and admins oversee, of one survey or of all, oldest first."""
    rows = Report.objects.select_related("requested_by", "release", "supersedes").order_by("pk")
    return rows.filter(survey_slug=survey_slug) if survey_slug else rows


def surveys_in_queue() -> list[str]:
    return sorted(set(Report.objects.order_by().values_list("survey_slug", flat=True)))


def votes(reports: Sequence[Report]) -> dict[int, set[int]]:
    """Who has decided about the present round, by report; of those in review only whose votes count."""
    members = members_of({report.survey_slug for report in reports})
    found: dict[int, set[int]] = {report.pk: set() for report in reports}
    rows = Decision.objects.filter(report__in=found, round=F("report__round"))
    for report_id, slug, reviewer in rows.values_list("report_id", "report__survey_slug", "reviewer_id"):
        if reviewer not in members[slug]:
            found[report_id].add(reviewer)
    return found


def objections_of(reports: Sequence[Report]) -> dict[int, list[Objection]]:
    """All objections, by report, with who raised and who withdrew them."""
    found: dict[int, list[Objection]] = {report.pk: [] for report in reports}
    for one in Objection.objects.filter(report__in=found).select_related("by", "withdrawal"):
        found[one.report_id].append(one)
    return found


def last_round_with_files(report: Report) -> int | None:
    """The latest earlier round that was computed to its end, if any."""
    earlier = Artifact.objects.filter(report=report, round__lt=report.round)
    last: int | None = earlier.aggregate(last=Max("round"))["last"]
    return last


def reports_for_reviewers() -> QuerySet[Report]:
    """Those that wait for reviewers first, then the others, newest first."""
    waiting = Case(When(state=State.IN_REVIEW, then=0), default=1)
    return Report.objects.select_related("requested_by", "release").order_by(waiting, "-pk")


def decisions_of_round(report: Report) -> list[Decision]:
    """While the round is in review, without those of people who have joined the study since: they do not count."""
    rows = list(Decision.objects.filter(report=report, round=report.round).select_related("reviewer"))
    return counting(rows, report) if report.state == State.IN_REVIEW else rows


def counting(decisions: list[Decision], report: Report) -> list[Decision]:
    """Those of people who do not belong to the report's study by now."""
    return [one for one in decisions if not is_study_member(one.reviewer_id, report.survey_slug)]


def reviewers_for(report: Report) -> list[User]:
    """Who may still decide about the present round: the people whom `check_can_review` lets through."""
    decided = Decision.objects.filter(report=report, round=report.round).values("reviewer_id")
    people = User.objects.filter(is_active=True, roles__contains=[Role.REVIEWER]).exclude(pk__in=decided)
    others = people.exclude(pk=report.requested_by_id).order_by("pk")
    return [one for one in others if not is_study_member(one.pk, report.survey_slug)]


def earlier_decisions(report: Report) -> list[Decision]:
    """Of rounds that are over, oldest first."""
    rows = Decision.objects.filter(report=report, round__lt=report.round)
    return list(rows.select_related("reviewer").order_by("round", "id"))


def objection(objection_id: int) -> Objection:
    """Raises NotFound."""
    found = Objection.objects.select_related("report", "by", "withdrawal").filter(pk=objection_id).first()
    if found is None:
        raise NotFound(f"There is no objection {objection_id}.")
    return found


def artifacts(report: Report, of_round: int | None = None) -> list[Artifact]:
    """The files of a round, the present one unless told, by path."""
    return list(Artifact.objects.filter(report=report, round=of_round or report.round))


def artifact(report: Report, path: str, of_round: int | None = None) -> Artifact:
    """A file of a round, the present one unless told. Raises NotFound."""
    found = Artifact.objects.filter(report=report, round=of_round or report.round, path=path).first()
    if found is None:
        raise NotFound(f"There is no file {path!r}.")
    return found


def live_release(report: Report) -> Release | None:
    """The release that now stands for the same plan and waves."""
    return Release.objects.filter(
        report__survey_slug=report.survey_slug,
        report__plan_name=report.plan_name,
        report__waves=report.waves,
        report__state=State.RELEASED,
    ).first()


def wave_sets_in_use(report: Report) -> list[set[int]]:
    """The waves of every other report of the survey that was published or may soon be."""
    others = Report.objects.filter(survey_slug=report.survey_slug, state__in=PUBLISHED | UNDER_WAY)
    return [set(waves) for waves in others.exclude(pk=report.pk).values_list("waves", flat=True)]


def earlier_cubes(report: Report) -> list[ProtectedCube]:
    """All that was ever published about the report's survey: two releases of other waves may together tell of these."""
    rows = StoredCube.objects.filter(
        report__survey_slug=report.survey_slug,
        report__state__in=PUBLISHED,
        round=F("report__round"),
    )
    return [ProtectedCube.from_document(row.document) for row in rows.order_by("report_id")]


def protected_cube(report: Report) -> ProtectedCube | None:
    """The protected counts of the present round, once there are any."""
    row = StoredCube.objects.filter(report=report, round=report.round).first()
    return ProtectedCube.from_document(row.document) if row else None


def stored_beside(report: Report) -> dict[str, Any]:
    """What was kept with the protected counts of the present round; see `actions.beside`."""
    found: dict[str, Any] = StoredCube.objects.get(report=report, round=report.round).beside
    return found


def is_counted(report: Report) -> bool:
    """No part of the present round is left to count."""
    return not Part.objects.filter(report=report, round=report.round, cube=None).exists()


def reports_to_work_on() -> list[int]:
    """Reports that nobody is at work on, and whose parts, if any, are all counted."""
    waiting = Report.objects.filter(is_free(), state__in=(State.QUEUED, State.COMPUTING))
    uncounted = Part.objects.filter(round=F("report__round"), cube=None).values("report_id")
    return list(waiting.exclude(pk__in=uncounted).order_by("pk").values_list("pk", flat=True))


def parts_to_count(report_id: int | None = None) -> list[int]:
    """Parts that nobody is counting."""
    parts = Part.objects.filter(is_free(), round=F("report__round"), cube=None, report__state=State.COMPUTING)
    if report_id is not None:
        parts = parts.filter(report_id=report_id)
    return list(parts.values_list("pk", flat=True))


def reports_to_release() -> list[int]:
    """Approved, and stopped by no objection."""
    approved = Report.objects.filter(state=State.APPROVED).order_by("pk")
    return [one.pk for one in approved if not open_objections(one)]
