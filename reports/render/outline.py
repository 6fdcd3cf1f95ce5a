"""A report as its readers see it: sections of bars, crosstabs, statistics and what is withheld, in one language.

Pages, HTML, PDF and spreadsheet are made from this one outline, so they cannot say different things.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from typing import Any

from reports.render.csvfile import HIDDEN
from reports.render.figures import value
from reports.render.words import Words, direction, words

type Document = dict[str, Any]

NOT_APPLICABLE = "–"


@dataclass(frozen=True, slots=True)
class Bar:
    """One category. `share` is the length of its bar in per cent; None: the count is hidden."""

    label: str
    shown: str
    share: int | None
    interval: str
    count: int | None
    percent: int | None


@dataclass(frozen=True, slots=True)
class Block:
    """A question with its categories, or the options of a multiple choice."""

    id: str
    question: str
    """The question that a row of a matrix belongs to; empty where the title is the question itself."""
    title: str
    bars: tuple[Bar, ...]
    notes: tuple[str, ...]
    outside: tuple[tuple[str, str], ...]
    """(who, how many) of those who stand outside the table."""
    tables: tuple[str, ...]
    added_on: str | None


@dataclass(frozen=True, slots=True)
class CrossCell:
    shown: str
    about: str
    """Interval and number of people; empty where there is no percentage."""
    interval: str
    count: int | None
    percent: int | None


@dataclass(frozen=True, slots=True)
class Cross:
    """A table of two questions: answers in rows, groups in columns."""

    id: str
    title: str
    question: str
    groups_title: str
    groups: tuple[str, ...]
    rows: tuple[tuple[str, tuple[CrossCell, ...]], ...]
    notes: tuple[str, ...]
    outside: tuple[tuple[str, str], ...]
    added_on: str | None


@dataclass(frozen=True, slots=True)
class Statistic:
    """Statistics that are not counts: a row per scale or group. A value that is not shown reads ":"."""

    id: str
    title: str
    question: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure over several tables; it is drawn in `figures/<language>/<id>.svg`."""

    id: str
    title: str
    alt: str


@dataclass(frozen=True, slots=True)
class Withheld:
    table: str
    title: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """Words of one text. `language` is its own where that may be named, else the language of the report."""

    question: str
    words: str
    language: str
    direction: str
    about: str
    """Said of a passage that stands beside a translation."""


@dataclass(frozen=True, slots=True)
class QuoteView:
    passages: tuple[Passage, ...]
    about: str
    """What its writer allowed to be printed beside it; mostly empty."""


@dataclass(frozen=True, slots=True)
class Quotes:
    """Those of one consent level, in an order that says nothing."""

    title: str
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True, slots=True)
class SectionView:
    id: str
    title: str
    note: str
    remarks: tuple[str, ...]
    """How things stand with what the section is to show."""
    context: tuple[str, ...]
    """What others found, each with its unit and sample."""
    context_title: str
    figures: tuple[Figure, ...]
    statistics: tuple[Statistic, ...]
    blocks: tuple[Block, ...]
    crosses: tuple[Cross, ...]
    quotes: tuple[Quotes, ...]
    withheld: tuple[Withheld, ...]
    withheld_title: str


def language_of(document: Document, wanted: str) -> str:
    """The report's own tag for a language, in any spelling of case; the first one where it lacks that language."""
    by_code = {tag.lower(): tag for tag in document["languages"]}
    return str(by_code.get(wanted.lower(), document["languages"][0]))


def sections(document: Document, language: str) -> list[SectionView]:
    return [_section(section, document, language) for section in document["sections"]]


