"""From the queue to review, step by step; every step may be done twice, by anybody."""

import json
from datetime import timedelta

import pytest
from django.db.models.functions import Now

from accounts.actors import WORKER
from reports import queries
from reports.actions import counting, request_report, retry, work_on_part, work_on_report
from reports.actions.computing import MOST_ATTEMPTS
from reports.enums import Stage, State
from reports.errors import LeaseLost
from reports.leases import claim
from reports.models import Artifact, Part, Report, StoredCube
from reports.storage import FileStore, digest, store
from reports.tabulate import Cube
from tests.cast import SHELL
from tests.integration.reports.cast import requester, sealed_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def report() -> Report:
    sealed_survey()
    return request_report(SHELL, requester(), "mris", "mris")


def work(report: Report) -> Report:
    """As workers do: one message after the other until nobody is nudged."""
    for part in work_on_report(WORKER, report.pk):
        if work_on_part(WORKER, part):
            work_on_report(WORKER, report.pk)
    report.refresh_from_db()
    return report


def test_it_ends_in_review_with_files_and_their_manifest(report: Report) -> None:
    work(report)
    assert (report.state, report.stage, report.error) == (State.IN_REVIEW, Stage.DONE, "")
    manifest = queries.file_content(report, queries.MANIFEST)
    assert report.manifest_sha256 == digest(manifest)
    listed = {one["path"]: one["sha256"] for one in json.loads(manifest)["files"]}
    stored = {one.path: one.sha256 for one in queries.artifacts(report)}
    assert stored == {**listed, "manifest.json": digest(manifest), "bundle.zip": stored["bundle.zip"]}
    assert queries.document(report)["report"] == report.name == "mris-1"


def test_exact_counts_are_gone_once_the_protected_ones_are_stored(report: Report) -> None:
    work(report)
    assert not Part.objects.exists()
    assert StoredCube.objects.get().document["n"] == 400


def test_many_parts_give_the_counts_of_one(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "PART_SIZE", 150)
    parts = work_on_report(WORKER, report.pk)
    assert [work_on_part(WORKER, part) for part in parts] == [None, None, report.pk]
    report.refresh_from_db()
    assert (report.parts_done, report.parts_total) == (3, 3)
    merged = [Cube.from_bytes(bytes(part.cube or b"")) for part in Part.objects.all()]
    assert [cube.n for cube in merged] == [150, 150, 100]
    Part.objects.all().delete()
    source = queries.sources(report)
    whole = Cube.from_bytes(counting._count(Part(report=report, first=0, size=400)))
    assert merged[0].merge(merged[1]).merge(merged[2]).to_bytes() == whole.to_bytes()
    assert source.wave_names == ("mris/1",)


def test_a_message_delivered_twice_changes_nothing(report: Report) -> None:
    parts = work_on_report(WORKER, report.pk)
    assert work_on_report(WORKER, report.pk) == parts
    for part in parts * 2:
        work_on_part(WORKER, part)
    for _ in range(2):
        work_on_report(WORKER, report.pk)
    report.refresh_from_db()
    assert report.state == State.IN_REVIEW
    assert Artifact.objects.filter(path="report.json").count() == 1


def test_the_sweep_finds_each_piece_of_work_that_nobody_holds(report: Report) -> None:
    assert queries.reports_to_work_on() == [report.pk]
    (part,) = work_on_report(WORKER, report.pk)
    assert (queries.reports_to_work_on(), queries.parts_to_count()) == ([], [part])
    work_on_part(WORKER, part)
    assert (queries.reports_to_work_on(), queries.parts_to_count()) == ([report.pk], [])
    work_on_report(WORKER, report.pk)
    assert (queries.reports_to_work_on(), queries.parts_to_count()) == ([], [])


def test_work_that_somebody_holds_is_left_alone_until_the_lease_runs_out(report: Report) -> None:
    assert claim(Report.objects.filter(pk=report.pk)) is not None
    assert work_on_report(WORKER, report.pk) == []
    assert queries.reports_to_work_on() == []
    Report.objects.filter(pk=report.pk).update(lease_until=Now() - timedelta(seconds=1))
    assert work(report).state == State.IN_REVIEW


def test_a_late_worker_of_a_part_writes_nothing(report: Report) -> None:
    (part,) = work_on_report(WORKER, report.pk)
    late = claim(Part.objects.filter(pk=part))
    assert late is not None
    Part.objects.filter(pk=part).update(lease_until=Now() - timedelta(seconds=1))
    work_on_part(WORKER, part)
    with pytest.raises(LeaseLost):
        counting._store(WORKER, late, b"something else")


@pytest.mark.parametrize("stage", ["_protect", "_keep_cube", "render_round", "store_files", "_hand_over"])
def test_a_worker_that_dies_at_a_stage_is_replaced(report: Report, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    class Killed(BaseException):
        """Nothing catches it, as nothing catches a signal."""

    def die(*args: object) -> None:
        raise Killed

    for part in work_on_report(WORKER, report.pk):
        work_on_part(WORKER, part)
    with monkeypatch.context() as patched:
        patched.setattr(f"reports.actions.computing.{stage}", die)
        with pytest.raises(Killed):
            work_on_report(WORKER, report.pk)
    report.refresh_from_db()
    assert report.state == State.COMPUTING
    assert work(report).state == State.IN_REVIEW
    assert report.attempts == 2


def test_an_error_ends_the_round_without_quoting_it(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise ValueError("17 people")

    monkeypatch.setattr("reports.actions.computing.protect", fail)
    work(report)
    assert report.state == State.FAILED
    assert "ValueError" in report.error
    assert "17" not in report.error.partition(", line")[0]
    assert not Part.objects.exists()


def test_a_full_disk_ends_the_round_and_can_be_tried_again(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: FileStore, content: bytes) -> str:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(FileStore, "put", full)
        work(report)
    assert (report.state, report.error) == (State.FAILED, "No space left on device")
    retry(report.requested_by, report.pk)
    report.refresh_from_db()
    assert (report.state, report.round, report.error) == (State.QUEUED, 2, "")
    assert work(report).state == State.IN_REVIEW


def test_a_report_that_kills_its_workers_is_given_up(report: Report) -> None:
    for part in work_on_report(WORKER, report.pk):
        work_on_part(WORKER, part)
    Report.objects.filter(pk=report.pk).update(attempts=MOST_ATTEMPTS)
    assert work(report).state == State.FAILED
    assert "Gave up" in report.error


def test_a_plan_that_has_changed_since_the_request_is_not_used() -> None:
    sealed_survey()
    report = request_report(SHELL, requester(), "mris", "mris")
    Report.objects.filter(pk=report.pk).update(plan_digest="another")
    assert work(report).state == State.FAILED
    assert "plan has changed" in report.error


def test_stored_files_are_read_back_as_they_were_written(report: Report) -> None:
    work(report)
    for artifact in queries.artifacts(report):
        assert len(store().get(artifact.sha256)) == artifact.size
