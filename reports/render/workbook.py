"""`report.xlsx`: methods, one sheet for each section; in the first language also all numbers in one sheet."""

import io
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from reports.render import prose
from reports.render.csvfile import HIDDEN, Field
from reports.render.outline import Block, Cross, Document, Quotes, SectionView, Statistic, sections
from reports.render.readme import readme
from reports.render.tables import CELLS, tidy
from reports.render.words import Words, direction, words

LABEL_WIDTH, NUMBER_WIDTH, PROSE_WIDTH = 46, 16, 110
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
"""Every text stays a text, whatever sign it begins with."""

type Formats = dict[str, Format]


def workbook(document: Document, language: str) -> bytes:
    """The same report gives the same bytes: the file carries the day of the report and no other time."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, _SAFE)
    book.set_properties({"title": document["title"][language], "created": datetime.fromisoformat(document["made_on"])})
    formats = _formats(book)
    stamp = document["stamp"][language] if document["stamp"] else ""
    _Sheet(book, "README", language, formats, stamp, PROSE_WIDTH).prose(readme(document, language).decode())
    for section in sections(document, language):
        _Sheet(book, section.id, language, formats, stamp).section(section)
    if language == document["languages"][0]:
        _Sheet(book, "cells", language, formats, stamp, NUMBER_WIDTH).records(CELLS, tidy(document))
    book.close()
    return buffer.getvalue()


def _formats(book: Any) -> Formats:
    looks = {
        "title": {"bold": True, "font_size": 15},
        "heading": {"bold": True, "font_size": 12},
        "head": {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"},
        "label": {"text_wrap": True, "valign": "top"},
        "soft": {"font_color": "#665c52", "text_wrap": True, "valign": "top"},
        "number": {"valign": "top"},
    }
    return {name: book.add_format(look) for name, look in looks.items()}


class _Sheet:
    """A sheet that is filled from the top, row by row."""

    def __init__(
        self, book: Any, name: str, language: str, formats: Formats, stamp: str, width: int = LABEL_WIDTH
    ) -> None:
        self.sheet: Worksheet = book.add_worksheet(name)
        self.formats, self.words, self.row = formats, words(language), 0
        self.sheet.set_column(0, 0, width)
        self.sheet.set_column(1, 40, NUMBER_WIDTH)
        self.stamp = stamp
        self.sheet.set_header("&C" + stamp.replace("&", "&&"))
        if direction(language) == "rtl":
            self.sheet.right_to_left()

    def write(self, fields: Iterable[Field], look: str = "number", first: str = "label") -> None:
        for column, field in enumerate(fields):
            style = self.formats[look if column else first]
            if isinstance(field, int | float):
                self.sheet.write_number(self.row, column, field, style)
            elif field:
                self.sheet.write_string(self.row, column, field, style)
        self.row += 1

    def prose(self, markdown: str) -> None:
        looks = {prose.TITLE: "title", prose.HEADING: "heading"}
        for part in prose.parts(markdown):
            bullet = "• " if part.kind == prose.ITEM else ""
            self.write([bullet + part.text], first=looks.get(part.kind, "label"))

    def records(self, header: Iterable[str], rows: Iterable[Iterable[Field]]) -> None:
        self.write(header, "head", "head")
        for row in rows:
            self.write(row, first="number")
        self.sheet.freeze_panes(1, 0)

    def section(self, section: SectionView) -> None:
        self.write([f"{section.id} · {section.title}"], first="title")
        if self.stamp:
            self.write([self.stamp], first="soft")
        for text in filter(None, (section.note, *section.remarks)):
            self.write([text], first="soft")
        if section.context:
            self.write([section.context_title], first="soft")
        for text in section.context:
            self.write([f"• {text}"], first="soft")
        for one in section.statistics:
            self._statistic(one)
        for block in section.blocks:
            self._bars(block, self.words)
        for cross in section.crosses:
            self._cross(cross, self.words)
        for quotes in section.quotes:
            self._quotes(quotes)
        for table in section.withheld:
            self.write([f"{table.title}: {HIDDEN} {' '.join(table.reasons)}"], first="soft")

    def _titled(self, question: str, title: str) -> None:
        self.row += 1
        if question:
            self.write([question], first="soft")
        self.write([title], first="heading")

    def _bars(self, block: Block, said: Words) -> None:
        self._titled(block.question, block.title)
        self.write(["", said["count"], "%", said["interval"]], "head", "head")
        for bar in block.bars:
            self.write([bar.label, *_numbers(bar)])
        self._around(block)

    def _cross(self, cross: Cross, said: Words) -> None:
        self._titled(cross.question, f"{cross.title} × {cross.groups_title}")
        heads = (f"{group}: {what}" for group in cross.groups for what in (said["count"], "%", said["interval"]))
        self.write(["", *heads], "head", "head")
        for label, cells in cross.rows:
            self.write([label, *(number for cell in cells for number in _numbers(cell))])
        self._around(cross)

    def _statistic(self, one: Statistic) -> None:
        self._titled(one.question, one.title)
        self.write(["", *one.columns], "head", "head")
        for label, values in one.rows:
            self.write([label, *values])
        for note in one.notes:
            self.write([note], first="soft")

    def _quotes(self, quotes: Quotes) -> None:
        self._titled("", quotes.title)
        for quote in quotes.quotes:
            for one in quote.passages:
                for text in filter(None, (one.question, one.about)):
                    self.write([text], first="soft")
                self.write([one.words])
            if quote.about:
                self.write([quote.about], first="soft")

    def _around(self, one: Block | Cross) -> None:
        for who, number in one.outside:
            self.write([who, number], "soft", "soft")
        for note in one.notes:
            self.write([note], first="soft")


def _numbers(cell: Any) -> tuple[Field, Field, Field]:
    """Number of people, per cent and its interval; hidden ones are marked as such, never blank or zero."""
    known = cell.percent is not None
    count = HIDDEN if cell.count is None else cell.count
    return count, cell.percent if known else HIDDEN, cell.interval if known else HIDDEN
