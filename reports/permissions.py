"""Who may do what. `check_can_X` raises with the sentence that people read; `can_X` asks, for buttons.

The two-person rule is `check_can_review` here, `actions.reviewing.decide`, and the triggers of migrations 0002 and
0003; that an objection stops a release is `actions.releasing.release` and a trigger of 0003.
"""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser

from accounts.enums import Role
from accounts.models import User
from reports.enums import State
from reports.errors import AlreadyDecided, AlreadyObjected, InStudy, NotAllowed, NotYours, WrongState
from reports.models import Decision, Objection, Release, Report
from reports.objections import open_objections
from survey.queries import is_study_member

type Person = User | AnonymousUser


def _has_role(person: Person, *roles: Role) -> bool:
    return isinstance(person, User) and person.has_role(*roles)


def in_study(person: Person, report: Report) -> bool:
    """Whether somebody belongs to the study that the report is about: a conflict of interest for a reviewer."""
    return isinstance(person, User) and is_study_member(person.pk, report.survey_slug)


def _asks(check: Callable[[], None]) -> bool:
    try:
        check()
    except (NotAllowed, WrongState):
        return False
    return True


def refusal(check: Callable[[], None]) -> str:
    """The sentence of a refusal, empty when there is none: what a disabled button says."""
    try:
        check()
    except (NotAllowed, WrongState) as error:
        return error.message
    return ""


def check_can_read_releases(person: Person) -> None:
    if not _has_role(person, *Role):
        raise NotAllowed("Log in as a researcher to read released reports.")


def can_read_releases(person: Person) -> bool:
    return _asks(lambda: check_can_read_releases(person))


def check_can_download(person: Person, release: Release) -> None:
    check_can_read_releases(person)
    if release.report.state == State.RETRACTED:
        raise WrongState("This release was retracted; its files are no longer given out.")


def can_download(person: Person, release: Release) -> bool:
    return _asks(lambda: check_can_download(person, release))


def check_can_request(person: Person) -> None:
    if not _has_role(person, Role.RESEARCHER, Role.ADMIN):
        raise NotAllowed("Only researchers and admins request reports.")


def can_request(person: Person) -> bool:
    return _asks(lambda: check_can_request(person))


def check_can_follow(person: Person, report: Report) -> None:
    """See that a report exists, how far it is and why it was sent back; not its tables."""
    if not (person.pk == report.requested_by_id or _has_role(person, Role.REVIEWER, Role.ADMIN)):
        raise NotAllowed("Only its requester, reviewers and admins follow a report.")


def can_follow(person: Person, report: Report) -> bool:
    return _asks(lambda: check_can_follow(person, report))


def check_can_resubmit(person: Person, report: Report) -> None:
    if person.pk != report.requested_by_id:
        raise NotAllowed("Only the person who asked for a report sends it in again.")
    if report.state != State.CHANGES_ASKED and not is_stopped(report):
        raise WrongState("Only a report that reviewers want changed, or that an objection stops, is sent in again.")


def can_resubmit(person: Person, report: Report) -> bool:
    return _asks(lambda: check_can_resubmit(person, report))


def check_can_retry(person: Person, report: Report) -> None:
    if person.pk != report.requested_by_id and not _has_role(person, Role.ADMIN):
        raise NotAllowed("Only the person who asked for a report, or an admin, tries it again.")
    if report.state != State.FAILED:
        raise WrongState("Only a failed report is tried again.")


def can_retry(person: Person, report: Report) -> bool:
    return _asks(lambda: check_can_retry(person, report))


def check_can_inspect(person: Person) -> None:
    """See reports before they are released, with their tables and files."""
    if not _has_role(person, Role.REVIEWER, Role.ADMIN):
        raise NotAllowed("Only reviewers and admins see reports before they are released.")


def can_inspect(person: Person) -> bool:
    return _asks(lambda: check_can_inspect(person))


def check_can_review(person: Person, report: Report) -> None:
    if person.pk == report.requested_by_id:
        raise NotYours
    if not _has_role(person, Role.REVIEWER):
        raise NotAllowed("Only reviewers decide about reports.")
    if in_study(person, report):
        raise InStudy
    if report.state != State.IN_REVIEW:
        raise WrongState("This report is not in review.")
    if Decision.objects.filter(report=report, round=report.round, reviewer_id=person.pk).exists():
        raise AlreadyDecided


def can_review(person: Person, report: Report) -> bool:
    return _asks(lambda: check_can_review(person, report))


def is_stopped(report: Report) -> bool:
    """Approved, and kept from being published by an objection."""
    return report.state == State.APPROVED and bool(open_objections(report))


def check_can_object(person: Person, report: Report) -> None:
    """Everybody who sees a report before its release may stop it, those who may not decide included."""
    if not _has_role(person, Role.REVIEWER, Role.ADMIN):
        raise NotAllowed("Only reviewers and admins object to a report.")
    if report.state not in (State.IN_REVIEW, State.APPROVED):
        raise WrongState("Only a report that may soon be published can be objected to.")
    if any(one.by_id == person.pk for one in open_objections(report)):
        raise AlreadyObjected


def can_object(person: Person, report: Report) -> bool:
    return _asks(lambda: check_can_object(person, report))


def check_can_withdraw(person: Person, objection: Objection) -> None:
    if person.pk != objection.by_id:
        raise NotAllowed("An objection is withdrawn by the person who raised it.")
    if objection not in open_objections(objection.report):
        raise WrongState("This objection is not open any more.")


def can_withdraw(person: Person, objection: Objection) -> bool:
    return _asks(lambda: check_can_withdraw(person, objection))


def check_can_retract(person: Person, report: Report) -> None:
    if not _has_role(person, Role.ADMIN):
        raise NotAllowed("Only admins retract a release.")
    if report.state not in (State.RELEASED, State.SUPERSEDED):
        raise WrongState("Only a released report can be retracted, and only once.")


def can_retract(person: Person, report: Report) -> bool:
    return _asks(lambda: check_can_retract(person, report))
