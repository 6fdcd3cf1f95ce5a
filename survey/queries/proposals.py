"""What admins have proposed for waves, and what became of it."""

from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from survey.enums import Step, WaveState
from survey.models import StepProposal, Wave


def waiting_proposal(wave: Wave, step: Step) -> StepProposal | None:
    """The one that nobody has answered yet."""
    waiting = StepProposal.objects.select_related("proposed_by").filter(wave=wave, step=step, answer=None)
    return waiting.first()


def waiting_proposals() -> QuerySet[StepProposal]:
    """Of all waves that still stand before the step that was proposed."""
    before = [Q(step=step, wave__state=step.begins_at) for step in Step]
    waiting = StepProposal.objects.filter(reduce(or_, before), answer=None)
    return waiting.select_related("proposed_by", "wave__survey").order_by("pk")


def proposals_of(wave: Wave) -> QuerySet[StepProposal]:
    return wave.proposals.select_related("proposed_by", "answer__by").order_by("-pk")


def is_ordered(wave: Wave, step: Step) -> bool:
    """Whether as many people as are needed want this step."""
    return StepProposal.objects.filter(wave=wave, step=step, answer__confirmed=True).exists()


def waves_to_seal() -> QuerySet[Wave]:
    """Closed waves that admins have ordered to be sealed: a worker does it, as the owner of the tables."""
    ordered = StepProposal.objects.filter(step=Step.SEAL, answer__confirmed=True).values("wave")
    return Wave.objects.select_related("survey").filter(state=WaveState.CLOSED, pk__in=ordered)
