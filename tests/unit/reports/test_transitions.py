import pytest

from reports.enums import Owner, State
from reports.transitions import OWNERS, PUBLISHED, TRANSITIONS, UNDER_WAY, document, find
from tests.services import ROOT


def test_every_state_has_an_owner() -> None:
    assert set(OWNERS) == set(State)


def test_each_change_stands_once_in_the_table() -> None:
    pairs = [(one.source, one.target) for one in TRANSITIONS]
    assert len(pairs) == len(set(pairs))


def test_every_state_can_be_reached_from_the_queue() -> None:
    reached = {State.QUEUED}
    while more := {one.target for one in TRANSITIONS if one.source in reached} - reached:
        reached |= more
    assert reached == set(State)


@pytest.mark.parametrize("state", State)
def test_a_state_that_is_nobodys_turn_is_final_and_no_other_is(state: State) -> None:
    is_final = not any(one.source is state for one in TRANSITIONS)
    assert is_final == (OWNERS[state] is Owner.NOBODY)


@pytest.mark.parametrize("state", [state for state in State if OWNERS[state] not in (Owner.NOBODY, Owner.ADMINS)])
def test_the_owner_of_a_state_can_end_it(state: State) -> None:
    assert OWNERS[state] in {one.by for one in TRANSITIONS if one.source is state}


def test_only_reviewers_approve_and_only_an_approved_report_is_released() -> None:
    assert [one.by for one in TRANSITIONS if one.target is State.APPROVED] == [Owner.REVIEWERS]
    assert [one.source for one in TRANSITIONS if one.target is State.RELEASED] == [State.APPROVED]


def test_nothing_leads_back_from_what_was_published() -> None:
    assert {one.target for one in TRANSITIONS if one.source in PUBLISHED} <= PUBLISHED
    assert not PUBLISHED & UNDER_WAY


@pytest.mark.parametrize("target", [State.CHANGES_ASKED, State.REJECTED, State.RETRACTED, State.BLOCKED, State.FAILED])
def test_a_refusal_needs_a_reason(target: State) -> None:
    assert all(one.needs_reason for one in TRANSITIONS if one.target is target)


def test_a_change_that_is_not_in_the_table_is_not_found() -> None:
    assert find(State.QUEUED, State.RELEASED) is None


def test_the_drawn_page_is_current() -> None:
    page = (ROOT / "docs" / "release-states.md").read_text(encoding="utf-8")
    assert page == document(), "run: manage.py draw_transitions"
