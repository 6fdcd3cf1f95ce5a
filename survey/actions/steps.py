"""Opening and sealing: one admin proposes, another confirms the same terms. In a rehearsal both may be one person."""

import hashlib
import json
from collections.abc import Callable, Mapping

from django.db import transaction
from django.utils import timezone

from accounts.actions import record
from accounts.actors import Actor
from accounts.models import User
from survey.actions import locks
from survey.actions.sealing import check_may_seal
from survey.actions.waves import LONGEST_WAVE, check_may_open, open_wave
from survey.enums import Step
from survey.errors import NotFound, WrongState
from survey.models import StepAnswer, StepProposal, Survey, Wave
from survey.permissions import check_can_administer, check_can_answer, check_can_confirm
from survey.queries.instruments import load
from survey.queries.proposals import is_ordered, waiting_proposal


@transaction.atomic
def propose(actor: User, wave: Wave, step: Step) -> StepProposal:
    """Raises NotAllowed for others than admins, WrongState if the step could not be taken as things stand."""
    check_can_administer(actor)
    locks.hold_wave(wave.pk)
    wave.refresh_from_db()
    check_may_take(wave, step)
    if waiting_proposal(wave, step):
        raise WrongState("Somebody has proposed this already: confirm or withdraw that.")
    proposal = StepProposal.objects.create(
        wave=wave, step=step, proposed_by=actor, live=not wave.survey.is_rehearsal, terms=terms_of(wave)
    )
    record(Actor.of(actor), f"wave.{step}_proposed", f"wave:{wave.pk}", proposal=proposal.pk, terms=proposal.terms)
    return proposal


@transaction.atomic
def confirm(actor: User, proposal_id: int) -> StepProposal:
    """Opening happens at once; a worker seals. Raises SamePerson, NotAllowed, or WrongState.

    WrongState also if the terms have changed since they were proposed: nobody confirms what the other has not seen.
    """
    proposal = _held(proposal_id)
    check_can_confirm(actor, proposal)
    check_may_take(proposal.wave, Step(proposal.step))
    if proposal.terms != terms_of(proposal.wave):
        raise WrongState("The plan has changed since this was proposed. Withdraw it and propose the new one.")
    _answer(actor, proposal, confirmed=True)
    if proposal.step == Step.OPEN:
        open_wave(Actor.of(actor), proposal.wave)
    return proposal


@transaction.atomic
def withdraw(actor: User, proposal_id: int) -> StepProposal:
    """By whoever proposed it or by another admin. Raises NotAllowed, or WrongState for an answered one."""
    proposal = _held(proposal_id)
    check_can_answer(actor, proposal)
    _answer(actor, proposal, confirmed=False)
    return proposal


def _held(proposal_id: int) -> StepProposal:
    """With its survey and wave held: of two who answer at once one comes too late, and the terms stand still."""
    proposal = StepProposal.objects.select_related("wave").filter(pk=proposal_id).first()
    if proposal is None:
        raise NotFound("There is no such proposal.")
    survey = Survey.objects.select_for_update(no_key=True).get(pk=proposal.wave.survey_id)
    locks.hold_wave(proposal.wave_id)
    proposal.wave = Wave.objects.get(pk=proposal.wave_id)
    proposal.wave.survey = survey
    return proposal


def _answer(actor: User, proposal: StepProposal, confirmed: bool) -> None:
    StepAnswer.objects.create(
        proposal=proposal, by=actor, proposed_by_id=proposal.proposed_by_id, live=proposal.live, confirmed=confirmed
    )
    done = "confirmed" if confirmed else "withdrawn"
    record(Actor.of(actor), f"wave.{proposal.step}_{done}", f"wave:{proposal.wave_id}", proposal=proposal.pk)


def check_may_take(wave: Wave, step: Step) -> None:
    """Raises WrongState with the first thing that stands in the way of the step."""
    if wave.state != step.begins_at:
        raise WrongState(f"{wave} is {wave.state}; this step begins with a wave that is {step.begins_at}.")
    if is_ordered(wave, step):
        raise WrongState("This is ordered already: a worker does it within a minute.")
    _CHECKS[step](wave)


def _check_may_open(wave: Wave) -> None:
    if not wave.survey.is_rehearsal:
        _refuse_odd_date(wave)
    check_may_open(wave)


def _refuse_odd_date(wave: Wave) -> None:
    today = timezone.now().date()
    if not today < wave.seal_on <= today + LONGEST_WAVE:
        raise WrongState(f"The seal date {wave.seal_on} is not within the next two years.")


_CHECKS: Mapping[Step, Callable[[Wave], None]] = {Step.OPEN: _check_may_open, Step.SEAL: check_may_seal}


def terms_of(wave: Wave) -> dict[str, object]:
    """What a person agrees to: compared when another confirms it. Files and details are named by their SHA-256."""
    survey, instrument = wave.survey, load(wave.survey.instrument)
    said = json.dumps(survey.operator, sort_keys=True, ensure_ascii=False).encode()
    return {
        "languages": list(wave.languages),
        "seal_on": wave.seal_on.isoformat(),
        "form": wave.form,
        "instrument": f"{instrument.name} {instrument.version}",
        "questions": instrument.digest,
        "operator": hashlib.sha256(said).hexdigest(),
    }
