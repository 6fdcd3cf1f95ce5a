"""Counting a report's responses in parts: any worker takes any part, and each part is counted once."""

from contextlib import closing

from django.db import transaction
from django.db.models import F

from accounts.actions import record
from accounts.actors import Actor
from reports.actions.failing import fail_on_error
from reports.actions.moves import move
from reports.enums import Stage, State
from reports.leases import Lease, claim, held
from reports.models import Part, Report
from reports.queries import lock_report, sources, waves_of
from reports.tabulate import count, workload

PART_SIZE = 2_000_000
"""Responses per part: nearly every report is a single one."""


@transaction.atomic
def start(actor: Actor, lease: Lease[Report]) -> None:
    """From the queue to work: cut the responses into parts."""
    report = lease.row
    total = sum(wave.responses for wave in waves_of(report))
    parts = [
        Part(report=report, round=report.round, first=first, size=min(PART_SIZE, total - first))
        for first in range(0, total, PART_SIZE)
    ]
    move(
        actor,
        report,
        State.COMPUTING,
        fence=lease.fence,
        stage=Stage.COUNTING,
        parts_done=0,
        parts_total=len(parts),
    )
    Part.objects.bulk_create(parts)


def work_on_part(actor: Actor, part_id: int) -> int | None:
    """Count one part, unless somebody else does or did. Returns the report's id if it was the last one."""
    waiting = Part.objects.filter(pk=part_id, cube=None, round=F("report__round"), report__state=State.COMPUTING)
    lease = claim(waiting.select_related("report"))
    if lease is None:
        return None
    with held(lease), fail_on_error(actor, lease.row.report):
        cube = _count(lease.row)
        return _store(actor, lease, cube)
    return None


def _count(part: Part) -> bytes:
    source = sources(part.report)
    # Closed after an error too, which is then written down over the same connection.
    with closing(source.blocks(part.first, part.size)) as blocks:
        return count(blocks, workload(source.plan, source.codebook), source.wave_names).to_bytes()


@transaction.atomic
def _store(actor: Actor, lease: Lease[Part], cube: bytes) -> int | None:
    report = lock_report(lease.row.report_id)
    lease.update(cube=cube)
    counted = Part.objects.filter(report=report, round=report.round).exclude(cube=None).count()
    Report.objects.filter(pk=report.pk).update(parts_done=counted)
    record(actor, "report.part_counted", f"report:{report.pk}", round=report.round, part=lease.row.pk)
    return report.pk if counted == report.parts_total else None
