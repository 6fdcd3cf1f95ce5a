"""Who may do what with testimonies. `check_can_X` raises with the sentence that people read; `can_X` asks, for buttons.

That the second person is another one: `check_can_judge` here, `survey.moderation.deciding`, a constraint and a trigger.
"""

from collections.abc import Callable

from accounts.enums import Role
from accounts.models import User
from survey.errors import DomainError, NotAllowed
from survey.models import Proposal, StudyMember


def _asks(check: Callable[[], None]) -> bool:
    try:
        check()
    except DomainError:
        return False
    return True


def check_can_hold_keys(person: User) -> None:
    if not person.has_role(Role.REVIEWER):
        raise NotAllowed("Only reviewers hold keys to what respondents wrote.")


def can_hold_keys(person: User) -> bool:
    return _asks(lambda: check_can_hold_keys(person))


def check_can_moderate(person: User, survey_slug: str) -> None:
    if not person.has_role(Role.REVIEWER):
        raise NotAllowed("Only reviewers moderate what respondents wrote.")
    if _belongs_to_study(person, survey_slug):
        raise NotAllowed("You belong to this study, so other people moderate what its respondents wrote.")


def can_moderate(person: User, survey_slug: str) -> bool:
    return _asks(lambda: check_can_moderate(person, survey_slug))


def check_can_judge(person: User, proposal: Proposal, survey_slug: str) -> None:
    check_can_moderate(person, survey_slug)
    if proposal.by_id == person.pk:
        raise NotAllowed("You made this proposal, so another person must confirm it.")


def check_can_read_moderated(person: User, survey_slug: str) -> None:
    if not (person.has_role(Role.RESEARCHER) and _belongs_to_study(person, survey_slug)):
        raise NotAllowed("Only the named researchers of a study read what its respondents wrote.")


def _belongs_to_study(person: User, survey_slug: str) -> bool:
    return StudyMember.objects.filter(survey__slug=survey_slug, user_id=person.pk).exists()
