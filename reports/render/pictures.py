"""Figures over several tables: diverging bars of the rows of a matrix, and means by group with their intervals.

They are drawn from the tables of the document alone, for whose numbers they stand; the same numbers are in the tables.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any
from xml.etree import ElementTree as ET

from reports.render import timeline
from reports.render.charts import (
    FONT_SIZE,
    LABEL_WIDTH,
    LIGHT,
    LINE,
    MARGIN,
    ROW_GAP,
    SMALL_SIZE,
    TITLE_LINE,
    TITLE_SIZE,
    TITLE_WIDTH,
    WIDTH,
    across,
    box,
    canvas,
    height_of,
    text,
    whisker,
    wrapped,
)
from reports.render.words import words

type Picture = dict[str, Any]
type Document = dict[str, Any]

LEFT, ROOM = 300, 400
"""Where the drawing begins, and how wide it is."""

BAR, SWATCH, NARROW = 20, 12, 26
"""Height of a bar, size of a legend's square, and the narrowest segment that holds its number."""

COLOURS = {
    "against2": ("#8c510a", "#ffffff"),
    "against1": ("#d8b365", "#1b1f24"),
    "between": ("#d9dce0", "#1b1f24"),
    "for1": ("#7fc4bb", "#1b1f24"),
    "for2": ("#01665e", "#ffffff"),
}
"""Brown to green-blue (told apart with every colour blindness): fill, and the ink upon it. The same in the dark."""

FEWEST_ROWS = 2


def listed(tables: Sequence[Document], statistics: Sequence[Document], languages: Sequence[str]) -> list[Picture]:
    """What there is to draw: kind, tables, title and, in words, what is seen."""
    found = [*_matrices(tables, languages), *_groups(statistics, languages)]
    return found


def _matrices(tables: Sequence[Document], languages: Sequence[str]) -> Iterator[Picture]:
    rows = (table for table in tables if len(table["variables"]) == 1 and table["variables"][0]["kind"] == "X")
    for (section, item), group in groupby(rows, key=lambda one: (one["section"], one["variables"][0]["item"])):
        shown = [table for table in group if table["visible"] and table["cells"][0]["percent"] is not None]
        if len(shown) >= FEWEST_ROWS:
            yield {
                "id": f"{section.lower()}_{item}_likert",
                "section": section,
                "kind": "likert",
                "tables": [table["id"] for table in shown],
                "title": shown[0]["variables"][0]["question"],
                "alt": {language: _likert_sentence(shown, language) for language in languages},
            }


def _likert_sentence(tables: Sequence[Document], language: str) -> str:
    said = words(language)
    rows = (
        said["bar"].format(
            label=table["variables"][0]["title"][language],
            value=", ".join(
                f"{label} {said['percent'].format(n=percent)}" for label, percent, _ in _segments(table, language)
            ),
        )
        for table in tables
    )
    return said["bars"].format(rows="; ".join(rows))


def _groups(statistics: Sequence[Document], languages: Sequence[str]) -> Iterator[Picture]:
    for table in statistics:
        shown = [row for row in table["rows"] if row["values"].get("lower") is not None]
        if table["by"] and len(shown) >= FEWEST_ROWS:
            yield {
                "id": f"{table['id']}_forest",
                "section": table["section"],
                "kind": "forest",
                "tables": [table["id"]],
                "title": {
                    language: f"{table['title'][language]} × {table['question'][language]}" for language in languages
                },
                "alt": {language: _forest_sentence(shown, language) for language in languages},
            }


def _forest_sentence(rows: Sequence[Document], language: str) -> str:
    said = words(language)
    each = (said["bar"].format(label=row["label"][language], value=_mean(row)) for row in rows)
    return f"{said['stat_mean']}, {said['interval']}: " + "; ".join(each) + "."


def _mean(row: Document) -> str:
    values, decimals = row["values"], row["decimals"]
    mean, lower, upper = (f"{values[key]:.{decimals}f}" for key in ("mean", "lower", "upper"))
    return f"{mean} ({lower}–{upper})"


