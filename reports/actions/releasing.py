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
from reports.errors import AlreadyReported, FilesDiffer, ReasonMissing, ReviewersChanged
from reports.models import Decision, Release, Report, Retraction
from reports.permissions import check_can_retract, is_stopped
from reports.queries import (
    BUNDLE,
    MANIFEST,
    artifacts,
    counting,
    decisions_of_round,
    earlier_cubes,
    live_release,
    lock_report,
    lock_survey,
    protected_cube,
)
from reports.queries import release as find_release
from reports.storage import FileStore, store
from reports.visibility import REVIEWS_NEEDED
from survey.queries import codebook, survey_facts


@transaction.atomic
def release(actor: Actor, report_id: int) -> Release | None:
    """Publish an approved report. None, and the report fails, when its stored files are not those that were reviewed.

    None, and nothing happens, while an objection is open. Asked again, it returns the release that stands. Nothing is
    rendered here.
    """
    report = lock_report(report_id)
    if report.state != State.APPROVED:
        return Release.objects.filter(report=report).first()
    if is_stopped(report):
        return None
    lock_survey(report.survey_slug)
    try:
        people = _people(report)
        _check_files(report, store())
        _check_place(report)
        _check_company(report)
    except (FilesDiffer, AlreadyReported, ReviewersChanged) as error:
        move(actor, report, State.FAILED, reason=error.message, error=error.message)
        return None
    return _publish(actor, report, *people)


def _publish(actor: Actor, report: Report, first: Decision, second: Decision) -> Release:
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


def _people(report: Report) -> tuple[Decision, Decision]:
    """The two decisions it is published on. Between the last vote and now somebody may have joined the study."""
    standing = counting(decisions_of_round(report), report)
    if len(standing) < REVIEWS_NEEDED:
        raise ReviewersChanged("Somebody who approved this report belongs to its study by now. Others must review it.")
    return standing[0], standing[1]


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
    clashing = clashes(protected, earlier_cubes(report), codebook(protected.instrument)) if protected else []
    if clashing:
        raise AlreadyReported(
            "Meanwhile another release has appeared; together they would tell too much about the waves that they do "
            f"not share, for example in {clashing[0]}. Try again: it is then made with that release in view."
        )


@transaction.atomic
def retract(actor: User, release_slug: str, reason: str) -> Release:
    """Take a release back, for a reason that everybody may read. Its page and number stay.

    One admin is enough: releasing needs two people because it cannot be undone, and taking back only protects.
    """
    release = find_release(release_slug)
    report = lock_report(release.report_id)
    check_can_retract(actor, report)
    if not reason.strip():
        raise ReasonMissing
    Retraction.objects.create(release=release, by=actor, reason=reason.strip(), retracted_on=timezone.now().date())
    record(Actor.of(actor), "release.retracted", f"release:{release.slug}")
    move(Actor.of(actor), report, State.RETRACTED, reason)
    return find_release(release_slug)
