"""Asking for a report: from sealed waves, with enough responses, once per plan and waves."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Role
from accounts.models import AuditEntry, User
from reports.actions import request_report, resubmit, retract, retry
from reports.enums import State, Verdict
from reports.errors import AlreadyReported, Invalid, NotAllowed, NotFound, ReasonMissing, TooFewResponses, WrongState
from reports.models import Report
from survey.enums import WaveState
from survey.models import Wave
from tests.cast import SHELL
from tests.integration.reports.cast import (
    add_sealed_wave,
    colleague,
    in_review,
    released,
    requester,
    sealed_survey,
    vote,
)

pytestmark = pytest.mark.django_db


def ask(requested_by: User | None = None, *waves: int, plan: str = "mris", **wish: Any) -> Report:
    return request_report(SHELL, requested_by or requester(), "mris", plan, waves, **wish)


def test_it_stands_in_the_queue_over_all_sealed_waves() -> None:
    add_sealed_wave(sealed_survey(responses=100), 100)
    report = ask()
    assert (report.state, report.waves, report.name, report.round) == (State.QUEUED, [1, 2], "mris-1", 1)
    assert report.title
    assert AuditEntry.objects.get(action="report.requested").subject == f"report:{report.pk}"


@pytest.mark.parametrize("roles", [(), (Role.REVIEWER,)])
def test_only_researchers_and_admins_ask(roles: tuple[Role, ...]) -> None:
    sealed_survey()
    with pytest.raises(NotAllowed):
        ask(colleague(*roles))


def test_an_unsealed_wave_is_refused() -> None:
    survey = sealed_survey()
    Wave.objects.create(survey=survey, number=2, languages=["en"], seal_on="2027-01-10", state=WaveState.CLOSED)
    with pytest.raises(WrongState, match="wave 2 of mris is not sealed"):
        ask(None, 1, 2)
    assert ask().waves == [1]


def test_unknown_names_are_refused() -> None:
    sealed_survey()
    with pytest.raises(NotFound, match="no plan"):
        ask(plan="../mris")
    with pytest.raises(NotFound, match="no survey"):
        request_report(SHELL, requester(), "other", "mris")


@pytest.mark.parametrize(
    ("open_link", "responses", "enough"),
    [
        (True, 99, False),
        (True, 100, True),
        (False, 49, False),
        (False, 50, True),
    ],
)
def test_there_must_be_enough_responses(open_link: bool, responses: int, enough: bool) -> None:
    sealed_survey(responses=responses, open_link=open_link)
    if enough:
        assert ask().state == State.QUEUED
    else:
        with pytest.raises(TooFewResponses):
            ask()


def test_a_small_wave_is_pooled_but_not_after_its_neighbours_were_reported() -> None:
    add_sealed_wave(sealed_survey(responses=120), 40)
    assert ask(None, 1, 2)


@pytest.mark.parametrize(("first", "second"), [((1,), (1, 2)), ((1, 2), (1,)), ((1, 3), (1, 2, 3))])
def test_no_two_reports_single_out_a_small_wave(first: tuple[int, ...], second: tuple[int, ...]) -> None:
    survey = sealed_survey(responses=120)
    add_sealed_wave(survey, 40)
    add_sealed_wave(survey, 120)
    ask(None, *first)
    with pytest.raises(TooFewResponses, match="single out"):
        ask(None, *second)


def test_large_waves_may_be_reported_alone_and_together() -> None:
    add_sealed_wave(sealed_survey(responses=120), 120)
    assert [ask(None, *waves).number for waves in ((1,), (2,), (1, 2))] == [1, 2, 3]


def test_waves_of_two_reports_lie_inside_each_other_or_apart() -> None:
    survey = sealed_survey(responses=120)
    add_sealed_wave(survey, 120)
    add_sealed_wave(survey, 120)
    ask(None, 1, 2)
    with pytest.raises(WrongState, match="played off"):
        ask(None, 2, 3)
    assert [ask(None, *waves).waves for waves in ((1, 2, 3), (3,), (1,))] == [[1, 2, 3], [3], [1]]


def test_one_at_a_time_of_the_same_plan_and_waves() -> None:
    sealed_survey()
    ask()
    with pytest.raises(AlreadyReported, match="under way"):
        ask()


def test_a_released_one_is_only_replaced() -> None:
    sealed_survey()
    first = released()
    with pytest.raises(AlreadyReported, match="mris-1 reports this plan"):
        ask()
    assert ask(replace=True, purpose="A label was wrong.").supersedes == first


def test_it_is_not_replaced_without_a_reason() -> None:
    sealed_survey()
    released()
    with pytest.raises(ReasonMissing, match="what is wrong"):
        ask(replace=True, purpose=" ")


def test_what_was_never_released_cannot_be_replaced() -> None:
    sealed_survey()
    with pytest.raises(Invalid, match="no release"):
        ask(replace=True, purpose="A label was wrong.")


def test_after_a_retraction_it_may_be_asked_for_again() -> None:
    sealed_survey()
    retract(colleague(Role.ADMIN), released().slug, "A wrong label.")
    assert ask().supersedes is None


def test_the_requester_sends_it_in_again_with_a_reason() -> None:
    sealed_survey()
    report = in_review()
    vote(report, Verdict.ASK_FOR_CHANGES)
    vote(report)
    with pytest.raises(ReasonMissing):
        resubmit(report.requested_by, report.pk, "")
    with pytest.raises(NotAllowed):
        resubmit(colleague(Role.RESEARCHER), report.pk, "mine now")
    resubmit(report.requested_by, report.pk, "The plan names the scale as agreed.")
    report.refresh_from_db()
    assert (report.state, report.round, report.manifest_sha256) == (State.QUEUED, 2, "")


def test_only_a_failed_report_is_tried_again() -> None:
    sealed_survey()
    report = ask()
    with pytest.raises(WrongState):
        retry(report.requested_by, report.pk)


def test_the_command_names_who_asked(capsys: pytest.CaptureFixture[str]) -> None:
    sealed_survey()
    asked = colleague(Role.RESEARCHER)
    call_command("report", "mris", survey="mris", requested_by=asked.email)
    report = Report.objects.get()
    assert report.requested_by == asked
    assert capsys.readouterr().out == f"report {report.pk}: queued\n"


@pytest.mark.parametrize("options", [{"requested_by": "nobody@example.org"}, {}])
def test_the_command_needs_somebody(options: dict[str, str]) -> None:
    sealed_survey()
    with pytest.raises(CommandError, match="There is no active"):
        call_command("report", "mris", survey="mris", **options)
