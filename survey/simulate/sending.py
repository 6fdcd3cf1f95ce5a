"""Invented people send their forms the way everybody does: the same judge, the same action, into rehearsals only."""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Literal, cast

from survey import receipts
from survey.actions import submit
from survey.enums import SubmitResult, WaveState
from survey.errors import Invalid, WrongState
from survey.instrument.validate import Facts, validate
from survey.queries import FormContext, WaveInfo
from survey.simulate.population import Population
from survey.simulate.respondent import circumstances, fields, person


def send(
    context: FormContext, population: Population, responses: int, seed: int, languages: Collection[str] = ()
) -> Counter[str]:
    """Send this many responses into the open wave; gives their number by language.

    The same seed sends the same answers again, under new receipt codes. `languages` narrows those of the population.
    Raises WrongState for a live survey or one without an open wave, Invalid for a language the wave does not offer.
    """
    wave = _open_rehearsal(context)
    shares = _shares(population, wave, languages)
    facts = Facts("", cast(Mapping[int, Literal["announced", "past"]], wave.event_states), form=wave.form)
    sent: Counter[str] = Counter()
    for number in range(responses):
        sent[_send_one(context, wave, population, shares, facts, seed, number)] += 1
    return sent


def _open_rehearsal(context: FormContext) -> WaveInfo:
    if not context.is_rehearsal:
        raise WrongState(f"{context.slug} is live: simulated answers go into rehearsals only.")
    if context.wave is None or context.wave.state != WaveState.OPEN:
        raise WrongState(f"{context.slug} has no open wave.")
    return context.wave


def _shares(population: Population, wave: WaveInfo, languages: Collection[str]) -> dict[str, float]:
    unknown = set(languages) - set(wave.languages)
    if unknown:
        raise Invalid(f"The wave is not offered in {', '.join(sorted(unknown))}; it is in {', '.join(wave.languages)}.")
    wanted = languages or wave.languages
    shares = {language: share for language, share in population.languages.items() if language in wanted}
    if not shares:
        raise Invalid(f"The population speaks none of {', '.join(wanted)}.")
    return shares


def _send_one(
    context: FormContext,
    wave: WaveInfo,
    population: Population,
    shares: Mapping[str, float],
    facts: Facts,
    seed: int,
    number: int,
) -> str:
    someone = person(population, seed, number)
    about = circumstances(someone, population, shares, facts)
    outcome = validate(context.instrument, fields(someone, population, context.instrument, about), about)
    if outcome.submission is None:
        raise Invalid(f"Simulated response {number} was refused: {outcome}")
    result = submit(wave.id, context.slug, about.language, outcome.submission, receipts.make())
    if result != SubmitResult.STORED:
        raise WrongState(f"Simulated response {number} was not stored but {result}.")
    return about.language
