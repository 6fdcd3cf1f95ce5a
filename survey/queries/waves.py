"""How many answered, as coarsely as the people who work here may know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from survey.enums import WaveState
from survey.models import Inbox, Response, Wave

_BANDS = ((1000, "1,000 and more"), (300, "300–999"), (100, "100–299"), (50, "50–99"))
_ROUNDING = 5


@dataclass(frozen=True, slots=True)
class WaveFacts:
    survey_slug: str
    number: int
    state: WaveState
    languages: tuple[str, ...]
    seal_on: date
    responses: int | None
    """Of a sealed wave, to the nearest 5."""
    attendance: str | None
    """Of a wave that has begun and is not sealed: a band."""


def band(count: int) -> str:
    return next((name for least, name in _BANDS if count >= least), "under 50")


def waves_for_staff(survey_slug: str | None = None) -> list[WaveFacts]:
    """The waves of one survey, or of all, by survey and number: three queries, however many there are."""
    waves = Wave.objects.select_related("survey").order_by("survey__slug", "number")
    if survey_slug is not None:
        waves = waves.filter(survey__slug=survey_slug)
    per_wave = Count("pk")
    sealed = dict(Response.objects.filter(wave__in=waves).order_by().values_list("wave_id").annotate(n=per_wave))
    waiting = dict(Inbox.objects.filter(wave__in=waves).order_by().values_list("wave_id").annotate(n=per_wave))
    return [_facts(wave, sealed, waiting) for wave in waves]


def _facts(wave: Wave, sealed: Mapping[int, int], waiting: Mapping[int, int]) -> WaveFacts:
    state = WaveState(wave.state)
    begun = state in (WaveState.OPEN, WaveState.CLOSED)
    return WaveFacts(
        survey_slug=wave.survey.slug,
        number=wave.number,
        state=state,
        languages=tuple(wave.languages),
        seal_on=wave.seal_on,
        responses=_rounded(sealed.get(wave.pk, 0)) if state is WaveState.SEALED else None,
        attendance=band(waiting.get(wave.pk, 0)) if begun else None,
    )


def _rounded(count: int) -> int:
    return (count + _ROUNDING // 2) // _ROUNDING * _ROUNDING
