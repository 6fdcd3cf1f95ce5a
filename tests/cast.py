"""The people and things that tests speak of: a rehearsal with an open wave, respondents, staff."""

from datetime import date
from itertools import count

from accounts.actions import create_user
from accounts.actors import Actor, command
from accounts.enums import Role
from accounts.models import User
from survey import actions, receipts
from survey.enums import Mode, SubmitResult
from survey.instrument.validate import Facts, Submission, validate
from survey.models import Survey, Wave
from survey.queries import languages_of, load

SHELL: Actor = command("test")
CONSENT = {"con_age": ["1"], "con_read": ["1"], "con_store": ["1"], "con_sens": ["1"]}
PASSWORD = "a long password for tests"
_numbers = count(1)


def open_rehearsal(slug: str = "rehearsal", **wave: object) -> Wave:
    survey = Survey.objects.filter(slug=slug).first()
    survey = survey or actions.create_survey(SHELL, slug, "mris", Mode.REHEARSAL)
    new = actions.create_wave(SHELL, survey, languages_of("mris"), seal_on=date(2027, 1, 10))
    actions.open_wave(SHELL, new)
    return new


def submission(**fields: str | list[str]) -> Submission:
    """A valid answer: consent given, everything else left blank unless named."""
    sent = {name: [value] if isinstance(value, str) else value for name, value in fields.items()}
    outcome = validate(load("mris"), {**CONSENT, **sent}, Facts(language="en", events={6: "announced"}))
    assert outcome.submission is not None, outcome
    return outcome.submission


def send(wave: Wave, code: str | None = None, language: str = "en", **fields: str | list[str]) -> SubmitResult:
    return actions.submit(wave.pk, wave.survey.slug, language, submission(**fields), code or receipts.make())


def person(*roles: Role, email: str = "") -> User:
    return create_user(SHELL, email or f"person{next(_numbers)}@example.org", PASSWORD, list(roles))


def insider(*roles: Role) -> User:
    """Somebody who is logged in by the test: without a password, whose hash takes longer than most tests."""
    return User.objects.create(email=f"insider{next(_numbers)}@example.org", roles=list(roles))
