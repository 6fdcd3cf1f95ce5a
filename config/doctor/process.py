"""The settings of this process, and what they say about the way to it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import QuerySet

from config.checks import refuse_unsafe_production
from config.doctor.findings import Finding, warning, wrong
from survey.enums import Mode, WaveState
from survey.models import Wave

_FEWEST_SIGNS = 10


def settings_are_safe() -> Iterator[Finding]:
    for error in refuse_unsafe_production():
        yield wrong(str(error.msg), "See .env.example.")
    if settings.DEBUG and not settings.PRODUCTION:
        yield wrong("DEBUG is on: the page of an error quotes answers.", "Unset DEBUG.")
    if not settings.PRODUCTION and live_waves().exists():
        yield wrong(
            "A live wave is open with the settings of a rehearsal.", "Set PRODUCTION=true and what it asks for."
        )


def keys_are_strong() -> Iterator[Finding]:
    if settings.PRODUCTION and len({*settings.SECRET_KEY}) < _FEWEST_SIGNS:
        yield wrong("SECRET_KEY repeats a few signs.", "Make a new one: openssl rand -hex 32.")


def address_is_reached_by_https() -> Iterator[Finding]:
    if not settings.PRODUCTION:
        return
    parts = urlsplit(settings.PUBLIC_URL)
    if parts.scheme != "https" or not settings.HTTPS:
        https = "on" if settings.HTTPS else "off"
        yield wrong(
            f"Answers travel in the open: PUBLIC_URL is {settings.PUBLIC_URL}, HTTPS {https}.",
            "Give PUBLIC_URL with https:// and leave HTTPS on.",
        )
    if parts.hostname not in settings.ALLOWED_HOSTS:
        yield wrong(f"{parts.hostname} of PUBLIC_URL is not in ALLOWED_HOSTS.", "Name it there.")


def languages_have_an_interface() -> Iterator[Finding]:
    spoken = {code for code, _ in settings.LANGUAGES}
    for wave in Wave.objects.select_related("survey").filter(state=WaveState.OPEN):
        silent = [tag for tag in wave.languages if tag.lower() not in spoken]
        if silent:
            yield warning(
                f"{wave} is offered in {', '.join(silent)}, which the pages around it do not speak.",
                "Respondents do not see these languages until LANGUAGES in config/settings.py has them.",
            )


def live_waves() -> QuerySet[Wave]:
    return Wave.objects.select_related("survey").filter(survey__mode=Mode.LIVE, state=WaveState.OPEN)
