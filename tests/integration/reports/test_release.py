"""What two people approved is published byte for byte, and may be taken back for a public reason."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.actors import WORKER
from accounts.enums import Role
from accounts.models import AuditEntry
from reports import queries
from reports.actions import release, request_report, retract, retry
from reports.enums import State
from reports.errors import NotAllowed, ReasonMissing, WrongState
from reports.models import Release, Report
from tests.cast import SHELL
from tests.integration.reports.cast import (
    add_sealed_wave,
    colleague,
    computed,
    released,
    requester,
    sealed_survey,
    vote,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.STORAGE_URL = tmp_path.as_uri()
    return tmp_path


@pytest.fixture
def report(folder: Path) -> Report:
    sealed_survey()
    report = computed()
    vote(report)
    vote(report)
    return report


def stored(folder: Path, report: Report, path: str) -> Path:
    sha256 = queries.artifact(report, path).sha256
    return folder / sha256[:2] / sha256


def test_it_publishes_what_was_reviewed(report: Report) -> None:
    published = release(WORKER, report.pk)
    report.refresh_from_db()
    assert published is not None
    assert (published.slug, published.manifest_sha256, published.rehearsal) == ("mris-1", report.manifest_sha256, True)
    assert {published.first.reviewer, published.second.reviewer} & {report.requested_by} == set()
    assert report.state == State.RELEASED


def test_twice_is_once(report: Report) -> None:
    assert release(WORKER, report.pk) == release(WORKER, report.pk)
    assert Release.objects.count() == 1
    assert AuditEntry.objects.filter(action="report.released").count() == 1


def test_one_approval_releases_nothing(folder: Path) -> None:
    sealed_survey()
    report = computed()
    vote(report)
    assert release(WORKER, report.pk) is None
    assert report.state == State.IN_REVIEW


@pytest.mark.parametrize("path", ["report.json", "manifest.json", "bundle.zip", "cells.csv"])
def test_a_changed_file_is_never_published(report: Report, folder: Path, path: str) -> None:
    stored(folder, report, path).write_bytes(b"something else")
    assert release(WORKER, report.pk) is None
    report.refresh_from_db()
    assert report.state == State.FAILED
    assert "changed" in report.error


def test_a_missing_file_is_never_published_and_a_new_round_needs_new_reviews(report: Report, folder: Path) -> None:
    stored(folder, report, "audit.json").unlink()
    assert release(WORKER, report.pk) is None
    report.refresh_from_db()
    assert report.state == State.FAILED
    retry(report.requested_by, report.pk)
    assert queries.decisions_of_round(queries.report(report.pk)) == []


def test_the_sweep_finds_what_is_to_be_released(report: Report) -> None:
    assert queries.reports_to_release() == [report.pk]
    release(WORKER, report.pk)
    assert queries.reports_to_release() == []


def test_the_bundle_holds_exactly_the_reviewed_files(report: Report) -> None:
    archive = zipfile.ZipFile(BytesIO(queries.file_content(report, queries.BUNDLE)))
    paths = {one.path for one in queries.artifacts(report)} - {queries.BUNDLE}
    assert set(archive.namelist()) == paths
    assert all(archive.read(path) == queries.file_content(report, path) for path in sorted(paths))


def test_a_successor_supersedes_and_both_stay_on_record(report: Report) -> None:
    first = release(WORKER, report.pk)
    successor = computed(request_report(SHELL, requester(), "mris", "mris", replace=True, purpose="A label was wrong."))
    vote(successor)
    vote(successor)
    second = release(WORKER, successor.pk)
    report.refresh_from_db()
    assert second is not None
    assert second.supersedes == first
    assert (report.state, successor.name) == (State.SUPERSEDED, "mris-2")
    assert list(queries.public_releases()) == [second]
    assert list(queries.releases()) == [second, first]


def test_two_made_at_once_do_not_both_appear_where_one_could_be_taken_from_the_other(folder: Path) -> None:
    add_sealed_wave(sealed_survey(), 60)
    alone, together = (computed(request_report(SHELL, requester(), "mris", "mris", waves)) for waves in ([1], [1, 2]))
    for report in (alone, together):
        vote(report)
        vote(report)
    assert release(WORKER, alone.pk) is not None
    assert release(WORKER, together.pk) is None
    together.refresh_from_db()
    assert together.state == State.FAILED
    assert "Meanwhile another release" in together.error
    retry(together.requested_by, together.pk)
    assert released(together).report.round == 2


def test_retracting_needs_an_admin_and_a_reason() -> None:
    sealed_survey()
    slug = released().slug
    with pytest.raises(NotAllowed):
        retract(colleague(Role.REVIEWER, Role.RESEARCHER), slug, "because")
    with pytest.raises(ReasonMissing):
        retract(colleague(Role.ADMIN), slug, "  ")
    retract(colleague(Role.ADMIN), slug, "A wrong label in one table.")
    assert queries.release(slug).report.state == State.RETRACTED
    assert queries.release(slug).retraction.reason == "A wrong label in one table."
    with pytest.raises(WrongState):
        retract(colleague(Role.ADMIN), slug, "again")