def pictures(section: str, document: Document, language: str) -> list[ET.Element]:
    return [draw(one, document, language) for one in document.get("pictures", ()) if one["section"] == section]


def draw(picture: Picture, document: Document, language: str) -> ET.Element:
    if picture["kind"] == "timeline":
        svg, top = _begin(picture, document, language, timeline.height(picture["events"], language))
        timeline.draw(svg, top, picture, language)
        return svg
    if picture["kind"] == "likert":
        tables = [table for table in document["tables"] if table["id"] in picture["tables"]]
        return _likert(picture, tables, document, language)
    (table,) = (one for one in document["statistics"] if one["id"] in picture["tables"])
    return _forest(picture, table, document, language)


def _begin(picture: Picture, document: Document, language: str, rows: int) -> tuple[ET.Element, int]:
    """A canvas with a title and room for `rows` pixels of drawing, and where the drawing begins."""
    title = wrapped(picture["title"][language], TITLE_WIDTH, TITLE_SIZE)
    stamp = document["stamp"][language] if document["stamp"] else ""
    top = MARGIN + TITLE_LINE * len(title) + (LINE if stamp else 0) + ROW_GAP
    svg = canvas(picture, language, top + rows + MARGIN)
    for number, line in enumerate(title):
        text(svg, MARGIN, MARGIN + TITLE_LINE * number + TITLE_SIZE, line, "ink", TITLE_SIZE, weight="600")
    if stamp:
        text(svg, MARGIN, MARGIN + TITLE_LINE * len(title) + FONT_SIZE, stamp, "soft", SMALL_SIZE, weight="600")
    return svg, top


def _labelled(svg: ET.Element, top: int, label: Sequence[str]) -> int:
    """Write a row's label; returns the middle of the row."""
    for number, line in enumerate(label):
        text(svg, LEFT - 14, top + LINE * number + FONT_SIZE, line, "ink", FONT_SIZE, anchor="end")
    return top + max(LINE * len(label), BAR) // 2


def _likert(picture: Picture, tables: Sequence[Document], document: Document, language: str) -> ET.Element:
    rows = [(table, wrapped(table["variables"][0]["title"][language], LABEL_WIDTH, FONT_SIZE)) for table in tables]
    legend = dict.fromkeys((name, label) for table in tables for label, _, name in _segments(table, language))
    ordered = sorted(legend, key=lambda one: list(COLOURS).index(one[0]))
    lines = _flowed([label for _, label in ordered])
    room = sum(height_of(label) for _, label in rows) + ROW_GAP + LINE * (len(lines) + 1)
    svg, top = _begin(picture, document, language, room)
    middle_of_all = LEFT + ROOM // 2
    for table, label in rows:
        middle = _labelled(svg, top, label)
        _stack(svg, _segments(table, language), middle, middle_of_all)
        top += height_of(label)
    places = iter(ordered)
    for line in lines:
        for x, meaning in line:
            name, _ = next(places)
            _rect(svg, x, top, SWATCH, SWATCH, COLOURS[name][0])
            text(svg, x + SWATCH + 6, top + SWATCH - 1, meaning, "soft", SMALL_SIZE)
        top += LINE
    text(svg, MARGIN, top + SMALL_SIZE + 4, words(language)["percent_of_base"], "soft", SMALL_SIZE)
    return svg


