"""What happens to waves on their announced dates or by order of admins, and what a killed sealing left half-way.

The announced date is itself a decision of two people: it stood on the page on which one proposed to open the wave and
another confirmed it, and every respondent was told. So the sweep needs nobody's word on that day.
"""

from django.utils import timezone

from accounts.actors import WORKER
from survey.actions.sealing import rewrite_stores, seal_wave
from survey.actions.waves import close_wave
from survey.enums import Mode, WaveState
from survey.errors import WrongState
from survey.models import Wave
from survey.queries.proposals import waves_to_seal


def finish_due_waves() -> None:
    """Close live waves whose seal date has come, seal them when the time for late answers is over, seal what admins
    ordered to be sealed. Safe to repeat."""
    now = timezone.now()
    due = Wave.objects.select_related("survey").filter(survey__mode=Mode.LIVE, seal_on__lte=now.date())
    for wave in due.filter(state=WaveState.OPEN):
        close_wave(WORKER, wave)
    for wave in due.filter(state=WaveState.CLOSED, late_until__lt=now):
        _seal(wave)
    for wave in waves_to_seal():
        _seal(wave)
    for wave in Wave.objects.select_related("survey").filter(state=WaveState.SEALED, rewritten=False):
        rewrite_stores(WORKER, wave)


def _seal(wave: Wave) -> None:
    """An order wakes a sweep beside that of beat: whichever comes second finds the wave sealed, and nothing to do."""
    try:
        seal_wave(WORKER, wave)
    except WrongState:
        wave.refresh_from_db()
        if wave.state != WaveState.SEALED:
            raise
