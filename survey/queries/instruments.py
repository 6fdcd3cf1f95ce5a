"""Instruments, codebooks and texts: files, read once per process. Events and help lines: see `directory`."""

from datetime import date
from functools import cache

from survey.instrument.codebook import Codebook, build_codebook
from survey.instrument.load import Event, HelpLine, load_instrument
from survey.instrument.opening import details_wanted, unreviewed
from survey.instrument.schema import Instrument
from survey.instrument.texts import Catalogue, load_catalogue
from survey.models import Survey
from survey.queries.directory import listed_events, present_directory
from survey.queries.files import folder


@cache
def load(name: str) -> Instrument:
    return load_instrument(folder(name))


@cache
def catalogue(name: str, language: str) -> Catalogue:
    return load_catalogue(load(name), folder(name), language)


@cache
def codebook(name: str) -> Codebook:
    return build_codebook(load(name))


def codebook_of(survey: Survey) -> Codebook:
    return codebook(survey.instrument)


def languages_of(name: str) -> list[str]:
    """Languages with a complete set of texts, the source language first."""
    others = sorted(path.stem for path in (folder(name) / "locale").glob("*.po"))
    return ["en", *(language for language in others if language != "en" and not catalogue(name, language).missing)]


def help_lines(name: str, language: str) -> tuple[HelpLine, ...]:
    return present_directory(name).help_lines.get(language, ())


def events(name: str) -> tuple[Event, ...]:
    """The catalogue of events: what happened to models, and when."""
    return present_directory(name).events


def event_states_on(name: str, day: date) -> dict[int, str]:
    """Announced or past, for the events whose state a wave fixes when it opens: by the list that holds this moment."""
    return {event.code: event.state_on(day) for event in listed_events(name).entries if event.by_date}


def asks_for_texts(name: str) -> bool:
    """Whether respondents may write in their own words."""
    return any(item.kind == "T" for item in load(name).items)


def unreviewed_for_live(name: str, language: str) -> list[str]:
    """Keys of the texts that keep a live wave from opening in this language; empty for the source language."""
    return unreviewed(load(name), catalogue(name, language))


def details_of(name: str) -> list[str]:
    """What an operator says about who asks: names of places in the texts of the instrument."""
    return details_wanted(load(name))


def event_notice(name: str, model: object) -> str:
    """Address of the company's own notice about what is coming for this model; empty where there is none."""
    notices = (event.notice for event in events(name) if model in event.models)
    return next((notice for notice in notices if notice), "")
