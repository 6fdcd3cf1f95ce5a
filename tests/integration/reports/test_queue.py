"""The reviewers' queue: what waits for the reader, with whose turn it is in words."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.actors import WORKER
from accounts.enums import Role
from accounts.models import User
from reports.actions import object_to
from reports.actions.moves import move
from reports.enums import State, Verdict
from reports.models import Report
from reports.pages.queue import MOST_OVER, entries_for
from tests.integration.reports.cast import approved, colleague, in_review, queued, requester, vote
from tests.integration.reports.test_conflict import member

pytestmark = pytest.mark.django_db


def shown(user: User, address: str = "/review/") -> dict[str, str]:
    """The text of each part of the page: mine, others, over."""
    client = Client()
    client.force_login(user)
    page = unescape(client.get(address).content.decode())
    parts = re.split(r'<h2 id="(\w+)">', page)
    return {
        name: re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part))
        for name, part in zip(parts[1::2], parts[2::2], strict=True)
    }


def turn_of(user: User, report: Report) -> tuple[bool, str]:
    (entry,) = [one for one in entries_for(user, list(Report.objects.all())) if one.report == report]
    return entry.turn.is_mine, entry.turn.sentence


def test_an_empty_queue_says_so() -> None:
    page = shown(colleague(Role.REVIEWER))
    assert "Nothing waits for you." in page["mine"]
    assert "Nothing waits for anybody else." in page["others"]
    assert "No report has been released, rejected or blocked yet." in page["over"]


def test_each_report_stands_where_its_reader_looks_for_it() -> None:
    reader = colleague(Role.REVIEWER)
    waiting, own, done = in_review(title="A"), in_review(reader, title="B", waves=[2]), in_review(title="C", waves=[3])
    vote(done, Verdict.REJECT)
    vote(done, Verdict.REJECT)
    page = shown(reader)
    assert (waiting.name in page["mine"], own.name in page["others"], done.name in page["over"]) == (True,) * 3
    assert waiting.name not in page["others"] + page["over"]


def test_a_vote_that_is_missing_is_the_turn_of_those_who_may_give_it() -> None:
    asked, voter, other = requester(), colleague(Role.REVIEWER), colleague(Role.REVIEWER)
    close, admin = member(), colleague(Role.ADMIN)
    report = in_review(asked)
    assert turn_of(other, report) == (True, "Your turn: nobody has decided yet.")
    vote(report, reviewer=voter)
    assert turn_of(other, report) == (True, "Your turn: one decision is in, yours is missing.")
    assert turn_of(voter, report) == (False, "A second reviewer's turn; you have decided.")
    assert turn_of(asked, report) == (False, "A second reviewer's turn; not yours, because you asked for it.")
    assert turn_of(close, report) == (False, "A second reviewer's turn; not yours, because you belong to the study.")
    assert turn_of(admin, report) == (False, "A second reviewer's turn; not yours, because you are no reviewer.")


def test_a_vote_of_somebody_who_joined_the_study_is_missing_again() -> None:
    report, close = in_review(), colleague(Role.REVIEWER)
    vote(report, reviewer=close)
    member(close)
    assert turn_of(colleague(Role.REVIEWER), report) == (True, "Your turn: nobody has decided yet.")


def test_what_reviewers_want_changed_is_the_requester_s_turn() -> None:
    asked, report = requester(), in_review()
    mine = in_review(asked, waves=[2])
    for one in (report, mine):
        vote(one, Verdict.ASK_FOR_CHANGES)
        vote(one)
    assert turn_of(asked, mine) == (True, "Your turn: answer the reviewers and send it in again.")
    assert turn_of(asked, report) == (False, f"The turn of {report.requested_by}, who has to answer.")


def test_what_failed_is_the_requester_s_turn() -> None:
    asked = requester()
    report = queued(asked)
    assert turn_of(asked, report) == (False, "A worker's turn: waiting for a worker.")
    move(WORKER, report, State.COMPUTING)
    move(WORKER, report, State.FAILED, "The disk is full.")
    assert turn_of(asked, report)[0]
    assert turn_of(colleague(Role.ADMIN), report) == (False, f"The turn of {asked}, who can try again.")


def test_an_objection_is_the_turn_of_who_can_end_it() -> None:
    report, by = approved(), colleague(Role.REVIEWER)
    assert turn_of(by, report) == (False, "A worker's turn: it is being published.")
    object_to(by, report.pk, "Swapped labels.")
    assert turn_of(by, report) == (True, "Your turn: two people approved it, and your objection holds it back.")
    assert turn_of(report.requested_by, report)[0]
    assert turn_of(colleague(Role.REVIEWER), report) == (False, f"Held back by an objection of {by}.")
    assert "1 open objection." in shown(by)["mine"]


def test_age_is_told_in_days_and_the_oldest_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    old, young = in_review(title="Old"), in_review(title="Young", waves=[2])
    later = timezone.now() + timedelta(days=12)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    page = shown(colleague(Role.REVIEWER))["mine"]
    assert "For 12 days, since" in page
    assert page.index(old.title) < page.index(young.title)


def test_it_can_be_narrowed_to_one_survey() -> None:
    reader = colleague(Role.REVIEWER)
    one, other = in_review(), in_review(survey_slug="other")
    page = shown(reader, "/review/?survey=other")
    assert other.name in page["mine"]
    assert one.name not in str(page)
    assert one.name in shown(reader, "/review/?survey=unknown")["mine"]


def test_the_database_is_asked_as_often_for_many_reports_as_for_one() -> None:
    reader = colleague(Role.REVIEWER)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            entries_for(reader, list(Report.objects.select_related("requested_by")))
        return len(asked)

    vote(in_review())
    before = queries()
    for wave in range(2, 7):
        vote(in_review(waves=[wave], survey_slug=f"survey-{wave}"))
    assert queries() == before <= 6


def test_old_ones_are_counted_instead_of_listed() -> None:
    for wave in range(MOST_OVER + 2):
        report = queued(waves=[wave + 1])
        move(WORKER, report, State.COMPUTING)
        move(WORKER, report, State.BLOCKED, "Too little.")
    assert "2 older reports are not listed." in shown(colleague(Role.ADMIN))["over"]
