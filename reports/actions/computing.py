"""From the queue to review: count, merge, protect, render, store. Each step may be done twice and harms nothing.

A worker that dies loses its lease; the next one goes on from what is stored: counted parts, the protected cube,
files named by their content.
"""

from functools import reduce

from django.db import transaction

from accounts.actions import record
from accounts.actors import Actor
from reports.actions.beside import beside
from reports.actions.counting import start
from reports.actions.failing import end_round, fail_on_error
from reports.actions.files import render_round, report_languages, store_files
from reports.actions.moves import move
from reports.disclosure import ProtectedCube, protect
from reports.enums import Stage, State
from reports.errors import WrongState
from reports.leases import Lease, claim, held
from reports.models import Artifact, Part, Report, StoredCube
from reports.queries import MANIFEST, earlier_cubes, is_counted, parts_to_count, protected_cube, sources
from reports.render import words
from reports.tabulate import Cube

MOST_ATTEMPTS = 10
"""A report whose workers die this often (out of memory, say) fails instead of being tried for ever."""


def work_on_report(actor: Actor, report_id: int) -> list[int]:
    """Do what can be done now, unless somebody else is at it. Returns the ids of parts that are to be counted first."""
    lease = claim(Report.objects.filter(pk=report_id, state__in=(State.QUEUED, State.COMPUTING)))
    if lease is None:
        return []
    with held(lease), fail_on_error(actor, lease.row):
        if lease.row.state == State.QUEUED:
            start(actor, lease)
        elif is_counted(lease.row):
            _finish(actor, lease)
    return parts_to_count(report_id)


def _finish(actor: Actor, lease: Lease[Report]) -> None:
    report = lease.row
    if report.attempts >= MOST_ATTEMPTS:
        raise WrongState(f"Gave up after {MOST_ATTEMPTS} attempts; the worker was ended each time.")
    lease.update(attempts=report.attempts + 1, stage=Stage.PROTECTING)
    protected = protected_cube(report) or _protect(report)
    if protected.refusal:
        end_round(actor, report, State.BLOCKED, _why(protected))
        return
    _keep_cube(actor, lease, protected)
    lease.update(stage=Stage.RENDERING)
    # From what is stored: a worker that takes over has nothing else, and has to make the same bytes.
    files = render_round(report, protected_cube(report) or protected)
    lease.update(stage=Stage.STORING)
    _hand_over(actor, lease, store_files(report, files))


def _why(refused: ProtectedCube) -> str:
    """The reason, and for a failed audit the tables and what would help."""
    failed = (refused.audit or {}).get("failed", [])
    reason = words("en")[f"reason_{refused.refusal}"]
    return f"{reason} {', '.join(failed)}. {words('en')['audit_help']}" if failed else reason


def _protect(report: Report) -> ProtectedCube:
    source = sources(report)
    parts = Part.objects.filter(report=report, round=report.round).exclude(cube=None)
    exact = reduce(Cube.merge, (Cube.from_bytes(bytes(part.cube or b"")) for part in parts.iterator()))
    return protect(exact, source.plan, source.codebook, earlier_cubes(report))


@transaction.atomic
def _keep_cube(actor: Actor, lease: Lease[Report], protected: ProtectedCube) -> None:
    """Store the protected counts with what stands beside them, and destroy the exact ones."""
    report = lease.row
    lease.update(stage=Stage.PROTECTING)
    if not StoredCube.objects.filter(report=report, round=report.round).exists():
        source = sources(report)
        StoredCube.objects.create(
            report=report,
            round=report.round,
            document=protected.as_document(),
            beside=beside(report, source, report_languages(source.survey.instrument)),
        )
        Part.objects.filter(report=report).delete()
        record(actor, "report.protected", f"report:{report.pk}", round=report.round)


@transaction.atomic
def _hand_over(actor: Actor, lease: Lease[Report], artifacts: list[Artifact]) -> None:
    Artifact.objects.bulk_create(artifacts)
    (listed,) = (one.sha256 for one in artifacts if one.path == MANIFEST)
    move(actor, lease.row, State.IN_REVIEW, fence=lease.fence, stage=Stage.DONE, manifest_sha256=listed)
