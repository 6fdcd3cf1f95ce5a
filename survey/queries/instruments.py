"""Instruments, codebooks, texts, events and help lines: files, read once per process."""

from datetime import date
from functools import cache
from pathlib import Path

from survey.errors import NotFound
from survey.instrument.codebook import Codebook, build_codebook
from survey.instrument.load import Event, HelpLine, load_events, load_help_lines, load_instrument
from survey.instrument.opening import details_wanted, unreviewed
from survey.instrument.schema import Instrument
from survey.instrument.texts import Catalogue, load_catalogue
from survey.models import Survey

FOLDER = Path(__file__).resolve().parent.parent / "instruments"


def _folder(name: str) -> Path:
    folder = FOLDER / name
    if not name.replace("-", "").isalnum() or not (folder / "instrument.yaml").is_file():
        raise NotFound(f"There is no instrument {name!r}.")
    return folder


def all_instruments() -> list[str]:
    return sorted(path.parent.name for path in FOLDER.glob("*/instrument.yaml"))


@cache
def load(name: str) -> Instrument:
    return load_instrument(_folder(name))


@cache
def catalogue(name: str, language: str) -> Catalogue:
    return load_catalogue(load(name), _folder(name), language)


@cache
def codebook(name: str) -> Codebook:
    return build_codebook(load(name))


def codebook_of(survey: Survey) -> Codebook:
    return codebook(survey.instrument)


def languages_of(name: str) -> list[str]:
    """Languages with a complete set of texts, the source language first."""
    others = sorted(path.stem for path in (_folder(name) / "locale").glob("*.po"))
    return ["en", *(language for language in others if language != "en" and not catalogue(name, language).missing)]


@cache
def help_lines(name: str, language: str) -> tuple[HelpLine, ...]:
    return tuple(load_help_lines(_folder(name)).get(language, ()))


@cache
def events(name: str) -> tuple[Event, ...]:
    """The catalogue of events: what happened to models, and when."""
    return tuple(load_events(_folder(name)))


def event_states_on(name: str, day: date) -> dict[int, str]:
    """Announced or past, for the events whose state a wave fixes when it opens."""
    return {event.code: event.state_on(day) for event in load_events(_folder(name)) if event.by_date}


def asks_for_texts(name: str) -> bool:
    """Whether respondents may write in their own words."""
    return any(item.kind == "T" for item in load(name).items)


def unreviewed_for_live(name: str, language: str) -> list[str]:
    """Keys of the texts that keep a live wave from opening in this language; empty for the source language."""
    return unreviewed(load(name), catalogue(name, language))


def details_of(name: str) -> list[str]:
    """What an operator says about who asks: names of places in the texts of the instrument."""
    return details_wanted(load(name))


@cache
def event_notice(name: str, model: object) -> str:
    """Address of the company's own notice about what is coming for this model; empty where there is none."""
    events = (event for event in load_events(_folder(name)) if model in event.models)
    return next((event.notice for event in events if event.notice), "")
