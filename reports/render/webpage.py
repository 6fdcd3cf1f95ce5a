"""`report.html`: the whole report as one page that needs nothing else: no script, no address, no font to fetch."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from reports.render import prose
from reports.render.outline import Block, Cross, Document, Passage, Quotes, SectionView, Statistic, sections
from reports.render.pictures import pictures
from reports.render.readme import readme
from reports.render.words import Words, direction, words

type Node = ET.Element | str
_TAGS = {prose.HEADING: "h2", prose.PARAGRAPH: "p"}


def webpage(document: Document, language: str) -> bytes:
    said = words(language)
    title, *methods = prose.parts(readme(document, language).decode())
    shown = sections(document, language)
    page = _tag(
        "html",
        _head(title.text),
        _tag(
            "body",
            *([_tag("p", document["stamp"][language], class_="stamp")] if document["stamp"] else []),
            _tag("header", _tag("h1", title.text)),
            _contents(shown, said),
            _tag(
                "main",
                _tag("section", *_prose(methods), id="about"),
                *(_section(one, document, language) for one in shown),
                id="text",
            ),
        ),
        lang=language,
        dir=direction(language),
    )
    made: bytes = ET.tostring(page, encoding="utf-8", method="html")
    return b"<!doctype html>\n" + made + b"\n"


def _tag(name: str, /, *inside: Node, **attributes: str) -> ET.Element:
    """An element with text and elements in order. `class_` stands for class."""
    element = ET.Element(name, {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()})
    for one in inside:
        if isinstance(one, ET.Element):
            element.append(one)
        elif len(element):
            element[-1].tail = (element[-1].tail or "") + one
        else:
            element.text = (element.text or "") + one
    return element


def _head(title: str) -> ET.Element:
    return _tag(
        "head",
        _tag("meta", charset="utf-8"),
        _tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        _tag("title", title),
        _tag("style", _style()),
    )


@cache
def _style() -> str:
    return (Path(__file__).parent / "report.css").read_text(encoding="utf-8")


def _contents(shown: Iterable[SectionView], said: Words) -> ET.Element:
    links = (_tag("li", _tag("a", f"{one.id} · {one.title}", href=f"#{one.id}")) for one in shown)
    return _tag("nav", _tag("h2", said["contents"], id="contents"), _tag("ul", *links), aria_labelledby="contents")


def _prose(parts: Iterable[prose.Part]) -> list[ET.Element]:
    """Headings and paragraphs; the items that follow each other in one list."""
    made: list[ET.Element] = []
    for part in parts:
        if part.kind != prose.ITEM:
            made.append(_tag(_TAGS[part.kind], part.text))
            continue
        if not made or made[-1].tag != "ul":
            made.append(_tag("ul"))
        made[-1].append(_tag("li", part.text))
    return made


def _section(one: SectionView, document: Document, language: str) -> ET.Element:
    said = words(language)
    return _tag(
        "section",
        _tag("h2", f"{one.id} · {one.title}"),
        *(_tag("p", text, class_="soft") for text in (one.note, *one.remarks) if text),
        *_context(one),
        *(_picture(picture) for picture in pictures(one.id, document, language)),
        *(_statistic(each) for each in one.statistics),
        *(_bars(block, said) for block in one.blocks),
        *(_cross(cross) for cross in one.crosses),
        *(each for quotes in one.quotes for each in _quotes(quotes)),
        *_withheld(one),
        id=one.id,
    )


def _context(one: SectionView) -> list[ET.Element]:
    if not one.context:
        return []
    entries = (_tag("li", text) for text in one.context)
    return [_tag("p", f"{one.context_title}:", class_="soft"), _tag("ul", *entries, class_="soft")]


def _caption(title: str, question: str) -> ET.Element:
    return _tag("caption", *([_tag("small", question)] if question else []), title)


def _head_row(*labels: str) -> ET.Element:
    cells = (_tag("th", label, scope="col") if label else _tag("td") for label in labels)
    return _tag("thead", _tag("tr", *cells))


def _bars(block: Block, said: Words) -> ET.Element:
    rows = (
        _tag(
            "tr",
            _tag("th", bar.label, scope="row"),
            _tag("td", *([_bar(bar.share)] if bar.share is not None else []), class_="bar"),
            _number(bar.shown, f"{bar.interval} · n {bar.count}" if bar.interval else ""),
        )
        for bar in block.bars
    )
    head = _head_row(said["answer"], said["share"], said["interval"])
    table = _tag("table", _caption(block.title, block.question), head, _tag("tbody", *rows), class_="bars")
    return _tag("div", table, *_around(block), id=block.id)


def _bar(share: int) -> ET.Element:
    rail = _tag("rect", class_="track", width="100", height="8")
    fill = _tag("rect", class_="fill", width=str(share), height="8")
    return _tag("svg", rail, fill, viewBox="0 0 100 8", preserveAspectRatio="none", aria_hidden="true")


def _number(shown: str, about: str) -> ET.Element:
    return _tag("td", shown, *([_tag("small", about)] if about else []), class_="number")


def _cross(cross: Cross) -> ET.Element:
    rows = (
        _tag("tr", _tag("th", label, scope="row"), *(_number(cell.shown, cell.about) for cell in cells))
        for label, cells in cross.rows
    )
    title = f"{cross.title} × {cross.groups_title}"
    table = _tag("table", _caption(title, cross.question), _head_row("", *cross.groups), _tag("tbody", *rows))
    return _tag("div", _wide(table, title), *_around(cross), id=cross.id)


def _statistic(one: Statistic) -> ET.Element:
    rows = (
        _tag("tr", _tag("th", label, scope="row"), *(_number(value, "") for value in values))
        for label, values in one.rows
    )
    table = _tag("table", _caption(one.title, one.question), _head_row("", *one.columns), _tag("tbody", *rows))
    notes = (_tag("p", note, class_="around") for note in one.notes)
    return _tag("div", _wide(table, f"{one.title} × {one.question}"), *notes, id=one.id)


def _quotes(quotes: Quotes) -> Iterator[ET.Element]:
    yield _tag("h3", quotes.title)
    for quote in quotes.quotes:
        about = [_tag("figcaption", quote.about, class_="around")] if quote.about else []
        yield _tag("figure", *(part for one in quote.passages for part in _passage(one)), *about, class_="quote")


def _passage(one: Passage) -> Iterator[ET.Element]:
    yield from (_tag("p", text, class_="around") for text in (one.question, one.about) if text)
    yield _tag("blockquote", _tag("p", one.words), lang=one.language, dir=one.direction)


def _picture(svg: ET.Element) -> ET.Element:
    return _wide(svg, svg.findtext("title", ""), "wide picture")


def _wide(inside: ET.Element, title: str, look: str = "wide") -> ET.Element:
    """What may be wider than a phone scrolls by itself, with the keyboard too."""
    return _tag("div", inside, class_=look, tabindex="0", role="region", aria_label=title)


def _around(one: Any) -> list[ET.Element]:
    outside = " · ".join(f"{who}: {number}" for who, number in one.outside)
    return [_tag("p", text, class_="around") for text in (outside, *one.notes) if text]


def _withheld(one: SectionView) -> list[ET.Element]:
    if not one.withheld:
        return []
    entries = (_tag("li", f"{table.title}: {' '.join(table.reasons)}") for table in one.withheld)
    return [_tag("h3", one.withheld_title), _tag("ul", *entries)]
