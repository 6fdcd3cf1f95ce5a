"""Surveys and the states of their waves: planned, open, closed, sealed."""

import re
from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.actions import record
from accounts.actors import Actor
from survey.actions import locks
from survey.actions.second_person import check_second_person
from survey.enums import Mode, Step, WaveState
from survey.errors import Invalid, WrongState
from survey.instrument.directory import one_line
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
LONGEST_WAVE = timedelta(days=2 * 366)
"""A seal date never moves earlier: a slip of the pen in its year could never be put right."""
SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 50


@transaction.atomic
def create_survey(
    actor: Actor, slug: str, instrument: str, mode: Mode, operator: Details | None = None, open_link: bool = True
) -> Survey:
    """`open_link`: anyone can send; reports then ask for more answers.

    Raises NotFound for an unknown instrument, Invalid for a slug or a wording that cannot be, WrongState for a slug
    that is taken or a detail no text asks for.
    """
    version = load(instrument).version
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise Invalid("An address is made of small letters, digits and single hyphens, 50 at most.")
    if Survey.objects.filter(slug=slug).exists():
        raise WrongState(f"There is a survey {slug!r} already.")
    said = _checked(instrument, operator or {})
    survey = Survey.objects.create(
        slug=slug, instrument=instrument, version=version, mode=mode, operator=said, open_link=open_link
    )
    record(
        actor, "survey.created", f"survey:{slug}",
        instrument=instrument, version=version, mode=str(mode), open_link=open_link,
    )  # fmt: skip
    return survey


def _checked(instrument: str, operator: Details) -> Details:
    """Wordings as they are printed: in one line, without signs that cannot be seen."""
    unknown = set(operator) - set(details_of(instrument))
    if unknown:
        raise WrongState(f"No text of {instrument} has a place for {', '.join(sorted(unknown))}.")
    return {name: _wording(name, said) for name, said in operator.items()}


def _wording(name: str, said: str | dict[str, str]) -> str | dict[str, str]:
    if isinstance(said, str):
        return one_line(said, name)
    return {language: one_line(text, f"{name} ({language})") for language, text in said.items()}


@transaction.atomic
def change_operator(actor: Actor, survey: Survey, operator: Details) -> None:
    """Say anew who asks. Raises WrongState while people who were told otherwise can still correct or erase."""
    survey = Survey.objects.select_for_update(no_key=True).get(pk=survey.pk)
    begun = survey.waves.filter(state__in=(WaveState.OPEN, WaveState.CLOSED)).first()
    if begun:
        raise WrongState(f"{begun} is {begun.state}: what it says of who asks stands until it is sealed.")
    said = _checked(survey.instrument, operator)
    changed = sorted(name for name in {*said, *survey.operator} if said.get(name) != survey.operator.get(name))
    if changed:
        Survey.objects.filter(pk=survey.pk).update(operator=said)
        record(
            actor, "survey.operator_changed", f"survey:{survey.slug}", said={name: said.get(name) for name in changed}
        )


@transaction.atomic
def create_wave(actor: Actor, survey: Survey, languages: list[str], seal_on: date, form: str = "") -> Wave:
    """`form`: empty, or the name of a shorter form. Raises WrongState for a language or form there is not."""
    _refuse_unknown(languages, languages_of(survey.instrument), "language")
    _refuse_unknown([form] if form else [], load(survey.instrument).forms, "form")
    last = survey.waves.order_by("-number").values_list("number", flat=True).first() or 0
    wave = Wave.objects.create(survey=survey, number=last + 1, languages=languages, seal_on=seal_on, form=form)
    record(actor, "wave.created", f"wave:{wave.pk}", number=wave.number, seal_on=seal_on.isoformat())
    return wave


@transaction.atomic
def change_plan(actor: Actor, wave: Wave, languages: list[str], seal_on: date, form: str = "") -> None:
    """Of a wave that nobody has seen yet. Raises WrongState for another one, or as `create_wave` does."""
    instrument = wave.survey.instrument
    _refuse_unknown(languages, languages_of(instrument), "language")
    _refuse_unknown([form] if form else [], load(instrument).forms, "form")
    _change(wave, WaveState.PLANNED, WaveState.PLANNED, languages=languages, seal_on=seal_on, form=form)
    record(actor, "wave.planned_anew", f"wave:{wave.pk}", languages=languages, seal_on=seal_on.isoformat(), form=form)


@transaction.atomic
def postpone_sealing(actor: Actor, wave: Wave, seal_on: date) -> None:
    """Announce a later seal date. Raises WrongState for an earlier one, or for a wave that is not open or closed."""
    locked = locks.hold_wave(wave.pk)
    wave.refresh_from_db()
    if locked.state not in (WaveState.OPEN, WaveState.CLOSED):
        raise WrongState(f"{wave} is {wave.state}: there is no announced seal date to move.")
    if seal_on <= wave.seal_on:
        raise WrongState(f"Respondents were told {wave.seal_on}: the date can only move to a later day.")
    if seal_on > timezone.now().date() + LONGEST_WAVE:
        raise WrongState("That is more than two years away, and the date could never be moved back.")
    before, wave.seal_on = wave.seal_on, seal_on
    wave.save(update_fields=["seal_on"])
    record(actor, "wave.postponed", f"wave:{wave.pk}", before=before.isoformat(), seal_on=seal_on.isoformat())


def _refuse_unknown(wanted: list[str], known: Collection[str], what: str) -> None:
    for one in wanted:
        if one not in known:
            raise WrongState(f"There is no {what} {one!r}; there are {', '.join(known)}.")


@transaction.atomic
def open_wave(actor: Actor, wave: Wave) -> None:
    """Planned to open. The states of announced events and the reading key are fixed now and hold for the whole wave.

    A rehearsal opens without a reading key, too; its texts are then dropped at sealing. Raises NotAllowed where a
    second person must have confirmed, WrongState as `check_may_open` says.
    """
    check_second_person(actor, wave, Step.OPEN)
    check_may_open(wave)
    survey, key = wave.survey, current_reading_key()
    states = {str(code): state for code, state in event_states_on(survey.instrument, timezone.now().date()).items()}
    _change(wave, WaveState.PLANNED, WaveState.OPEN, event_states=states, reading_key=key)
    record(actor, "wave.opened", f"wave:{wave.pk}", event_states=states)


def check_may_open(wave: Wave) -> None:
    """Raises WrongState with the first thing that stands in the way."""
    survey = wave.survey
    if survey.mode == Mode.LIVE:
        _refuse_unsaid_details(survey, wave.languages)
        _refuse_unreviewed_languages(survey, wave.languages)
        _refuse_unreadable_texts(survey, current_reading_key())
    if survey.waves.filter(state=WaveState.OPEN).exists():
        raise WrongState(f"Another wave of {survey.slug} is open: close it first.")


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
