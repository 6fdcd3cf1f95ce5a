"""Whom to invent: the shares file, read strictly. Its form is described in population.yaml beside this module."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from survey.instrument.schema import Code, Instrument, Item

PACKAGED = Path(__file__).parent / "population.yaml"
TRAITS = ("bond", "strain", "voice")

type Shares = tuple[tuple[Code, float], ...]
"""(code, weight) in the order in which a rising trait moves the answer."""


class PopulationError(ValueError):
    """The shares file does not fit its form or the instrument."""


@dataclass(frozen=True, slots=True)
class Loadings:
    """Correlations of an answer with the traits, in the order of TRAITS; their squares sum to at most 1."""

    by_trait: tuple[float, ...]

    @property
    def rest(self) -> float:
        """The weight of chance beside the traits."""
        return float(max(0.0, 1 - sum(value**2 for value in self.by_trait)) ** 0.5)


@dataclass(frozen=True, slots=True)
class Pick:
    """One answer is drawn from these shares."""

    shares: Shares
    loadings: Loadings


@dataclass(frozen=True, slots=True)
class Tick:
    """An option is ticked with this probability."""

    code: Code
    probability: float
    loadings: Loadings


@dataclass(frozen=True, slots=True)
class Words:
    probability: float
    loadings: Loadings
    texts: Mapping[str, tuple[str, ...]]
    """By language; English stands in for a language without."""


@dataclass(frozen=True, slots=True)
class Population:
    languages: Mapping[str, float]
    skipped: float
    refused: float
    straight_liners: float
    unproven: float
    fast: Shares
    picks: Mapping[str, Pick]
    ticks: Mapping[str, tuple[Tick, ...]]
    words: Mapping[str, Words]


def load_population(instrument: Instrument, path: Path = PACKAGED) -> Population:
    """The packaged population, changed by what the file at `path` holds.

    Raises PopulationError for a file that cannot be read, or that names what the instrument does not have.
    """
    try:
        population = _population(_merged(_of(instrument, _read(PACKAGED)), _read(path)))
    except (OSError, yaml.YAMLError) as error:
        raise PopulationError(f"{path}: {error}") from error
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise PopulationError(f"{path}: not in the form of a population: {error!r}") from error
    _check(population, instrument, path)
    return population


def _read(path: Path) -> Mapping[str, Any]:
    raw = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(raw, dict):
        raise TypeError("a table is expected")
    return raw


def _of(instrument: Instrument, packaged: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the packaged population says of questions that this instrument has."""
    names = {name for item in instrument.items for name in _names(item)}
    known = {key: {name: one for name, one in packaged[key].items() if name in names} for key in ("questions", "words")}
    return {**packaged, **known}


def _merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> Mapping[str, Any]:
    unknown = set(change) - set(base)
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")
    return {**base, **change, "questions": {**base["questions"], **change.get("questions", {})}}


def _population(raw: Mapping[str, Any]) -> Population:
    questions: Mapping[str, Mapping[Any, Any]] = raw["questions"]
    return Population(
        languages={str(language): float(share) for language, share in raw["languages"].items()},
        skipped=_probability(raw["skipped"]),
        refused=_probability(raw["refused"]),
        straight_liners=_probability(raw["straight_liners"]),
        unproven=_probability(raw["unproven"]),
        fast=tuple((_word(code), float(share)) for code, share in raw["fast"].items()),
        picks={name: _pick(entry) for name, entry in questions.items() if "shares" in entry},
        ticks={name: _ticks(entry) for name, entry in questions.items() if "ticks" in entry},
        words={name: _words(entry) for name, entry in raw["words"].items()},
    )


def _probability(percent: float) -> float:
    if not 0 <= percent <= 100:
        raise ValueError(f"{percent} is no percentage")
    return percent / 100


def _word(raw: object) -> str:
    """YAML reads a bare yes and no as true and false."""
    return {True: "yes", False: "no"}.get(raw, str(raw)) if isinstance(raw, bool) else str(raw)


def _pick(entry: Mapping[str, Any]) -> Pick:
    shares = tuple((code, float(share)) for code, share in entry["shares"].items())
    return Pick(shares, _loadings(entry, "shares"))


def _ticks(entry: Mapping[str, Any]) -> tuple[Tick, ...]:
    options = ((code, tick if isinstance(tick, dict) else {"share": tick}) for code, tick in entry["ticks"].items())
    return tuple(Tick(code, _probability(tick["share"]), _loadings(tick, "share")) for code, tick in options)


def _words(entry: Mapping[str, Any]) -> Words:
    texts = {str(language): tuple(texts) for language, texts in entry["texts"].items()}
    if not texts.get("en") or not all(texts.values()):
        raise ValueError("words need texts, English ones at least")
    return Words(_probability(entry["share"]), _loadings(entry, "share", "texts"), texts)


def _loadings(entry: Mapping[str, Any], *others: str) -> Loadings:
    unknown = set(entry) - {*TRAITS, *others}
    values = tuple(float(entry.get(trait, 0)) for trait in TRAITS)
    if unknown or sum(value**2 for value in values) > 1:
        raise ValueError(f"loadings {dict(entry)}")
    return Loadings(values)


def _check(population: Population, instrument: Instrument, path: Path) -> None:
    wanted = {name for item in instrument.items for name in _names(item)}
    described = {*population.picks, *population.ticks, *population.words}
    if wanted != described:
        raise PopulationError(f"{path}: missing or not of {instrument.name}: {', '.join(sorted(wanted ^ described))}")
    for item in instrument.items:
        known = {option.code for option in item.options}
        for name in _names(item):
            unknown = _described_codes(population, name) - known
            if unknown:
                raise PopulationError(f"{path}: {name} has no answer {unknown.pop()}")


def _names(item: Item) -> tuple[str, ...]:
    return tuple(row.name for row in item.rows) or (item.name,)


def _described_codes(population: Population, name: str) -> set[Code]:
    if name in population.picks:
        return {code for code, _ in population.picks[name].shares}
    return {tick.code for tick in population.ticks.get(name, ())}
