"""What stands in a report beside its counts, fixed with them: quotes in their order, and what was published of other
waves. Rendered again, a report says the same."""

import random
from typing import Any

from reports.models import Report
from reports.queries import Sources, document, releases_of_other_waves
from reports.render import published
from survey.instrument.codebook import Codebook
from survey.queries import (
    Quote,
    counts_of_testimonies,
    languages_of,
    moderation_is_finished,
    published_quotes,
)

type Beside = dict[str, Any]

_LANGUAGE = "lang"
"""The variable that holds in which language somebody answered."""


def beside(report: Report, source: Sources, languages: list[str]) -> Beside:
    """As plain data, for a report in these languages; see `render.testimonies` and `render.waves`."""
    asked = any(section.testimonies for section in source.plan.sections)
    compared = [name for section in source.plan.sections for name in section.waves]
    return {
        "testimonies": _testimonies(source, languages) if asked else None,
        "waves": _releases(report, source.codebook, compared) if compared else [],
    }


def _releases(report: Report, codebook: Codebook, variables: list[str]) -> list[Beside]:
    """Of releases that may be superseded or retracted later, what they published of these variables.

    Only those made with the same questionnaire: in another version a code may stand for another answer.
    """
    found = ((release.slug, document(release.report)) for release in releases_of_other_waves(report))
    own = codebook.instrument, codebook.version
    return [
        {"report": slug, "waves": one["waves"], "tables": published(one, variables)}
        for slug, one in found
        if (one["instrument"]["name"], one["instrument"]["version"]) == own
    ]


def _testimonies(source: Sources, languages: list[str]) -> Beside:
    slug, waves = source.survey.slug, [wave.number for wave in source.waves]
    if not moderation_is_finished(slug, waves):
        return {"finished": False}
    spoken, place = _spoken(source.codebook)
    counts = counts_of_testimonies(slug, waves, spoken, place)
    quotes = [_plain(quote) for quote in published_quotes(slug, waves, languages)]
    # Not in the order of their ids: that is the order in which researchers of the study read the texts.
    random.SystemRandom().shuffle(quotes)
    return {
        "finished": True,
        "total": counts.total,
        "by_use": [[list(uses), count] for uses, count in counts.by_use.items()],
        "by_language": [[tag, count] for tag, count in counts.by_language.items()],
        "quotes": quotes,
    }


def _spoken(codebook: Codebook) -> tuple[list[str], int | None]:
    """The languages of an instrument, and where a coded response holds its own, if it does."""
    coded = {variable.name: variable for variable in codebook.coded}
    if _LANGUAGE in coded:
        return list(map(str, coded[_LANGUAGE].codes)), coded[_LANGUAGE].position
    return list(languages_of(codebook.instrument)), None


def _plain(quote: Quote) -> Beside:
    return {
        "use": quote.use,
        "words": {tag: dict(words) for tag, words in quote.words.items()},
        "original": dict(quote.original) if quote.original else None,
        "language": quote.original_language,
        "group": quote.role_group,
    }
