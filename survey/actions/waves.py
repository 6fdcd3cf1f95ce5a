"""Surveys and the states of their waves: planned, open, closed, sealed."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actions import record
from accounts.actors import Actor
from survey.enums import Mode, WaveState
from survey.errors import WrongState
from survey.models import ReadingKey, Survey, Wave
from survey.queries.instruments import (
    asks_for_texts,
    details_of,
    event_states_on,
    languages_of,
    load,
    unreviewed_for_live,
)
from survey.queries.keys import HOLDERS_WANTED, active_holders, current_reading_key

type Details = dict[str, str | dict[str, str]]
"""Who asks, by name of the place in the texts; a detail that is worded for each language is a mapping by tag."""

GRACE = timedelta(hours=48)
"""Answers on their way when a wave closes are taken this long."""


@transaction.atomic
def create_survey(actor: Actor, slug: str, instrument: str, mode: Mode, operator: Details | None = None) -> Survey:
    """Raises NotFound for an unknown instrument, WrongState for a slug that is taken or a detail no text asks for."""
    version = load(instrument).version
    if Survey.objects.filter(slug=slug).exists():
        raise WrongState(f"There is a survey {slug!r} already.")
    unknown = set(operator or {}) - set(details_of(instrument))
    if unknown:
        raise WrongState(f"No text of {instrument} has a place for {', '.join(sorted(unknown))}.")
    survey = Survey.objects.create(
        slug=slug, instrument=instrument, version=version, mode=mode, operator=operator or {}
    )
    record(actor, "survey.created", f"survey:{slug}", instrument=instrument, version=version, mode=str(mode))
    return survey


@transaction.atomic
def create_wave(actor: Actor, survey: Survey, languages: list[str], seal_on: date, form: str = "") -> Wave:
    """`form`: empty, or the name of a shorter form. Raises WrongState for a language or form there is not."""
    _refuse_unknown(languages, languages_of(survey.instrument), "language")
    _refuse_unknown([form] if form else [], load(survey.instrument).forms, "form")
    last = survey.waves.order_by("-number").values_list("number", flat=True).first() or 0
    wave = Wave.objects.create(survey=survey, number=last + 1, languages=languages, seal_on=seal_on, form=form)
    record(actor, "wave.created", f"wave:{wave.pk}", number=wave.number, seal_on=seal_on.isoformat())
    return wave


def _refuse_unknown(wanted: list[str], known: Collection[str], what: str) -> None:
    for one in wanted:
        if one not in known:
            raise WrongState(f"There is no {what} {one!r}; there are {', '.join(known)}.")


@transaction.atomic
def open_wave(actor: Actor, wave: Wave) -> None:
    """Planned to open. The states of announced events and the reading key are fixed now and hold for the whole wave.

    A rehearsal opens without a reading key, too; its texts are then dropped at sealing.
    """
    survey, key = wave.survey, current_reading_key()
    if survey.mode == Mode.LIVE:
        _refuse_unsaid_details(survey, wave.languages)
        _refuse_unreviewed_languages(survey, wave.languages)
        _refuse_unreadable_texts(survey, key)
    if survey.waves.filter(state=WaveState.OPEN).exists():
        raise WrongState(f"Another wave of {survey.slug} is open: close it first.")
    states = {str(code): state for code, state in event_states_on(survey.instrument, timezone.now().date()).items()}
    _change(wave, WaveState.PLANNED, WaveState.OPEN, event_states=states, reading_key=key)
    record(actor, "wave.opened", f"wave:{wave.pk}", event_states=states)


def _refuse_unsaid_details(survey: Survey, languages: list[str]) -> None:
    for name in details_of(survey.instrument):
        detail = survey.operator.get(name, "")
        said = [detail] if isinstance(detail, str) else [detail.get(language, "") for language in languages]
        if not all(said):
            raise WrongState(f"The texts need the operator's {name!r} in every language of the wave.")


def _refuse_unreadable_texts(survey: Survey, key: ReadingKey | None) -> None:
    if not asks_for_texts(survey.instrument):
        return
    if key is None or active_holders(key) < HOLDERS_WANTED:
        raise WrongState(
            f"Texts are encrypted for reviewers, and {HOLDERS_WANTED} active ones must hold the reading key before a "
            "live survey asks for texts: see /review/keys/."
        )


def _refuse_unreviewed_languages(survey: Survey, languages: list[str]) -> None:
    for language in languages:
        unreviewed = unreviewed_for_live(survey.instrument, language)
        if unreviewed:
            raise WrongState(
                f"A live survey opens in {language} only when its consent, support, scale and sensitive texts are "
                f"reviewed; {len(unreviewed)} are not, the first is {unreviewed[0]}."
            )


@transaction.atomic
def close_wave(actor: Actor, wave: Wave) -> None:
    _change(wave, WaveState.OPEN, WaveState.CLOSED, late_until=timezone.now() + GRACE)
    record(actor, "wave.closed", f"wave:{wave.pk}")


def _change(wave: Wave, old: WaveState, new: WaveState, **values: object) -> None:
    """Compare and set: of two who try, one succeeds."""
    changed = Wave.objects.filter(pk=wave.pk, state=old).update(state=new, **values)
    wave.refresh_from_db()
    if changed != 1:
        raise WrongState(f"{wave} is {wave.state}; only a wave that is {old} can become {new}.")
