"""`report.pdf`: the report on paper, typeset by Typst with fonts of its own (see fonts/README.md)."""

import json
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import typst

from reports.render import prose
from reports.render.charts import POP_ISOLATE, RIGHT_TO_LEFT_ISOLATE
from reports.render.outline import Document, plain, sections
from reports.render.pictures import pictures
from reports.render.readme import readme
from reports.render.words import direction, words

_FOLDER = Path(__file__).parent
_NOON_OF_THE_EPOCH = 43_200
"""Of the date in the file's metadata. The report's own date stands in its text; the same report is the same bytes."""

SVG = "http://www.w3.org/2000/svg"
NOT_DRAWN = ("text", "title", "desc", "style")

REGIONS = {"Hans": "cn", "Hant": "tw"}
"""Typst chooses the forms and the spacing of Chinese by region."""


def pdf(document: Document, language: str) -> bytes:
    """Tagged for screen readers: PDF/UA-1, unless a letter lies in none of the fonts, which that standard forbids."""
    content = json.dumps(_content(document, language), sort_keys=True, ensure_ascii=False)
    compiler = typst.Compiler(
        _FOLDER / "report.typ",
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"document": content},
    )
    try:
        return _compiled(compiler, "ua-1")
    except typst.TypstError:
        return _compiled(compiler, [])


def _compiled(compiler: typst.Compiler, standards: Any) -> bytes:
    made = compiler.compile(format="pdf", pdf_standards=standards, timestamp=_NOON_OF_THE_EPOCH)
    assert isinstance(made, bytes)
    return made


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[_FOLDER / "fonts"])


def _content(document: Document, language: str) -> dict[str, Any]:
    said = words(language)
    first, *rest = prose.parts(readme(document, language).decode())
    tag, _, script = language.partition("-")
    return {
        "lang": tag,
        "region": REGIONS.get(script, ""),
        "direction": direction(language),
        "title": first.text,
        "stamp": document["stamp"][language] if document["stamp"] else "",
        "publisher": document["publisher"] or said["publisher_unknown"],
        "report": document["report"],
        "lead": [],
        "words": {key: said[key] for key in ("answer", "share", "interval")},
        "methods": [plain(part) for part in rest],
        "sections": [
            {**plain(one), "pictures": [_picture(each) for each in pictures(one.id, document, language)]}
            for one in sections(document, language)
        ],
    }


def _picture(svg: ET.Element) -> dict[str, Any]:
    """Shapes and texts apart: Typst sets the texts itself, with the fonts and the direction of the page around them.

    Inside a picture the letters of some scripts (Arabic dots are glyphs of their own) could not be read out again.
    """
    texts = [_text(one) for one in svg.iter() if one.tag == "text"]
    shapes = ET.Element(svg.tag, {"xmlns": SVG, "viewBox": svg.attrib["viewBox"]})
    shapes.extend(one for one in svg if one.tag not in NOT_DRAWN)
    width, height = svg.attrib["width"], svg.attrib["height"]
    return {
        "svg": ET.tostring(shapes, encoding="unicode"),
        "alt": svg.findtext("desc", ""),
        "width": int(width),
        "height": int(height),
        "texts": texts,
    }


def _text(one: ET.Element) -> dict[str, Any]:
    return {
        "said": "".join(sign for sign in one.text or "" if sign not in (RIGHT_TO_LEFT_ISOLATE, POP_ISOLATE)),
        "x": int(one.attrib["x"]),
        "y": int(one.attrib["y"]),
        "size": int(one.attrib["font-size"]),
        "anchor": one.get("text-anchor", "start"),
        "strong": one.get("font-weight") == "600",
        "fill": one.attrib["fill"],
    }
