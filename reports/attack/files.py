"""Tests of the files themselves: whether one of them says more than another, or more than numbers."""

import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from reports.attack.counts import told
from reports.attack.facts import MEASURES, Number, Place, Table
from reports.attack.finding import Finding, finding
from reports.attack.release import Release

_TEXT = (".json", ".csv", ".md", ".svg", ".html", ".txt", ".xml", ".cff", ".bib")
_TRACES = {
    "e-mail address": re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    "internet address": re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?!\.?\d)"),
    "time of day": re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d"),
    "random identifier": re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE),
    "receipt code": re.compile(r"\b(?:[0-9A-HJKMNP-TV-Z]{5}-){4}[0-9A-HJKMNP-TV-Z]{5}\b"),
    "comment": re.compile(r"<!--.*?-->", re.DOTALL),
}
_FORMULA = re.compile(r"\s*[=+@＝＋＠]|\s*[-－](?![\d.]+$)|[\t\r\n]")
_SVG = "{http://www.w3.org/2000/svg}"


def formats(releases: Sequence[Release]) -> Finding:
    compared = [one for release in releases for one in _compared(release)]
    differing = [where for where, one, other in compared if one != other]
    about = "Numbers that differ between files and languages, or are hidden in one and shown in another."
    return finding("formats", about, len(compared), differing)


def _compared(release: Release) -> Iterator[tuple[str, object, object]]:
    (first, fullest), *others = release.views.items()
    for file, view in others:
        for table in view.values():
            where = f"{release.name} {first} and {file}:"
            if table.id not in fullest:
                yield f"{where} {table.id} stands only in the latter", None, table.id
            else:
                yield from _cells(where, fullest[table.id], table)


def _cells(where: str, one: Table, other: Table) -> Iterator[tuple[str, object, object]]:
    for place in {**one.cells, **other.cells}:
        first, second = _measures(one, place), _measures(other, place)
        yield f"{where} {told(one, place)}: {first} and {second}", first, second
    for name in {**one.around, **other.around}:
        around = one.around.get(name), other.around.get(name)
        yield f"{where} {one.id} {name}: {around[0]} and {around[1]}", *around


def _measures(table: Table, place: Place) -> list[Number | None]:
    return [table.cells.get(place, {}).get(measure) for measure in MEASURES]


def figures(releases: Sequence[Release]) -> Finding:
    checked = [one for release in releases for one in _drawn(release)]
    found = [where for where, ok in checked if not ok]
    about = "Numbers in figures, and lengths of their bars, that no published number explains."
    return finding("figures", about, len(checked), found)


def _drawn(release: Release) -> Iterator[tuple[str, bool]]:
    listed = {figure["id"]: figure for figure in release.bundle.document.get("figures", ())}
    pictures = {one["id"]: _said_by(one, release) for one in release.bundle.document.get("pictures", ())}
    for path in sorted(release.bundle.files):
        match = re.fullmatch(r"figures/([^/]+)/([^/]+)\.svg", path)
        if not match:
            continue
        language, name = match.groups()
        if name in pictures:
            svg = ET.fromstring(release.bundle.files[path])
            style = _numbers("".join(element.text or "" for element in svg.iter(f"{_SVG}style")))
            unexplained = _numbers(" ".join(svg.itertext())) - pictures[name] - style
            yield f"{release.name} {path}: {sorted(unexplained)}", not unexplained
            continue
        if name not in listed:
            yield f"{release.name} {path} is in no list of figures", False
            continue
        svg = ET.fromstring(release.bundle.files[path])
        yield f"{release.name} {path}: a bar of another length", _bars(svg) == _lengths(svg, listed[name])
        unexplained = _numbers(" ".join(svg.itertext())) - _explained(listed[name], release, language)
        yield f"{release.name} {path}: {sorted(unexplained)}", not unexplained


def _said_by(picture: Mapping[str, Any], release: Release) -> set[str]:
    """Every number in the tables that a picture draws, as it may be written; and those of its axis and words."""
    document = release.bundle.document
    tables = [one for one in (*document["tables"], *document["statistics"]) if one["id"] in picture["tables"]]
    words = json.dumps([tables, document.get("stamp"), picture], ensure_ascii=False)
    values = {number for table in tables for row in table.get("rows", ()) for number in row["values"].values()}
    written = {f"{number:.{places}f}" for number in values if number is not None for places in (1, 2)}
    axis = {f"{half / 2:g}" for half in range(21)}
    return _numbers(words) | _numbers(" ".join(written | axis)) | {"95", "5"}


def _bars(svg: ET.Element) -> list[int]:
    return [int(box.get("width", "0")) for box in svg.iter(f"{_SVG}rect") if box.get("class") == "bar"]


def _lengths(svg: ET.Element, figure: Mapping[str, Any]) -> list[int]:
    """Bars that show percentages, or published counts, and no more, on rails that are 100 % long."""
    rail = next((int(box.get("width", "0")) for box in svg.iter(f"{_SVG}rect") if box.get("class") == "rail"), 0)
    rows = [row for row in figure["rows"] if row["count"] is not None]
    shares = [row["percent"] if row["percent"] is not None else 100 * row["count"] / row["base"] for row in rows]
    return [round(share * rail / 100) for share in shares]


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+", text))


def _explained(figure: Mapping[str, Any], release: Release, language: str) -> set[str]:
    """Numbers of the rows, of labels and titles, and of the sentences below every figure (95 %, rounding to 5)."""
    rows = figure["rows"]
    shown = {str(row[measure]) for row in rows for measure in MEASURES if row[measure] is not None}
    labels = " ".join([figure["title"].get(language, ""), *(row["label"].get(language, "") for row in rows)])
    style = _numbers("".join(element.text or "" for element in _styles(release, figure, language)))
    return shown | _numbers(labels) | style | {"95", "5", "100"}


def _styles(release: Release, figure: Mapping[str, Any], language: str) -> Iterator[ET.Element]:
    svg = ET.fromstring(release.bundle.files[f"figures/{language}/{figure['id']}.svg"])
    yield from svg.iter(f"{_SVG}style")


def traces(releases: Sequence[Release]) -> Finding:
    read = [(release, path, text) for release in releases for path, text in _texts(release)]
    found = [
        f"{release.name} {path}: {kind} {match.group()[:60]!r}"
        for release, path, text in read
        for kind, pattern in _TRACES.items()
        for match in pattern.finditer(text)
        if not _is_declared(match.group(), release)
    ]
    beside = [line for release in releases for line in release.bundle.packed]
    about = "Addresses, times of day, identifiers, receipt codes and comments; times and notes in the ZIP."
    return finding("traces", about, len(read) * len(_TRACES), [*found, *beside])


def _is_declared(text: str, release: Release) -> bool:
    """The release's own name, and the address of whoever publishes it."""
    document = release.bundle.document
    return text in (document.get("contact"), document.get("report"))


def _texts(release: Release) -> Iterator[tuple[str, str]]:
    for path, content in release.bundle.files.items():
        if path.endswith(_TEXT):
            yield path, content.decode("utf-8", "replace")


def formulas(releases: Sequence[Release]) -> Finding:
    fields = [
        (f"{release.name} {path}: {field[:60]!r}", field)
        for release in releases
        for path, text in _texts(release)
        if path.endswith(".csv")
        for row in csv.reader(io.StringIO(text.removeprefix("\ufeff")))
        for field in row
    ]
    found = [where for where, field in fields if _FORMULA.match(field)]
    return finding("formulas", "Fields that a spreadsheet would calculate.", len(fields), found)
