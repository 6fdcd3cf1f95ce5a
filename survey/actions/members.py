"""Who belongs to the study that a survey is made for."""

from django.db import transaction

from accounts.actions import record
from accounts.actors import Actor
from accounts.models import User
from survey.models import StudyMember, Survey


@transaction.atomic
def add_member(actor: Actor, survey: Survey, user: User) -> None:
    """Adding somebody twice changes nothing."""
    _, added = StudyMember.objects.get_or_create(survey=survey, user=user)
    if added:
        record(actor, "study.member_added", f"survey:{survey.slug}", user=user.pk)


@transaction.atomic
def remove_member(actor: Actor, survey: Survey, user: User) -> None:
    if StudyMember.objects.filter(survey=survey, user=user).delete()[0]:
        record(actor, "study.member_removed", f"survey:{survey.slug}", user=user.pk)
