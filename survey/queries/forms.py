"""What a form page needs to know of its survey and wave."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, When
from django.utils import timezone

from survey.enums import WaveState
from survey.instrument.schema import Instrument
from survey.models import Survey, Wave
from survey.queries.directory import HelpLines, present_directory
from survey.queries.instruments import load


@dataclass(frozen=True, slots=True)
class WaveInfo:
    id: int
    number: int
    state: WaveState
    takes_answers: bool
    seal_on: date
    languages: tuple[str, ...]
    event_states: dict[int, str]
    form: str


@dataclass(frozen=True, slots=True)
class FormContext:
    survey_id: int
    slug: str
    is_rehearsal: bool
    operator: dict[str, str | dict[str, str]]
    """Details of who asks; one that is worded for each language is a mapping by tag."""
    instrument: Instrument
    wave: WaveInfo | None
    """The wave the document belongs to: the named one, else the open one, else the last one closed."""
    help_lines: HelpLines


def wave_info(wave: Wave) -> WaveInfo:
    return WaveInfo(
        id=wave.pk,
        number=wave.number,
        state=WaveState(wave.state),
        takes_answers=_takes_answers(wave),
        seal_on=wave.seal_on,
        languages=tuple(wave.languages),
        event_states={int(code): state for code, state in wave.event_states.items()},
        form=wave.form,
    )


def _takes_answers(wave: Wave) -> bool:
    if wave.state == WaveState.CLOSED:
        return wave.late_until is not None and wave.late_until > timezone.now()
    return wave.state == WaveState.OPEN


def form_context(slug: str, wave_number: int | None = None) -> FormContext | None:
    """None for an unknown survey. One query for the survey, one for the wave, now and then two for the directory."""
    survey = Survey.objects.filter(slug=slug).first()
    if survey is None:
        return None
    return context_of(survey, _chosen_wave(survey, wave_number))


def context_of(survey: Survey, wave: Wave | None) -> FormContext:
    return FormContext(
        survey_id=survey.pk,
        slug=survey.slug,
        is_rehearsal=survey.is_rehearsal,
        operator=survey.operator,
        instrument=load(survey.instrument),
        wave=wave_info(wave) if wave else None,
        help_lines=present_directory(survey.instrument).help_lines,
    )


def _chosen_wave(survey: Survey, number: int | None) -> Wave | None:
    begun = survey.waves.exclude(state=WaveState.PLANNED)
    if number is not None:
        return begun.filter(number=number).first()
    return begun.order_by(Case(When(state=WaveState.OPEN, then=0), default=1), "-number").first()


def open_surveys() -> list[FormContext]:
    slugs = Survey.objects.filter(waves__state=WaveState.OPEN).order_by("slug").values_list("slug", flat=True)
    contexts = (form_context(slug) for slug in slugs)
    return [context for context in contexts if context is not None]
