"""What admins ordered to be sealed, a worker seals: with the owner's role, which the pages do not have."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import AuditEntry
from survey import actions
from survey.actions import schedule
from survey.actions.schedule import finish_due_waves
from survey.enums import Mode, Step, WaveState
from survey.errors import NotFound, WrongState
from survey.models import Response, Wave
from survey.queries import details_of
from tests.cast import SHELL, insider, open_rehearsal, send
from tests.readers import readers


@pytest.fixture
def wave(own_database: str) -> Wave:
    wave = open_rehearsal()
    send(wave)
    actions.close_wave(SHELL, wave)
    return wave


def test_a_proposal_alone_seals_nothing(wave: Wave) -> None:
    actions.propose(insider(Role.ADMIN), wave, Step.SEAL)
    finish_due_waves()
    wave.refresh_from_db()

    assert wave.state == WaveState.CLOSED


def test_what_was_ordered_is_sealed_once(wave: Wave) -> None:
    ada = insider(Role.ADMIN)
    actions.confirm(ada, actions.propose(ada, wave, Step.SEAL).pk)
    with pytest.raises(WrongState, match="ordered already"):
        actions.propose(ada, wave, Step.SEAL)
    finish_due_waves()
    finish_due_waves()
    wave.refresh_from_db()

    assert (wave.state, wave.rewritten, Response.objects.count()) == (WaveState.SEALED, True, 1)
    assert AuditEntry.objects.get(action="wave.sealed").actor_kind == "service"
    assert AuditEntry.objects.get(action="wave.seal_confirmed").actor_name == str(ada.pk)


def test_of_two_sweeps_the_second_finds_nothing_to_do(wave: Wave, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = Wave.objects.select_related("survey").get()
    actions.seal_wave(SHELL, wave)
    monkeypatch.setattr(schedule, "waves_to_seal", lambda: [stale])
    finish_due_waves()
    assert AuditEntry.objects.filter(action="wave.sealed").count() == 1

    monkeypatch.setattr(schedule, "waves_to_seal", lambda: [open_rehearsal("another")])
    with pytest.raises(WrongState, match="only a closed wave"):
        finish_due_waves()


def test_two_people_seal_a_live_wave_whose_day_has_come(own_database: str) -> None:
    """As the sweep would do by itself: for the day on which nothing else runs."""
    ada, abe, today = insider(Role.ADMIN), insider(Role.ADMIN), timezone.now().date()
    survey = actions.create_survey(SHELL, "study", "mris", Mode.LIVE, dict.fromkeys(details_of("mris"), "said"))
    wave = actions.create_wave(SHELL, survey, ["en"], today)
    readers()
    actions.open_wave(SHELL, wave)
    actions.close_wave(SHELL, wave)
    with pytest.raises(WrongState, match="on their way"):
        actions.propose(ada, wave, Step.SEAL)
    Wave.objects.update(late_until=timezone.now() - timedelta(hours=1))
    proposal = actions.propose(ada, wave, Step.SEAL)
    with pytest.raises(NotFound):
        actions.confirm(abe, proposal.pk + 1)
    actions.confirm(abe, proposal.pk)
    finish_due_waves()

    assert Wave.objects.get().state == WaveState.SEALED
