"""What people wrote, as part of the document: how many texts there are, and the quotes that their writers allowed.

The numbers are protected and the words are moderated before they come here (`survey.queries.testimonies`). Nothing
joins a quote to an answer, or to another quote.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from reports.plan import Plan
from reports.render.csvfile import HIDDEN, write
from reports.render.labels import Localised, Texts, localised, named
from reports.render.tables import Row, source
from survey.instrument.codebook import Codebook, Variable
from survey.instrument.schema import Code
from survey.instrument.variables import TEXT_USE

type Document = dict[str, Any]

LANGUAGE, GROUP = "lang", "role_group"
LEVELS = (3, 2)
"""Consent levels (`tst_use`) that allow to quote: word for word, only rephrased."""

COUNTS = ("by", "codes", "count", "status")
QUOTES = ("number", "consent", "allowed", "language", "group", "question", "text", "original", "source")


def testimonies(plan: Plan, codebook: Codebook, texts: Texts, stored: Mapping[str, Any] | None) -> Document | None:
    """`stored` is what `actions.beside` kept; None where the plan has no place for it, or nothing was kept."""
    section = next((one.id for one in plan.sections if one.testimonies), None)
    if section is None or stored is None:
        return None
    if not stored["finished"]:
        return {"section": section, "moderated": False, "total": None, "counts": [], "quotes": []}
    known = {variable.name: variable for variable in codebook.variables}
    by_language = [([tag], count) for tag, count in stored["by_language"]]
    return {
        "section": section,
        "moderated": True,
        "total": stored["total"],
        "counts": [
            _counts(known[TEXT_USE], stored["by_use"], texts),
            *([_counts(known[LANGUAGE], by_language, texts)] if LANGUAGE in known else []),
        ],
        "quotes": [_quote(quote, known, codebook, texts) for level in LEVELS for quote in _of(level, stored)],
    }


def _of(level: int, stored: Mapping[str, Any]) -> Iterator[Document]:
    return (quote for quote in stored["quotes"] if quote["use"] == level)


def _counts(variable: Variable, rows: list[Any], texts: Texts) -> Document:
    return {
        "by": variable.name,
        "title": localised(texts, variable.text),
        "rows": [{"codes": codes, "label": named(variable, codes, texts), "count": count} for codes, count in rows],
    }


def _quote(quote: Document, known: Mapping[str, Variable], codebook: Codebook, texts: Texts) -> Document:
    asked = {item.name: item.text for item in codebook.questionnaire.items}
    names = {name for words in (*quote["words"].values(), quote["original"] or {}) for name in words}
    return {
        "use": quote["use"],
        "consent": named(known[TEXT_USE], [quote["use"]], texts),
        "language": quote["language"],
        "language_name": _named(known.get(LANGUAGE), quote["language"], texts),
        "group": quote["group"],
        "group_name": _named(known.get(GROUP), quote["group"], texts),
        "questions": {name: localised(texts, asked[name]) for name in asked if name in names},
        "words": {language: quote["words"].get(language, {}) for language in texts},
        "original": quote["original"],
    }


def _named(variable: Variable | None, code: Code | None, texts: Texts) -> Localised | None:
    """What its writer allowed to be printed beside a text."""
    if code is None:
        return None
    if variable is None:
        return dict.fromkeys(texts, str(code))
    return localised(texts, variable.option_texts[variable.codes.index(code)])


def counts(document: Document) -> bytes:
    """`testimonies.csv`: numbers of texts. The total has no code."""
    part = document["testimonies"]
    rows = [("total", "", part["total"])] if part["moderated"] else []
    rows += [
        (one["by"], " ".join(map(str, row["codes"])), row["count"]) for one in part["counts"] for row in one["rows"]
    ]
    return write(COUNTS, ((by, codes, *_shown(count)) for by, codes, count in rows))


def _shown(count: int | None) -> Row:
    return (HIDDEN, "hidden") if count is None else (count, "shown")


def quotes(document: Document, language: str) -> bytes:
    """`testimonies/<language>.csv`: a row for each text of each quote."""
    stamp = source(document, language)
    rows = (
        (
            number,
            quote["use"],
            quote["consent"][language],
            quote["language"],
            quote["group_name"][language] if quote["group_name"] else None,
            question[language],
            quote["words"][language].get(name),
            (quote["original"] or {}).get(name),
            stamp,
        )
        for number, quote in enumerate(document["testimonies"]["quotes"], 1)
        for name, question in quote["questions"].items()
    )
    return write(QUOTES, rows)
