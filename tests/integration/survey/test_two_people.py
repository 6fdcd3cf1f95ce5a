"""Nobody opens or seals a wave of a live survey alone: not by permission, not by action, not in the database."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import Error, IntegrityError, transaction
from django.utils import timezone

from accounts.actors import Actor
from accounts.enums import Role
from accounts.models import AuditEntry, User
from survey import actions, permissions
from survey.enums import Mode, Step, WaveState
from survey.errors import NotAllowed, SamePerson, WrongState
from survey.models import StepAnswer, StepProposal, Survey, Wave
from survey.queries import details_of
from tests.cast import SHELL, insider
from tests.readers import readers

SOON = timezone.now().date() + timedelta(days=60)
pytestmark = pytest.mark.django_db


def planned(mode: Mode = Mode.LIVE, seal_on: date = SOON) -> Wave:
    survey = actions.create_survey(SHELL, "study", "mris", mode, dict.fromkeys(details_of("mris"), "said"))
    if mode == Mode.LIVE:
        readers()
    return actions.create_wave(SHELL, survey, ["en"], seal_on)


def long_closed(wave: Wave) -> Wave:
    """Closed, the seal date has come and late answers are over."""
    Wave.objects.filter(pk=wave.pk).update(seal_on=timezone.now().date())
    actions.open_wave(SHELL, wave)
    actions.close_wave(SHELL, wave)
    Wave.objects.filter(pk=wave.pk).update(late_until=timezone.now() - timedelta(hours=1))
    wave.refresh_from_db()
    return wave


@pytest.fixture
def ada() -> User:
    return insider(Role.ADMIN)


@pytest.fixture
def abe() -> User:
    return insider(Role.ADMIN)


def test_one_proposes_and_another_opens(ada: User, abe: User) -> None:
    wave = planned()
    proposal = actions.propose(ada, wave, Step.OPEN)
    wave.refresh_from_db()
    assert wave.state == WaveState.PLANNED

    actions.confirm(abe, proposal.pk)
    wave.refresh_from_db()
    assert wave.state == WaveState.OPEN
    written = AuditEntry.objects.filter(subject=f"wave:{wave.pk}").values_list("action", "actor_name")
    assert [*written][1:] == [
        ("wave.open_proposed", str(ada.pk)), ("wave.open_confirmed", str(abe.pk)), ("wave.opened", str(abe.pk)),
    ]  # fmt: skip


def test_who_proposed_does_not_confirm(ada: User) -> None:
    proposal = actions.propose(ada, planned(), Step.OPEN)

    assert not permissions.can_confirm(ada, proposal)
    with pytest.raises(SamePerson):
        actions.confirm(ada, proposal.pk)
    assert not StepAnswer.objects.exists()


def test_in_a_rehearsal_one_person_is_enough(ada: User) -> None:
    wave = planned(Mode.REHEARSAL)
    actions.confirm(ada, actions.propose(ada, wave, Step.OPEN).pk)
    wave.refresh_from_db()

    assert wave.state == WaveState.OPEN


@pytest.mark.parametrize("roles", [[Role.REVIEWER], [Role.RESEARCHER], []])
def test_others_than_admins_neither_propose_nor_confirm_nor_withdraw(ada: User, roles: list[Role]) -> None:
    wave, stranger = planned(), insider(*roles)
    with pytest.raises(NotAllowed):
        actions.propose(stranger, wave, Step.OPEN)
    proposal = actions.propose(ada, wave, Step.OPEN)
    for answer in (actions.confirm, actions.withdraw):
        with pytest.raises(NotAllowed):
            answer(stranger, proposal.pk)


def test_an_admin_who_was_let_go_counts_no_more(ada: User, abe: User) -> None:
    proposal = actions.propose(ada, planned(), Step.OPEN)
    User.objects.filter(pk=abe.pk).update(is_active=False)
    abe.refresh_from_db()

    with pytest.raises(NotAllowed):
        actions.confirm(abe, proposal.pk)


@pytest.mark.parametrize("step", Step)
def test_the_actions_themselves_refuse_a_single_person(ada: User, step: Step) -> None:
    wave = planned() if step == Step.OPEN else long_closed(planned())
    take = actions.open_wave if step == Step.OPEN else actions.seal_wave

    with pytest.raises(NotAllowed, match="another confirms"):
        take(Actor.of(ada), wave)
    proposal = actions.propose(ada, wave, step)
    with pytest.raises(NotAllowed, match="another confirms"):
        take(Actor.of(ada), wave)
    actions.withdraw(ada, proposal.pk)
    with pytest.raises(NotAllowed, match="another confirms"):
        take(Actor.of(ada), wave)


def _answer(proposal: StepProposal, by: User, **values: Any) -> None:
    given = {"proposed_by_id": proposal.proposed_by_id, "live": proposal.live, "confirmed": True, **values}
    with transaction.atomic():
        StepAnswer.objects.create(proposal=proposal, by=by, **given)


def test_the_database_refuses_one_person_whatever_the_row_says(ada: User, abe: User) -> None:
    proposal = actions.propose(ada, planned(), Step.OPEN)
    with pytest.raises(IntegrityError, match="step_proposal_two_people"):
        _answer(proposal, ada)
    with pytest.raises(IntegrityError, match="names who proposed"):
        _answer(proposal, ada, proposed_by_id=abe.pk)
    with pytest.raises(IntegrityError, match="names who proposed"):
        _answer(proposal, ada, live=False)
    with pytest.raises(IntegrityError, match="Only an admin"):
        _answer(proposal, insider(Role.REVIEWER))
    _answer(proposal, abe)
    with pytest.raises(IntegrityError):
        _answer(proposal, insider(Role.ADMIN))


def test_the_database_refuses_odd_proposals(ada: User) -> None:
    wave = planned()

    def insert(**values: Any) -> None:
        given = {"wave": wave, "step": Step.OPEN, "proposed_by": ada, "live": True, "terms": {}, **values}
        with transaction.atomic():
            StepProposal.objects.create(**given)

    with pytest.raises(IntegrityError, match="says whether the survey is live"):
        insert(live=False)
    with pytest.raises(IntegrityError, match="does not stand before"):
        insert(step=Step.SEAL)
    with pytest.raises(IntegrityError, match="Only an admin"):
        insert(proposed_by=insider(Role.REVIEWER))
    insert()
    with pytest.raises(IntegrityError, match="waits for an answer"):
        insert()


@pytest.mark.parametrize("model", [StepProposal, StepAnswer])
def test_what_was_proposed_and_answered_is_never_changed(ada: User, model: type[StepProposal | StepAnswer]) -> None:
    actions.withdraw(ada, actions.propose(ada, planned(), Step.OPEN).pk)
    for change in (model.objects.all()._raw_delete, lambda _: model.objects.update(live=False)):
        with pytest.raises(Error, match=r"append-only|permission denied"), transaction.atomic():
            change("default")


@pytest.mark.parametrize("changed", ["languages", "seal date", "form", "operator"])
def test_nobody_confirms_another_plan_than_was_proposed(ada: User, abe: User, changed: str) -> None:
    wave = planned()
    proposal = actions.propose(ada, wave, Step.OPEN)
    match changed:
        case "operator":
            said = dict.fromkeys(details_of("mris"), "said")
            actions.change_operator(SHELL, wave.survey, {**said, "country": "Another"})
        case "languages":
            Wave.objects.filter(pk=wave.pk).update(languages=["en", "en"])
        case "seal date":
            actions.change_plan(SHELL, wave, ["en"], wave.seal_on + timedelta(days=1))
        case "form":
            actions.change_plan(SHELL, wave, ["en"], wave.seal_on, "short")
    with pytest.raises(WrongState, match="has changed since"):
        actions.confirm(abe, proposal.pk)
    actions.withdraw(abe, proposal.pk)
    actions.confirm(abe, actions.propose(ada, wave, Step.OPEN).pk)
    wave.refresh_from_db()
    assert wave.state == WaveState.OPEN


def test_what_stands_in_the_way_is_said_when_it_is_proposed_and_again_when_confirmed(ada: User, abe: User) -> None:
    wave = planned()
    proposal = actions.propose(ada, wave, Step.OPEN)
    with pytest.raises(WrongState, match="has proposed this already"):
        actions.propose(abe, wave, Step.OPEN)
    Survey.objects.update(operator={})
    with pytest.raises(WrongState, match="operator's"):
        actions.confirm(abe, proposal.pk)
    actions.withdraw(abe, proposal.pk)
    with pytest.raises(WrongState, match="operator's"):
        actions.propose(abe, wave, Step.OPEN)


@pytest.mark.parametrize("days", [0, -3, 800])
def test_a_live_wave_with_an_odd_seal_date_is_not_proposed(ada: User, days: int) -> None:
    wave = planned(seal_on=timezone.now().date() + timedelta(days=days))
    with pytest.raises(WrongState, match="within the next two years"):
        actions.propose(ada, wave, Step.OPEN)


def test_a_proposal_is_answered_once(ada: User, abe: User) -> None:
    proposal = actions.propose(ada, planned(), Step.OPEN)
    actions.confirm(abe, proposal.pk)
    for answer in (actions.confirm, actions.withdraw):
        with pytest.raises(WrongState, match="answered already"):
            answer(abe, proposal.pk)


def test_a_live_wave_is_not_sealed_before_its_date_by_two_people_either(ada: User) -> None:
    wave = planned()
    actions.open_wave(SHELL, wave)
    actions.close_wave(SHELL, wave)
    with pytest.raises(WrongState, match="promised to stay open"):
        actions.propose(ada, wave, Step.SEAL)


def test_the_shell_acts_alone_and_the_log_says_so() -> None:
    wave = planned()
    actions.open_wave(SHELL, wave)

    entry = AuditEntry.objects.get(action="wave.opened")
    assert (entry.actor_kind, entry.actor_name) == ("command", "test")


def test_an_announced_date_moves_to_a_later_day_only() -> None:
    wave = planned()
    with pytest.raises(WrongState, match="no announced seal date"):
        actions.postpone_sealing(SHELL, wave, SOON + timedelta(days=1))
    actions.open_wave(SHELL, wave)
    for day, words in ((SOON, "later day"), (SOON - timedelta(days=1), "later day"),
                       (SOON + timedelta(days=9000), "two years")):  # fmt: skip
        with pytest.raises(WrongState, match=words):
            actions.postpone_sealing(SHELL, wave, day)
    actions.postpone_sealing(SHELL, wave, SOON + timedelta(days=7))
    wave.refresh_from_db()

    assert wave.seal_on == SOON + timedelta(days=7)
    assert AuditEntry.objects.get(action="wave.postponed").detail["before"] == SOON.isoformat()


def test_what_an_opened_wave_says_of_who_asks_stands_until_it_is_sealed() -> None:
    wave = planned()
    said = dict.fromkeys(details_of("mris"), "said")
    actions.change_operator(SHELL, wave.survey, {**said, "country": {"en": "  A\n country ", "ja": "国"}})
    actions.open_wave(SHELL, wave)
    for state in (WaveState.OPEN, WaveState.CLOSED):
        with pytest.raises(WrongState, match="stands until it is sealed"):
            actions.change_operator(SHELL, wave.survey, said)
        if state == WaveState.OPEN:
            actions.close_wave(SHELL, wave)
    Wave.objects.filter(pk=wave.pk).update(state=WaveState.SEALED)
    actions.change_operator(SHELL, wave.survey, {**said, "country": "Another"})

    changes = AuditEntry.objects.filter(action="survey.operator_changed").values_list("detail", flat=True)
    assert [*changes] == [{"said": {"country": {"en": "A country", "ja": "国"}}}, {"said": {"country": "Another"}}]
