"""The disk is full: what cannot be kept is refused and said, and works again once there is room."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import DjangoDbBlocker, Settings

from accounts.models import AuditEntry
from reports import actions
from reports.enums import State
from survey import receipts
from survey.models import Inbox
from tests.cast import CONSENT, SHELL, open_rehearsal
from tests.flow.faults import RECOVERY, Broker, Cluster, own_broker, own_cluster, post, small_disk
from tests.flow.test_faults import files_of
from tests.integration.reports.cast import requester
from tests.stack import Stack, running, wait_for

FORM = "/en/s/rehearsal/"


@pytest.fixture
def broker() -> Iterator[Broker]:
    with own_broker() as broker:
        yield broker


def test_a_report_without_room_fails_with_the_reason_and_is_made_when_there_is_room(
    sealed_database: str, broker: Broker, tmp_path: Path, settings: Settings
) -> None:
    who = requester()
    with small_disk(tmp_path / "storage", "200k") as disk, running(
        sealed_database, tmp_path, "worker", "beat", REDIS_URL=broker.url
    ) as stack:  # fmt: skip
        settings.STORAGE_URL = stack.environment()["STORAGE_URL"]
        report = actions.request_report(SHELL, who, "mris", "mris")

        def state() -> str:
            stack.check()
            report.refresh_from_db()
            return report.state

        wait_for(lambda: state() == State.FAILED, f"the report to fail, see {stack.logs}", RECOVERY)
        assert report.error == "No space left on device"
        assert not list(disk.folder.glob("??/.new-*"))

        disk.resize("64m")
        actions.retry(who, report.pk)

        wait_for(lambda: state() == State.IN_REVIEW, f"the report, see {stack.logs}", RECOVERY)
        stored = {path.name for path in disk.folder.glob("??/*")}
        assert set(files_of(report).values()) <= stored


@pytest.fixture
def full(django_db_blocker: DjangoDbBlocker, tmp_path: Path) -> Iterator[tuple[Stack, Cluster]]:
    with django_db_blocker.unblock(), own_cluster(size="250m") as cluster, cluster.under_django():
        open_rehearsal()
        with running(cluster.database, tmp_path, "web", **cluster.addresses()) as stack:
            yield stack, cluster
            stack.kill("web")


def test_an_answer_that_the_database_has_no_room_for_is_refused_and_its_repeat_is_kept(
    full: tuple[Stack, Cluster],
) -> None:
    stack, cluster = full
    assert cluster.disk is not None
    sent: dict[str, int] = {}
    ballast = cluster.disk.fill()
    while 503 not in sent.values():
        code = receipts.make()
        sent[code], _ = post(stack, FORM, form(code))
        assert len(sent) < 500, "the disk is not full"
    assert Inbox.objects.count() == len(sent) - 1
    assert set(sent.values()) <= {200, 503}

    ballast.unlink()

    for code in sent:
        status, page = post(stack, FORM, form(code))
        assert (status, code in page.decode()) == (200, True)
    assert Inbox.objects.count() == len(sent)
    assert AuditEntry.objects.exclude(actor_kind="command").count() == 0


def form(code: str) -> dict[str, str | list[str]]:
    return {**CONSENT, "wave": "1", "mdl": "1", "receipt": code}
