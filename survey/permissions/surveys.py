"""Who may run surveys. `check_can_X` raises with the sentence that people read; `can_X` asks, for buttons.

That two admins are two: `check_can_confirm` here, `actions.steps.confirm`, and the constraint and triggers of migration
0007.
"""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser

from accounts.enums import Role
from accounts.models import User
from survey.errors import NotAllowed, SamePerson, WrongState
from survey.models import StepAnswer, StepProposal

type Person = User | AnonymousUser


def refusal(check: Callable[[], None]) -> str:
    """The sentence of a refusal, empty when there is none: what stands in the place of a button."""
    try:
        check()
    except (NotAllowed, WrongState) as error:
        return error.message
    return ""


def check_can_administer(person: Person) -> None:
    """Surveys, waves, events, help lines."""
    if not (isinstance(person, User) and person.has_role(Role.ADMIN)):
        raise NotAllowed("Only admins run surveys.")


def check_can_answer(person: Person, proposal: StepProposal) -> None:
    """Withdraw it: whoever proposed it, or another admin who sees that it should not be."""
    check_can_administer(person)
    if StepAnswer.objects.filter(proposal=proposal).exists():
        raise WrongState("This proposal is answered already.")


def check_can_confirm(person: Person, proposal: StepProposal) -> None:
    check_can_answer(person, proposal)
    if proposal.live and person.pk == proposal.proposed_by_id:
        raise SamePerson


def can_confirm(person: Person, proposal: StepProposal) -> bool:
    return not refusal(lambda: check_can_confirm(person, proposal))
