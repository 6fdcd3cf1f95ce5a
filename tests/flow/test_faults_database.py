"""PostgreSQL stops in the middle of everything: what was acknowledged is there once, and the report is finished."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pytest_django import Settings

from reports.actions import request_report
from reports.enums import Stage, State
from reports.models import Report
from survey import receipts
from survey.models import Inbox
from tests.cast import CONSENT, SHELL, open_rehearsal
from tests.conftest import close_connections
from tests.flow.faults import RECOVERY, Cluster, hold, own_broker, post
from tests.integration.reports.cast import requester, sealed_survey
from tests.stack import Stack, running, wait_for

RESPONDENTS = 3
ENOUGH = 20
PAUSE = 0.1
"""Seconds before somebody tries again."""


@pytest.fixture
def stack(cluster: Cluster, tmp_path: Path, settings: Settings) -> Iterator[Stack]:
    sealed_survey()
    open_rehearsal()
    with own_broker() as broker:
        extra = {**cluster.addresses(), "REDIS_URL": broker.url, "LEASE_SECONDS": "3"}
        with running(cluster.database, tmp_path, "web", **extra) as stack:
            stack.start("worker", "beat")
            settings.STORAGE_URL = stack.environment()["STORAGE_URL"]
            yield stack
            stack.kill(*stack.processes)


@dataclass
class Respondents:
    """People who send one answer after the other, each again and again until they see their receipt."""

    stack: Stack
    thanked: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    leaving: bool = False

    def send(self) -> None:
        while not self.leaving:
            code = receipts.make()
            while not self._is_thanked(code):
                self.failures.append(code)
                time.sleep(PAUSE)
            self.thanked.append(code)

    def _is_thanked(self, code: str) -> bool:
        try:
            status, page = post(self.stack, "/en/s/rehearsal/", {**CONSENT, "wave": "1", "mdl": "1", "receipt": code})
        except OSError:
            return False
        return status == 200 and code in page.decode()

    def wait_for_more(self) -> None:
        enough = len(self.thanked) + ENOUGH
        wait_for(lambda: len(self.thanked) >= enough, f"{enough} receipts, see {self.stack.logs}", RECOVERY)


def test_postgresql_restarts_while_answers_arrive_and_a_report_is_computed(stack: Stack, cluster: Cluster) -> None:
    people = Respondents(stack)
    with ThreadPoolExecutor(RESPONDENTS) as threads:
        sending = [threads.submit(people.send) for _ in range(RESPONDENTS)]
        try:
            report = crash_while_a_report_is_computed(people, stack, cluster)
            people.wait_for_more()
        finally:
            people.leaving = True
    for one in sending:
        one.result()

    wait_for(lambda: is_in_review(report), f"report {State.IN_REVIEW}, see {stack.logs}", RECOVERY)
    assert {bytes(receipt) for receipt in Inbox.objects.values_list("receipt", flat=True)} == {
        receipts.digest("rehearsal", code) for code in people.thanked
    }
    assert len(people.thanked) == len(set(people.thanked)) >= 2 * ENOUGH
    assert people.failures, "nobody noticed the restart"
    stack.check()


def crash_while_a_report_is_computed(people: Respondents, stack: Stack, cluster: Cluster) -> Report:
    people.wait_for_more()
    with hold(cluster.superuser_url, "reports_storedcube", "ACCESS EXCLUSIVE") as held:
        report = request_report(SHELL, requester(), "mris", "mris")
        held.wait_for_somebody(stack)
        report.refresh_from_db()
        assert report.stage == Stage.PROTECTING
        before = len(people.failures)
        cluster.crash()
        close_connections()
        wait_for(lambda: len(people.failures) >= before + RESPONDENTS, "people to notice")
    cluster.start()
    return report


def is_in_review(report: Report) -> bool:
    report.refresh_from_db()
    assert report.state != State.FAILED, report.error
    return report.state == State.IN_REVIEW
