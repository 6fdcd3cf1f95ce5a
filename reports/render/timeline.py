"""A timeline of what happened to models: when it was announced, and when it happened. It holds no answer of anybody."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from xml.etree import ElementTree as ET

from reports.plan import Plan
from reports.render.charts import FONT_SIZE, LINE, SMALL_SIZE, box, height_of, text, wrapped
from reports.render.labels import Texts, localised
from reports.render.meta import Event
from reports.render.words import words
from survey.instrument.codebook import Codebook

type Document = dict[str, Any]

LABELS, LEFT, ROOM = 250, 290, 410
"""Width of the labels; where the axis begins, and how long it is."""

BAR = 20


def timelines(plan: Plan, codebook: Codebook, texts: Texts, events: Sequence[Event]) -> Iterator[Document]:
    """One for every section that asks for it, if any of its events has a date."""
    for section in plan.sections:
        if section.timeline and (shown := _rows(section.timeline, codebook, texts, events)):
            yield {
                "id": f"{section.id.lower()}_timeline",
                "section": section.id,
                "kind": "timeline",
                "tables": [],
                "title": {language: words(language)["timeline_title"] for language in texts},
                "alt": {language: _sentence(shown, language) for language in texts},
                "events": shown,
                "years": _years(shown),
            }


def _rows(variable: str, codebook: Codebook, texts: Texts, events: Sequence[Event]) -> list[Document]:
    """The dated events of a variable, the earliest first."""
    known = dict(zip(codebook[variable].codes, codebook[variable].option_texts, strict=True))
    dated = sorted((one for one in events if one.first_day and one.code in known), key=lambda one: one.first_day)
    return [
        {
            "label": localised(texts, known[one.code]),
            "announced": one.announced,
            "first_day": one.first_day,
            "last_day": one.last_day or one.first_day,
            "notice_days": _notice(one),
        }
        for one in dated
    ]


def _notice(event: Event) -> int | None:
    """Days from the announcement to the event; None where one of the two is not known to the day."""
    if not _is_a_day(event.announced) or not _is_a_day(event.first_day):
        return None
    return (date.fromisoformat(event.first_day) - date.fromisoformat(event.announced)).days


def _is_a_day(text: str) -> bool:
    return len(text) == len("2026-02-13")


def _years(rows: Sequence[Document]) -> list[int]:
    begins = min(int((row["announced"] or row["first_day"])[:4]) for row in rows)
    return list(range(begins, max(int(row["last_day"][:4]) for row in rows) + 2))


def _sentence(rows: Sequence[Document], language: str) -> str:
    said = words(language)
    each = (said["bar"].format(label=row["label"][language], value=_when(row, language)) for row in rows)
    return "; ".join(each) + "."


def _when(row: Document, language: str) -> str:
    span = row["first_day"] if row["first_day"] == row["last_day"] else f"{row['first_day']} – {row['last_day']}"
    if row["notice_days"] is None:
        return str(span)
    return f"{span}, {words(language)['notice_days'].format(n=row['notice_days'])}"


def height(rows: Sequence[Document], language: str) -> int:
    return sum(height_of(label) for _, label in _labels(rows, language)) + 2 * LINE


def _labels(rows: Sequence[Document], language: str) -> list[tuple[Document, Sequence[str]]]:
    """The label of each event in lines, and below it its dates."""
    return [
        (row, [*wrapped(row["label"][language], LABELS, FONT_SIZE), *wrapped(_when(row, language), LABELS, FONT_SIZE)])
        for row in rows
    ]


def draw(svg: ET.Element, top: int, picture: Document, language: str) -> None:
    """The rows and the axis on a canvas that has a title already."""
    first, last = picture["years"][0], picture["years"][-1]
    scale = ROOM / (last - first)
    bottom = top + height(picture["events"], language) - 2 * LINE
    for year in picture["years"]:
        x = LEFT + round((year - first) * scale)
        box(svg, x, top, 1, bottom - top, "rail")
        text(svg, x, bottom + LINE, str(year), "soft", SMALL_SIZE, anchor="middle")
    for row, label in _labels(picture["events"], language):
        for number, line in enumerate(label):
            soft = number >= len(wrapped(row["label"][language], LABELS, FONT_SIZE))
            text(
                svg,
                LEFT - 14,
                top + LINE * number + FONT_SIZE,
                line,
                "soft" if soft else "ink",
                FONT_SIZE,
                anchor="end",
            )
        middle = top + max(LINE * len(label), BAR) // 2
        begins, ends = (LEFT + round((_year(row[key]) - first) * scale) for key in ("first_day", "last_day"))
        if row["announced"]:
            announced = LEFT + round((_year(row["announced"]) - first) * scale)
            box(svg, announced, middle - 1, max(begins - announced, 1), 3, "soft")
            box(svg, announced, middle - 5, 2, 11, "soft")
        box(svg, begins - 4, middle - 6, max(ends - begins, 0) + 9, 13, "bar")
        top += height_of(label)
    box(svg, LEFT, bottom, ROOM, 1, "soft")


def _year(day: str) -> float:
    """A day or the middle of a month as a fraction of years."""
    year, month, *rest = map(int, day.split("-"))
    return year + (month - 1) / 12 + (rest[0] if rest else 15) / 365
