"""`report.pdf`: the report on paper, typeset by Typst with fonts of its own (see fonts/README.md)."""

import json
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import typst

from reports.render import prose
from reports.render.outline import Document, plain, sections
from reports.render.pictures import pictures
from reports.render.readme import readme
from reports.render.words import direction, words

_FOLDER = Path(__file__).parent
_NOON_OF_THE_EPOCH = 43_200
"""Of the date in the file's metadata. The report's own date stands in its text; the same report is the same bytes."""

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


def _picture(svg: ET.Element) -> dict[str, str]:
    return {"svg": ET.tostring(svg, encoding="unicode"), "alt": svg.findtext("desc", "")}