def _segments(table: Document, language: str) -> list[tuple[str, int, str]]:
    """Label, per cent and colour of each category, from against to for."""
    codes = sorted(code for category in table["categories"][0] for code in category["codes"])
    middle = codes[len(codes) // 2]
    return [
        (category["label"][language], cell["percent"], _colour(category["codes"], middle, codes))
        for category, cell in zip(table["categories"][0], table["cells"], strict=True)
    ]


def _colour(own: Sequence[int], middle: int, codes: Sequence[int]) -> str:
    if list(own) == [middle]:
        return "between"
    side = "for" if min(own) > middle or (middle in own and max(own) == codes[-1]) else "against"
    outermost = own == [codes[0]] or own == [codes[-1]]
    return f"{side}{2 if outermost else 1}"


def _stack(svg: ET.Element, segments: Sequence[tuple[str, int, str]], middle: int, centre: int) -> None:
    """Segments side by side, so that the middle of what lies between for and against stands at the centre."""
    widths = [round(percent * ROOM / 200) for _, percent, _ in segments]
    before = sum(
        width if name.startswith("against") else width / 2 if name == "between" else 0
        for width, (_, _, name) in zip(widths, segments, strict=True)
    )
    x = centre - round(before)
    for width, (_, percent, name) in zip(widths, segments, strict=True):
        fill, ink = COLOURS[name]
        _rect(svg, x, middle - BAR // 2, width, BAR, fill)
        if width >= NARROW:
            look = {"font-size": str(SMALL_SIZE), "text-anchor": "middle", "fill": ink}
            place = {"x": str(across(svg, x + width // 2)), "y": str(middle + 4)}
            ET.SubElement(svg, "text", {**place, **look}).text = str(percent)
        x += width


def _rect(svg: ET.Element, x: int, y: int, width: int, height: int, fill: str) -> None:
    place = {"x": str(across(svg, x, width)), "y": str(y), "width": str(width), "height": str(height)}
    ET.SubElement(svg, "rect", {**place, "fill": fill})


def _flowed(labels: Sequence[str]) -> list[list[tuple[int, str]]]:
    """The labels of a legend in lines: where each begins, and what it says."""
    lines: list[list[tuple[int, str]]] = [[]]
    x = MARGIN
    for label in labels:
        width = (
            SWATCH + 24 + round(len(label) * SMALL_SIZE * (1.0 if any(ord(sign) > 0x2E7F for sign in label) else 0.6))
        )
        if lines[-1] and x + width > WIDTH - MARGIN:
            lines.append([])
            x = MARGIN
        lines[-1].append((x, label))
        x += width
    return lines


def _forest(picture: Picture, table: Document, document: Document, language: str) -> ET.Element:
    rows = [(row, wrapped(row["label"][language], LABEL_WIDTH, FONT_SIZE)) for row in table["rows"]]
    room = sum(height_of(label) for _, label in rows) + 2 * LINE
    svg, top = _begin(picture, document, language, room)
    shown = [row["values"] for row, _ in rows if row["values"].get("lower") is not None]
    low = min(values["lower"] for values in shown)
    high = max(values["upper"] for values in shown)
    first, last = int(low * 2) / 2, -int(-high * 2 - 0.999) / 2
    scale = (ROOM - 110) / max(last - first, 0.5)
    for row, label in rows:
        middle = _labelled(svg, top, label)
        values = row["values"]
        if values.get("lower") is None:
            text(svg, LEFT, middle + 5, words(language)["hidden"], "soft", FONT_SIZE)
        else:
            left, right, dot = (LEFT + round((values[key] - first) * scale) for key in ("lower", "upper", "mean"))
            whisker(svg, left, right, middle)
            ET.SubElement(
                svg,
                "circle",
                {"class": "bar", "cx": str(across(svg, dot)), "cy": str(middle), "r": "5", "fill": LIGHT["bar"]},
            )
            text(svg, LEFT + ROOM - 90, middle + 5, _mean(row), "ink", SMALL_SIZE)
        top += height_of(label)
    box(svg, LEFT, top, ROOM - 110, 1, "soft")
    text(svg, LEFT, top + LINE, f"{first:g}", "soft", SMALL_SIZE, anchor="middle")
    text(svg, LEFT + ROOM - 110, top + LINE, f"{last:g}", "soft", SMALL_SIZE, anchor="middle")
    text(svg, MARGIN, top + LINE, f"{words(language)['stat_mean']}, {words(language)['interval']}", "soft", SMALL_SIZE)
    return svg
