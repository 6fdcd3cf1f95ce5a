"""Publishing what two people approved, byte for byte, and taking it back."""

import hashlib
import json
import zipfile
from io import BytesIO

from django.db import transaction
from django.utils import timezone

from accounts.actions import record
from accounts.actors import Actor
from accounts.models import User
from reports.actions.moves import move
from reports.disclosure import clashes
from reports.enums import State
from reports.errors import AlreadyReported, FilesDiffer, ReasonMissing
from reports.models import Release, Report, Retraction
from reports.permissions import check_can_retract
from reports.queries import (
    BUNDLE,
    MANIFEST,
    artifacts,
    decisions_of_round,
    earlier_cubes,
    live_release,
    lock_report,
    lock_survey,
    protected_cube,
)
from reports.queries import release as find_release
from reports.storage import FileStore, store
from survey.queries import codebook, survey_facts


@transaction.atomic
def release(actor: Actor, report_id: int) -> Release | None:
    """Publish an approved report. None, and the report fails, when its stored files are not those that were reviewed.

    Asked again, it returns the release that stands. Nothing is rendered here.
    """
    report = lock_report(report_id)
    if report.state != State.APPROVED:
        return Release.objects.filter(report=report).first()
    lock_survey(report.survey_slug)
    try:
        _check_files(report, store())
        _check_place(report)
        _check_company(report)
    except (FilesDiffer, AlreadyReported) as error:
        move(actor, report, State.FAILED, reason=error.message, error=error.message)
        return None
    return _publish(actor, report)


def _publish(actor: Actor, report: Report) -> Release:
    first, second = decisions_of_round(report)
    release = Release.objects.create(
        report=report,
        slug=report.name,
        survey_slug=report.survey_slug,
        first=first,
        second=second,
        manifest_sha256=report.manifest_sha256,
        supersedes=report.supersedes,
        rehearsal=survey_facts(report.survey_slug).is_rehearsal,
        released_on=timezone.now().date(),
    )
    move(actor, report, State.RELEASED)
    if report.supersedes:
        move(actor, report.supersedes.report, State.SUPERSEDED)
    return release


def _check_files(report: Report, files: FileStore) -> None:
    """Every file of the manifest lies in the storage with the bytes that the manifest names; so does the bundle."""
    stored = {one.path: one.sha256 for one in artifacts(report)}
    content = files.get(stored.pop(MANIFEST))
    if hashlib.sha256(content).hexdigest() != report.manifest_sha256:
        raise FilesDiffer("The list of files is not the one that was reviewed.")
    bundle = files.get(stored.pop(BUNDLE))
    promised = {one["path"]: one["sha256"] for one in json.loads(content)["files"]}
    for path, sha256 in promised.items():
        if stored.pop(path, "") != sha256:
            raise FilesDiffer(f"{path} is not the file that was reviewed.")
        files.get(sha256)
    if stored:
        raise FilesDiffer(f"{min(stored)} was not reviewed.")
    if _digests_in(bundle) != {**promised, MANIFEST: report.manifest_sha256}:
        raise FilesDiffer("The bundle does not hold the files that were reviewed.")


def _digests_in(bundle: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(bundle)) as archive:
        return {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}


def _check_place(report: Report) -> None:
    if live_release(report) != report.supersedes:
        raise AlreadyReported("Meanwhile another release of this plan and these waves has appeared.")


def _check_company(report: Report) -> None:
    """Nothing that appeared since this report was computed may be subtracted from it."""
    protected = protected_cube(report)
    links = codebook(protected.instrument).links if protected else ()
    clashing = clashes(protected, earlier_cubes(report), links) if protected else []
    if clashing:
        raise AlreadyReported(
            "Meanwhile another release has appeared; together they would tell too much about the waves that they do "
            f"not share, for example in {clashing[0]}. Try again: it is then made with that release in view."
        )


@transaction.atomic
def retract(actor: User, release_slug: str, reason: str) -> Release:
    """Take a release back, for a reason that everybody may read. Its page and number stay."""
    release = find_release(release_slug)
    report = lock_report(release.report_id)
    check_can_retract(actor, report)
    if not reason.strip():
        raise ReasonMissing
    Retraction.objects.create(release=release, by=actor, reason=reason.strip(), retracted_on=timezone.now().date())
    record(Actor.of(actor), "release.retracted", f"release:{release.slug}")
    move(Actor.of(actor), report, State.RETRACTED, reason)
    return find_release(release_slug)
