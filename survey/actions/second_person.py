"""In a live survey no single person opens or seals a wave from the pages.

Whoever has a shell on the server could change the database as well: a command acts alone, and its audit row says that
it was a command. A worker acts on the announced date, or when two people have ordered it.
"""

from accounts.actors import Actor
from accounts.enums import ActorKind
from survey.enums import Step
from survey.errors import NotAllowed
from survey.models import StepAnswer, Wave


def check_second_person(actor: Actor, wave: Wave, step: Step) -> None:
    """Raises NotAllowed for a user who is not the one who confirmed what another had proposed."""
    if actor.kind != ActorKind.USER or wave.survey.is_rehearsal:
        return
    confirmed = StepAnswer.objects.filter(proposal__wave=wave, proposal__step=step, confirmed=True)
    if not confirmed.filter(by_id=int(actor.name)).exists():
        raise NotAllowed("In a live survey one admin proposes this step and another confirms it.")
