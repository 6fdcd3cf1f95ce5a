"""Horizontal bars as SVG: drawn from a figure's rows alone, readable without styles, in the dark and aloud."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from xml.etree import ElementTree as ET

from reports.render.figures import value
from reports.render.words import direction, words

WIDTH, MARGIN = 720, 20
LABEL_WIDTH, BAR_LEFT, BAR_WIDTH = 260, 300, 300
"""Labels end where bars begin; the value stands behind the bars."""

FONT_SIZE, LINE, ROW_GAP, BAR = 14, 19, 14, 18
TITLE_SIZE, TITLE_LINE, TITLE_WIDTH = 16, 22, 580  # narrower than the paper: bold letters are wide
SMALL_SIZE = 12

FONTS = "system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif"
RIGHT_TO_LEFT_ISOLATE, POP_ISOLATE = "\u2067", "\u2069"

LIGHT = {
    "paper": "#ffffff",
    "ink": "#1b1f24",
    "soft": "#57606a",
    "rail": "#e7ebef",
    "bar": "#2f6f8f",
    "span": "#0b2f42",
}
DARK = {"paper": "#15191e", "ink": "#e8ecf0", "soft": "#a9b4bf", "rail": "#2a3138", "bar": "#6fb1d1", "span": "#e3f3fb"}
"""Without styles (a strict content security policy) the light colours hold, on paper of their own."""


def draw(figure: dict[str, Any], document: dict[str, Any], language: str) -> bytes:
    """The figure in one language. Its `title` and `desc` say what the bars show."""
    said = words(language)
    title = wrapped(figure["title"][language], TITLE_WIDTH, TITLE_SIZE)
    below = MARGIN + TITLE_LINE * len(title) + (LINE if document["stamp"] else 0) + ROW_GAP
    rows = [(row, wrapped(row["label"][language], LABEL_WIDTH, FONT_SIZE)) for row in figure["rows"]]
    notes = [said["percent_of_base"], said["interval_note"]]
    height = below + sum(height_of(label) for _, label in rows) + LINE * len(notes) + MARGIN
    svg = canvas(figure, language, height)
    _head(svg, title, document["stamp"][language] if document["stamp"] else "")
    for row, label in rows:
        _row(svg, below, row, label, value(row, said))
        below += height_of(label)
    for number, note in enumerate(notes):
        text(svg, MARGIN, below + LINE * number + SMALL_SIZE, note, "soft", SMALL_SIZE)
    return content(svg)


def content(svg: ET.Element) -> bytes:
    # As text first: ElementTree's own encoder takes a third longer.
    drawn: str = ET.tostring(svg, encoding="unicode")
    return f"<?xml version='1.0' encoding='utf-8'?>\n{drawn}\n".encode()


def canvas(figure: dict[str, Any], language: str, height: int) -> ET.Element:
    svg = ET.Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "viewBox": f"0 0 {WIDTH} {height}",
            "width": str(WIDTH),
            "height": str(height),
            "role": "img",
            "aria-labelledby": f"{figure['id']}-title {figure['id']}-desc",
            "lang": language,
            "font-family": FONTS,
        },
    )
    ET.SubElement(svg, "title", id=f"{figure['id']}-title").text = figure["title"][language]
    ET.SubElement(svg, "desc", id=f"{figure['id']}-desc").text = figure["alt"][language]
    dark = "".join(f".{name}{{{_property(name)}:{colour}}}" for name, colour in DARK.items())
    ET.SubElement(svg, "style").text = f"@media (prefers-color-scheme: dark){{{dark}}}"
    box(svg, 0, 0, WIDTH, height, "paper")
    return svg


def _property(name: str) -> str:
    return "stroke" if name == "span" else "fill"


def _head(svg: ET.Element, title: Sequence[str], stamp: str) -> None:
    for number, line in enumerate(title):
        text(svg, MARGIN, MARGIN + TITLE_LINE * number + TITLE_SIZE, line, "ink", TITLE_SIZE, weight="600")
    if stamp:
        text(svg, MARGIN, MARGIN + TITLE_LINE * len(title) + FONT_SIZE, stamp, "soft", SMALL_SIZE, weight="600")


def _row(svg: ET.Element, top: int, row: dict[str, Any], label: Sequence[str], shown: str) -> None:
    for number, line in enumerate(label):
        text(svg, BAR_LEFT - 14, top + LINE * number + FONT_SIZE, line, "ink", FONT_SIZE, anchor="end")
    middle = top + max(LINE * len(label), BAR) // 2
    hidden = row["count"] is None
    if not hidden:
        _bar(svg, middle, row)
    text(svg, BAR_LEFT + BAR_WIDTH + 14, middle + 5, shown, "soft" if hidden else "ink", FONT_SIZE)


def _bar(svg: ET.Element, middle: int, row: dict[str, Any]) -> None:
    """The bar on a rail that is 100 % long, with its interval as a line. Without percentages, by count alone."""
    share = row["percent"] if row["percent"] is not None else 100 * row["count"] / row["base"]
    box(svg, BAR_LEFT, middle - BAR // 2, BAR_WIDTH, BAR, "rail")
    box(svg, BAR_LEFT, middle - BAR // 2, _across(share), BAR, "bar")
    if row["percent"] is None:
        return
    whisker(svg, BAR_LEFT + _across(row["lower"]), BAR_LEFT + _across(row["upper"]), middle)


def whisker(svg: ET.Element, left: int, right: int, middle: int) -> None:
    """An interval as a line with two ends."""
    left, right = across(svg, left), across(svg, right)
    path = f"M{left} {middle - 4}v8M{left} {middle}H{right}M{right} {middle - 4}v8"
    look = {"class": "span", "d": path, "stroke": LIGHT["span"], "stroke-width": "2", "fill": "none"}
    ET.SubElement(svg, "path", look)


def _across(share: float) -> int:
    return round(share * BAR_WIDTH / 100)


def height_of(label: Sequence[str]) -> int:
    return max(LINE * len(label), BAR) + ROW_GAP


def across(svg: ET.Element, x: int, width: int = 0) -> int:
    """Where something stands that would begin at `x` in a script from left to right: mirrored for the others."""
    return WIDTH - x - width if _is_mirrored(svg) else x


def _is_mirrored(svg: ET.Element) -> bool:
    return direction(svg.get("lang", "")) == "rtl"


def box(svg: ET.Element, x: int, y: int, width: int, height: int, name: str) -> None:
    x = across(svg, x, width)
    place = {"x": str(x), "y": str(y), "width": str(width), "height": str(height)}
    ET.SubElement(svg, "rect", {"class": name, **place, "fill": LIGHT[name]})


def text(
    svg: ET.Element, x: int, y: int, said: str, name: str, size: int, anchor: str = "start", weight: str = "400"
) -> None:
    # Not by the attribute `direction`, which not every program that draws SVG knows: anchors are swapped, and signs of
    # Unicode around the text give it its direction.
    if _is_mirrored(svg):
        anchor = {"start": "end", "end": "start"}.get(anchor, anchor)
        said = f"{RIGHT_TO_LEFT_ISOLATE}{said}{POP_ISOLATE}"
    look = {"font-size": str(size), "text-anchor": anchor, "font-weight": weight, "fill": LIGHT[name]}
    ET.SubElement(svg, "text", {"class": name, "x": str(across(svg, x)), "y": str(y), **look}).text = said


@lru_cache(maxsize=4096)
def wrapped(text: str, width: int, size: int) -> Sequence[str]:
    """Lines of at most about `width` pixels, broken at spaces, and anywhere between Chinese or Japanese characters."""
    lines, line = [], ""
    for piece in _pieces(text):
        if line and _width(line + piece.rstrip(), size) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return (*lines, line.rstrip())


def _pieces(text: str) -> list[str]:
    """What may not be broken: words with the space behind them, single wide characters with the mark behind them."""
    pieces: list[str] = []
    for character in text:
        joins = pieces and not pieces[-1].endswith(" ") and not (_is_wide(character) and not _is_mark(character))
        if joins and (_is_mark(character) or not _is_wide(pieces[-1][-1])):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


def _is_wide(character: str) -> bool:
    return unicodedata.east_asian_width(character) in "WF"


def _is_mark(character: str) -> bool:
    """Closing brackets, commas and stops do not begin a line; a space stays with what stands before it."""
    return character == " " or unicodedata.category(character) in ("Pe", "Pf", "Po")


def _width(text: str, size: int) -> float:
    """About: the real width is known only to the font of whoever looks."""
    return sum(1.0 if _is_wide(character) else 0.56 for character in text) * size