def _section(section: Document, document: Document, language: str) -> SectionView:
    tables = {table["id"]: table for table in document["tables"] if table["section"] == section["id"]}
    figures = [figure for figure in document["figures"] if figure["section"] == section["id"]]
    statistics = [one for one in document.get("statistics", ()) if one["section"] == section["id"]]
    blocks = [block(figure, document, language) for figure in figures]
    crosses = [_cross(table, language) for table in tables.values() if _is_shown_cross(table)]
    hidden = tuple(withheld(list(tables.values()), document, language))
    written = document.get("testimonies")
    written = written if written and written["section"] == section["id"] else None
    counted = _counted(written, language) if written else []
    compared = [one for one in document.get("compared_waves", ()) if one["section"] == section["id"]]
    return SectionView(
        id=section["id"],
        title=section["title"][language],
        note=section["note"][language] if section["note"] else "",
        remarks=(
            *(_remarks(written, language) if written else ()),
            *(words(language)["waves_none"] for one in compared if not one["tables"]),
        ),
        context_title=words(language)["context_title"],
        context=tuple(text[language] for text in section.get("context", {}).values()),
        figures=tuple(
            Figure(one["id"], one["title"][language], one["alt"][language])
            for one in document.get("pictures", ())
            if one["section"] == section["id"]
        ),
        statistics=tuple(
            _dated(one, None, language)
            for one in (*(statistic(one, language) for one in statistics), *counted, *_side_by_side(compared, language))
        ),
        blocks=tuple(_dated(one, one.added_on, language) for one in blocks),
        crosses=tuple(_dated(one, one.added_on, language) for one in crosses),
        quotes=tuple(_quotes(written, language)) if written else (),
        withheld=hidden,
        withheld_title=words(language)["withheld_tables"].format(n=len(hidden)),
    )


def _dated[Part: (Statistic, Block, Cross)](one: Part, added_on: str | None, language: str) -> Part:
    """With a note that says whether it was planned, or when it was added to the plan."""
    said = words(language)
    return replace(one, notes=(*one.notes, said["added"].format(date=added_on) if added_on else said["planned"]))


def block(figure: Document, document: Document, language: str) -> Block:
    tables = [table for table in document["tables"] if table["id"] in figure["tables"]]
    alone = tables[0] if len(tables) == 1 else None
    question = tables[0]["variables"][0]["question"][language]
    return Block(
        id=figure["id"],
        question=question if question != figure["title"][language] else "",
        title=figure["title"][language],
        bars=tuple(_bar(row, language) for row in figure["rows"]),
        notes=tuple(dict.fromkeys(note[language] for table in tables for note in table["notes"])),
        outside=_outside(alone, language) if alone else (),
        tables=tuple(figure["tables"]),
        added_on=next((table["added_on"] for table in tables if table["added_on"]), None),
    )


def _is_shown_cross(table: Document) -> bool:
    return bool(table["visible"]) and len(table["variables"]) == 2


def _cross(table: Document, language: str) -> Cross:
    said = words(language)
    rows, columns = table["variables"]
    groups = [category["label"][language] for category in table["categories"][1]]
    labels = [category["label"][language] for category in table["categories"][0]]
    cells = [_cross_cell(cell, said) for cell in table["cells"]]
    return Cross(
        id=table["id"],
        title=rows["title"][language],
        question=rows["question"][language] if rows["question"] != rows["title"] else "",
        groups_title=columns["title"][language],
        groups=tuple(groups),
        rows=tuple((label, tuple(cells[place * len(groups) :][: len(groups)])) for place, label in enumerate(labels)),
        notes=(said["percent_of_column"], *(note[language] for note in table["notes"])),
        outside=_outside(table, language)[1:],
        added_on=table["added_on"],
    )


def _cross_cell(cell: Document, said: Words) -> CrossCell:
    interval = _interval(cell)
    about = f"{interval} · n {cell['count']}" if interval else ""
    return CrossCell(value(cell, said), about, interval, cell["count"], cell["percent"])


def _bar(row: Document, language: str) -> Bar:
    return Bar(
        label=row["label"][language],
        shown=value(row, words(language)),
        share=_share(row),
        interval=_interval(row),
        count=row["count"],
        percent=row["percent"],
    )


def _interval(cell: Document) -> str:
    return f"{cell['lower']}–{cell['upper']}" if cell["percent"] is not None else ""


def _share(row: Document) -> int | None:
    """In per cent of the base; where that is too small for a percentage, only as the length of the bar."""
    if row["count"] is None or not row["base"]:
        return None
    return round(100 * int(row["count"]) / int(row["base"]))


def _outside(table: Document, language: str) -> tuple[tuple[str, str], ...]:
    said = words(language)
    few = said["under_10"]
    base = (said["base"], str(table["base"]))
    others = ((said[key], few if table[key] is None else str(table[key])) for key in ("no_answer", "not_asked"))
    return (base, *others)


