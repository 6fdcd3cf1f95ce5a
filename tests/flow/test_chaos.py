"""Everything is killed in turn while people answer and reports are made: nothing acknowledged is lost or doubled.

A round, in which each is killed once, runs with the other tests. `CHAOS=1 python -m pytest tests/flow/test_chaos.py` is
the long one: 60 seconds, 200 people at once, six reports. Both print what they counted.
"""

import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import pytest
from pytest_django import Settings

from accounts.audit import verify
from reports import actions
from reports.enums import State
from reports.models import Report
from reports.transitions import UNDER_WAY
from survey import receipts
from survey.models import Inbox
from tests.cast import CONSENT, SHELL, open_rehearsal
from tests.conftest import close_connections
from tests.flow.faults import RECOVERY, Broker, Cluster, own_broker, post
from tests.integration.reports.cast import requester, sealed_survey
from tests.stack import Stack, running, wait_for

LONG = os.environ.get("CHAOS") == "1"
PEOPLE, SECONDS, BETWEEN = (200, 60.0, 2.0) if LONG else (20, 0.0, 0.5)
SURVEYS = [f"mris-{number}" for number in range(6 if LONG else 1)]
"""A report is asked for of each."""
FORM = "/en/s/rehearsal/"
ENDED = {State.IN_REVIEW, State.FAILED}


@dataclass
class People:
    """Each sends an answer again and again until its receipt page comes, then the next."""

    stack: Stack
    thanked: list[str] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    leaving: bool = False

    def send(self) -> None:
        while not self.leaving:
            code, deadline = receipts.make(), time.monotonic() + SECONDS + RECOVERY
            while not self._is_thanked(code):
                assert time.monotonic() < deadline, f"{dict(self.refused)}, see {self.stack.logs}"
                time.sleep(0.2)
            self.thanked.append(code)

    def _is_thanked(self, code: str) -> bool:
        try:
            status, page = post(self.stack, FORM, {**CONSENT, "wave": "1", "mdl": "1", "receipt": code})
        except OSError:
            self.refused["no answer"] += 1
            return False
        if status == 200 and code in page.decode():
            return True
        self.refused[str(status)] += 1
        return False


@dataclass
class Killer:
    stack: Stack
    cluster: Cluster
    broker: Broker
    killed: Counter[str] = field(default_factory=Counter)

    def run(self, seconds: float, people: People) -> None:
        """At least one round; after each death somebody has to be thanked before the next."""
        ways = {"web": self._process, "worker": self._process, "redis": self._redis, "postgresql": self._postgres}
        turns = cycle(ways.items())
        end = time.monotonic() + seconds
        while time.monotonic() < end or len(self.killed) < len(ways):
            name, kill = next(turns)
            time.sleep(BETWEEN)
            kill(name)
            self.killed[name] += 1
            thanked = len(people.thanked)
            wait_for(
                lambda before=thanked: len(people.thanked) > before, f"a receipt after {name} was killed", RECOVERY
            )

    def _process(self, name: str) -> None:
        self.stack.kill(name)
        self.stack.start(name)

    def _redis(self, _: str) -> None:
        self.broker.stop(signal.SIGKILL)
        self.broker.start()

    def _postgres(self, _: str) -> None:
        self.cluster.crash()
        self.cluster.start()


@pytest.fixture
def town(cluster: Cluster, tmp_path: Path, settings: Settings) -> Iterator[Killer]:
    for slug in SURVEYS:
        sealed_survey(slug)
    open_rehearsal()
    with own_broker() as broker:
        # Nobody is asked for more work when many send: they are few who send much.
        extra = {**cluster.addresses(), "REDIS_URL": broker.url, "LEASE_SECONDS": "3", "SENDS_BUSY": "1000"}
        with running(cluster.database, tmp_path, "web", **extra) as stack:
            stack.start("worker", "beat")
            settings.STORAGE_URL = stack.environment()["STORAGE_URL"]
            yield Killer(stack, cluster, broker)
            stack.kill(*stack.processes)


def test_nothing_acknowledged_is_lost_whatever_is_killed(town: Killer, capsys: pytest.CaptureFixture[str]) -> None:
    asked = requester()
    reports = [actions.request_report(SHELL, asked, slug, "mris") for slug in SURVEYS]
    people = People(town.stack)
    with ThreadPoolExecutor(PEOPLE) as threads:
        sending = [threads.submit(people.send) for _ in range(PEOPLE)]
        try:
            town.run(SECONDS, people)
        finally:
            people.leaving = True
    for one in sending:
        one.result()
    close_connections()

    wait_for(lambda: {*states_of(reports)} <= ENDED, f"the reports to end, see {town.stack.logs}")
    stored = {bytes(receipt) for receipt in Inbox.objects.values_list("receipt", flat=True)}
    with capsys.disabled():
        print(f"\nkilled {dict(town.killed)}; acknowledged {len(people.thanked)}, stored {len(stored)}; "
              f"refused and repeated {dict(people.refused)}; reports {dict(Counter(states_of(reports)))}")  # fmt: skip
    assert stored == {receipts.digest("rehearsal", code) for code in people.thanked}
    assert len(people.thanked) == len(set(people.thanked)) >= PEOPLE
    assert people.refused, "nobody noticed"
    assert all(report.state == State.IN_REVIEW or report.error for report in reports)
    assert verify().broken is None


def states_of(reports: list[Report]) -> list[str]:
    for report in reports:
        report.refresh_from_db()
        assert report.state in ENDED | {*UNDER_WAY}
    return [report.state for report in reports]
