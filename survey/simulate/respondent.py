"""One invented person: their traits, and the form as they would send it."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import NormalDist

from survey.instrument.schema import PREFER_NOT_TO_SAY, Code, Instrument, Item
from survey.instrument.validate import Facts, Shown, relevance
from survey.simulate.population import TRAITS, Loadings, Population, Shares

NORMAL = NormalDist()
REFUSED = [str(PREFER_NOT_TO_SAY)]


@dataclass(frozen=True, slots=True)
class Person:
    chance: random.Random
    traits: tuple[float, ...]
    line: int | None
    """A straight-liner's choice, as a place among the answers of any matrix."""

    def level(self, loadings: Loadings) -> float:
        """Where this person stands among all, between 0 and 1, in something that loads on the traits."""
        driven = sum(weight * trait for weight, trait in zip(loadings.by_trait, self.traits, strict=True))
        return NORMAL.cdf(driven + loadings.rest * self.chance.gauss())

    def happens(self, probability: float) -> bool:
        return self.chance.random() < probability


def person(population: Population, seed: int, number: int) -> Person:
    """The `number`th person of a seed: the same whoever else is drawn."""
    chance = random.Random(f"{seed}/{number}")
    traits = tuple(chance.gauss() for _ in TRAITS)
    line = chance.choice((0, 3, 4)) if chance.random() < population.straight_liners else None
    return Person(chance, traits, line)


def circumstances(someone: Person, population: Population, languages: Mapping[str, float], wave: Facts) -> Facts:
    """The wave's facts with this person's language and what the page would have noticed about them."""
    language = _drawn(tuple(languages.items()), someone.chance.random())
    fast = _drawn(population.fast, someone.chance.random())
    unproven = someone.happens(population.unproven)
    return replace(wave, language=str(language), fast=str(fast), unproven=unproven)


def fields(someone: Person, population: Population, instrument: Instrument, facts: Facts) -> dict[str, list[str]]:
    """The fields of the form they send: first everything they would say, then only what they are in fact offered."""
    sent: dict[str, list[str]] = {}
    for item in instrument.items:
        for name in [row.name for row in item.rows] or [item.name]:
            sent[name] = _answer(someone, population, item, name, facts.language)
    shown = relevance(instrument, sent, facts)
    for item in instrument.items:
        if item.kind == "M" and item.name in shown.offered:
            sent[item.name] = _among(someone, sent[item.name], item, shown)
        if item.only_candidate and item.name in shown.offered:
            sent[item.name] = _best(someone, population, item, shown)
    return sent


def _answer(someone: Person, population: Population, item: Item, name: str, language: str) -> list[str]:
    if item.rows and someone.line is not None:
        return [str(item.options[min(someone.line, len(item.options) - 1)].code)]
    if not item.required and someone.happens(population.skipped):
        return []
    if item.kind == "T":
        return _written(someone, population, name, language)
    if not item.required and someone.happens(population.refused):
        return REFUSED
    if item.kind == "M":
        return _ticked(someone, population, item)
    pick = population.picks[name]
    return [str(_drawn(pick.shares, someone.level(pick.loadings)))]


def _ticked(someone: Person, population: Population, item: Item) -> list[str]:
    ticks = population.ticks[item.name]
    ticked = [str(tick.code) for tick in ticks if someone.level(tick.loadings) > 1 - tick.probability]
    return ticked or _none_of_these(someone, item)


def _none_of_these(someone: Person, item: Item) -> list[str]:
    """Who has nothing to tick says so where the question lets them, and leaves it blank elsewhere."""
    none = [str(option.code) for option in item.options if option.exclusive]
    return [someone.chance.choice(none)] if none else []


def _written(someone: Person, population: Population, name: str, language: str) -> list[str]:
    words = population.words[name]
    if someone.level(words.loadings) < 1 - words.probability:
        return []
    return [someone.chance.choice(words.texts.get(language, words.texts["en"]))]


def _among(someone: Person, ticked: list[str], item: Item, shown: Shown) -> list[str]:
    if ticked in ([], REFUSED):
        return ticked
    offered = {str(code) for code in shown.offered[item.name]}
    return [code for code in ticked if code in offered] or _none_of_these(someone, item)


def _best(someone: Person, population: Population, item: Item, shown: Shown) -> list[str]:
    if someone.happens(population.skipped):
        return []
    offered = tuple(share for share in population.picks[item.name].shares if share[0] in shown.offered[item.name])
    return [str(_drawn(offered, someone.chance.random()))]


def _drawn(shares: Shares, level: float) -> Code:
    """The code at this level of the cumulated shares."""
    left = level * sum(share for _, share in shares)
    for code, share in shares:
        left -= share
        if left < 0:
            return code
    return shares[-1][0]
