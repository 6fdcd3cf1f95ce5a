"""Many at once, with real commits: one wins, and the others are told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from accounts.actors import WORKER
from accounts.enums import Role
from accounts.models import AuditEntry
from reports.actions import decide, object_to, release, request_report
from reports.enums import State, Verdict
from reports.errors import AlreadyReported, WrongState
from reports.leases import claim
from reports.models import Decision, Objection, Release, Report
from tests.cast import SHELL
from tests.integration.reports.cast import MANIFEST, colleague, computed, in_review, requester, sealed_survey, vote

AT_ONCE = 8


def at_once[Result](act: Callable[[int], Result]) -> list[Result]:
    """What `act` gives in threads that begin together, each with a connection of its own."""
    start = Barrier(AT_ONCE)

    def one(number: int) -> Result:
        start.wait()
        try:
            return act(number)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(AT_ONCE)))


def test_one_worker_gets_a_report(own_database: str) -> None:
    sealed_survey()
    request_report(SHELL, requester(), "mris", "mris")
    leases = at_once(lambda _: claim(Report.objects.all()))
    assert len([lease for lease in leases if lease]) == 1


def test_one_request_of_the_same_plan_and_waves_is_taken(own_database: str) -> None:
    sealed_survey()
    asked = requester()

    def ask(_: int) -> bool:
        try:
            request_report(SHELL, asked, "mris", "mris")
        except AlreadyReported:
            return False
        return True

    assert sum(at_once(ask)) == 1
    assert Report.objects.count() == 1


def test_two_decisions_of_many_at_once_end_the_round(own_database: str) -> None:
    report = in_review()
    reviewers = [colleague(Role.REVIEWER) for _ in range(AT_ONCE)]

    def approve(number: int) -> bool:
        try:
            decide(reviewers[number], report.pk, Verdict.APPROVE, "fine", MANIFEST)
        except WrongState:
            return False
        return True

    assert sum(at_once(approve)) == 2
    report.refresh_from_db()
    assert (report.state, Decision.objects.count()) == (State.APPROVED, 2)


def test_a_report_is_released_once(own_database: str) -> None:
    sealed_survey()
    report = computed()
    vote(report)
    vote(report)
    assert len({found.pk for found in at_once(lambda _: release(WORKER, report.pk)) if found}) == 1
    assert Release.objects.count() == 1
    assert AuditEntry.objects.filter(action="report.released").count() == 1


def test_an_objection_comes_before_the_release_or_not_at_all(own_database: str) -> None:
    sealed_survey()
    report = computed()
    vote(report)
    vote(report)
    people = [colleague(Role.REVIEWER) for _ in range(AT_ONCE)]

    def act(number: int) -> bool:
        """Half of them publish, half of them object. Whether it came about."""
        if number % 2:
            return release(WORKER, report.pk) is not None
        try:
            return bool(object_to(people[number], report.pk, "Swapped labels."))
        except WrongState:
            return False

    at_once(act)
    assert Release.objects.exists() != Objection.objects.exists()
