"""What stands around every respondent page: language, switch, support box, rehearsal stamp."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from django.db import Error

from survey import queries
from survey.instrument.load import HelpLine
from survey.pages.languages import Language, interface_languages, language
from survey.pages.outage import is_transient
from survey.pages.words import split_at

# The quick exit leads to an empty page: it needs no network, is blocked nowhere, and asks nobody for anything.
QUICK_EXIT = "about:blank"


@dataclass(frozen=True, slots=True)
class Other:
    """The same page in another language."""

    language: Language
    url: str


@dataclass(frozen=True, slots=True)
class HelpEntry:
    """A help line as it is printed."""

    name: str
    what: str
    phone: str
    dial: str
    """The number without blanks, for a `tel:` link."""
    url: str
    host: str
    where: str
    """Names of the countries where the number works; empty: not bound to any."""
    hours: str
    checked_on: str


@dataclass(frozen=True, slots=True)
class Frame:
    language: Language
    others: tuple[Other, ...]
    support: tuple[str, str]
    """The support text before and after the help lines."""
    help_lines: tuple[HelpEntry, ...]
    is_rehearsal: bool = False
    switch_form: str = ""
    """Id of the form that a change of language sends along, so that no answer is lost; empty: plain links."""
    quick_exit: str = QUICK_EXIT

    def carrying(self, form: str) -> "Frame":
        return replace(self, switch_form=form)


def plain_frame(spoken: Language, path: str) -> Frame:
    """For pages of no single survey; `path` is the part of the address behind the language."""
    instrument, lines = _at_hand(spoken)
    return Frame(
        language=spoken,
        others=_others(spoken, interface_languages(), path),
        support=_support(instrument, spoken),
        help_lines=_printed(lines, spoken),
    )


def _at_hand(spoken: Language) -> tuple[str, tuple[HelpLine, ...]]:
    """Whose help lines a page of no single survey shows: somebody may need them, database or not.

    The first instrument that speaks the language; empty if none does.
    """
    try:
        name = _speaking(spoken, [survey.instrument for survey in queries.all_surveys()])
        return name, queries.help_lines(name, spoken.tag) if name else ()
    except Error as error:
        if not is_transient(error):
            raise
        name = _speaking(spoken, queries.all_instruments())
        return name, queries.remembered_directory(name).help_lines.get(spoken.tag, ()) if name else ()


def _speaking(spoken: Language, names: Iterable[str]) -> str:
    return next((name for name in names if spoken.tag in queries.languages_of(name)), "")


def survey_frame(context: queries.FormContext, spoken: Language, path: str) -> Frame:
    return Frame(
        language=spoken,
        others=_others(spoken, offered_languages(context), path),
        support=_support(context.instrument.name, spoken),
        help_lines=_printed(context.help_lines.get(spoken.tag, ()), spoken),
        is_rehearsal=context.is_rehearsal,
    )


def any_frame(context: queries.FormContext, spoken: Language, path: str) -> Frame:
    """For what a survey says beside its form: in every language of the interface, not only in those of the wave."""
    if spoken in offered_languages(context):
        return survey_frame(context, spoken, path)
    return replace(plain_frame(spoken, path), is_rehearsal=context.is_rehearsal)


def offered_languages(context: queries.FormContext) -> tuple[Language, ...]:
    """Languages of the wave that the interface speaks too."""
    spoken = interface_languages()
    tags = context.wave.languages if context.wave else ()
    return tuple(found for tag in tags if (found := language(tag)) in spoken)


def _others(spoken: Language, offered: Iterable[Language], path: str) -> tuple[Other, ...]:
    return tuple(Other(one, f"/{one.code}/{path}") for one in offered if one != spoken)


def _support(instrument: str, spoken: Language) -> tuple[str, str]:
    if not instrument:
        return "", ""
    text = queries.load(instrument).texts["support"]
    return split_at(queries.catalogue(instrument, spoken.tag).text(text), "helplines")


def _printed(lines: Iterable[HelpLine], spoken: Language) -> tuple[HelpEntry, ...]:
    return tuple(_entry(line, spoken) for line in lines)


def _entry(line: HelpLine, spoken: Language) -> HelpEntry:
    return HelpEntry(
        name=line.name,
        what=line.what,
        phone=line.phone,
        dial="".join(sign for sign in line.phone if sign.isdigit() or sign == "+"),
        url=line.url,
        host=line.url.removeprefix("https://").removeprefix("www.").rstrip("/"),
        where=_countries(line.countries, spoken),
        hours=line.hours,
        checked_on=long_date(line.checked_on, spoken) if line.checked_on else "",
    )


def _countries(codes: Iterable[str], spoken: Language) -> str:
    names = Locale.parse(spoken.locale).territories
    listed = [names.get(code, code) for code in codes]
    return format_list(listed, style="unit-short", locale=spoken.locale) if listed else ""


def fill_ins(context: queries.FormContext, spoken: Language) -> Mapping[str, str]:
    """What texts say in places such as `{country}` and `{seal_date}`."""
    assert context.wave is not None
    said = {name: queries.wording(detail, spoken.tag) for name, detail in context.operator.items()}
    return {**said, "seal_date": long_date(context.wave.seal_on, spoken)}


def long_date(day: date, spoken: Language) -> str:
    return format_date(day, "long", locale=spoken.locale)