def withheld(tables: list[Document], document: Document, language: str) -> Iterator[Withheld]:
    for table in tables:
        if not table["visible"]:
            title = " × ".join(variable["title"][language] for variable in table["variables"])
            reasons = tuple(document["reasons"][reason][language] for reason in table["reasons"])
            yield Withheld(table["id"], title, reasons)


def statistic(one: Document, language: str) -> Statistic:
    question = one["question"][language] if one["question"] else ""
    return Statistic(
        id=one["id"],
        title=one["title"][language],
        question=question,
        columns=tuple(column["label"][language] for column in one["columns"]),
        rows=tuple((row["label"][language], tuple(_values(row, one["columns"]))) for row in one["rows"]),
        notes=tuple(note[language] for note in one["notes"]),
    )


def _side_by_side(parts: list[Document], language: str) -> Iterator[Statistic]:
    said = words(language)
    for part in parts:
        for table in part["tables"]:
            title, question = table["title"][language], table["question"][language]
            yield Statistic(
                id=f"{part['section'].lower()}_waves_{table['variable']}",
                title=title,
                question=question if question != title else "",
                columns=tuple(f"{', '.join(one['waves'])} · {one['report']}" for one in part["releases"]),
                rows=tuple(
                    (row["label"][language], tuple(_published(cell, said) for cell in row["cells"]))
                    for row in table["rows"]
                ),
                notes=(said["waves_note"],),
            )


def _published(cell: Document | None, said: Words) -> str:
    if cell is None:
        return NOT_APPLICABLE
    return f"{value(cell, said)} ({_interval(cell)})" if cell["percent"] is not None else value(cell, said)


def _remarks(written: Document, language: str) -> Iterator[str]:
    """How many texts there are, or why none are shown."""
    said = words(language)
    if not written["moderated"]:
        yield said["texts_unfinished"]
        return
    yield said["texts_few"] if written["total"] is None else said["texts_total"].format(n=written["total"])
    if not written["quotes"]:
        yield said["texts_none_quoted"]


def _counted(written: Document, language: str) -> list[Statistic]:
    """Numbers of texts, unless not even all of them together may be told."""
    said = words(language)
    return [
        Statistic(
            id=f"{written['section'].lower()}_texts_{one['by']}",
            title=one["title"][language],
            question="",
            columns=(said["texts"],),
            rows=tuple((row["label"][language], (_number(row["count"], 0, ""),)) for row in one["rows"]),
            notes=(said["texts_note"],),
        )
        for one in written["counts"]
        if written["total"] is not None
    ]


def _quotes(written: Document, language: str) -> Iterator[Quotes]:
    for consent, quotes in groupby(written["quotes"], key=lambda quote: str(quote["consent"][language])):
        yield Quotes(consent, tuple(_quote(quote, language) for quote in quotes))


def _quote(quote: Document, language: str) -> QuoteView:
    named = quote["language_name"][language] if quote["language_name"] else ""
    group = quote["group_name"][language] if quote["group_name"] else ""
    return QuoteView(tuple(_passages(quote, named, language)), named or group)


def _passages(quote: Document, named: str, language: str) -> Iterator[Passage]:
    """The words in the language of the report, then the original, if that is another language and may be named."""
    said = words(language)
    here, original = quote["words"][language], quote["original"] or {}
    foreign = bool(original) and quote["language"] != language
    several = len(quote["questions"]) > 1
    for name, question in quote["questions"].items():
        asked = question[language] if several else ""
        if name in here:
            about = said["translated"].format(language=named) if foreign else ""
            yield Passage(asked, here[name], language, direction(language), about)
        if foreign and name in original:
            about = said["original"] if name in here else ""
            yield Passage(asked, original[name], quote["language"], direction(quote["language"]), about)


def _values(row: Document, columns: list[Document]) -> Iterator[str]:
    for column in columns:
        decimals = row["decimals"] if column["decimals"] is None else column["decimals"]
        yield _number(row["values"].get(column["key"], NOT_APPLICABLE), decimals, column["key"])


def _number(number: float | str | None, decimals: int, key: str) -> str:
    if number is None or isinstance(number, str):
        return number or HIDDEN
    smallest = 10.0**-decimals
    return f"<{smallest}" if key.startswith("p") and number < smallest else f"{number:.{decimals}f}"


def plain(part: Any) -> dict[str, Any]:
    """A part of an outline as plain data."""
    return asdict(part)
