"""What turns files into one thing to review and to download: a description, a manifest, a ZIP. All deterministic."""

import hashlib
import io
import re
import zipfile
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from reports.render.document import canonical
from reports.render.tables import CELLS, TABLE, codebook_header, scale_header, statistic_header
from reports.render.words import words

type Files = Mapping[str, bytes]

MEDIA_TYPES = {
    ".bib": "application/x-bibtex",
    ".cff": "application/yaml",
    ".html": "text/html",
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xml": "application/xml",
    ".csv": "text/csv",
    ".json": "application/json",
    ".md": "text/markdown",
    ".svg": "image/svg+xml",
}

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
LICENCES = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
}

MISSING = ["", ":"]
"""Empty: there is nothing to say. `:` there is a number, and it is not shown."""

WHOLE_NUMBERS = {"count", "percent", "position", "n"}
TEXTS = {*CELLS, *TABLE, *codebook_header(()), "name", "label"} - {"value", "lower", "upper", *WHOLE_NUMBERS}
"""Columns of text; what is neither is a number with decimals. Labels of the codebook end with a language."""

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first moment that a ZIP can name."""


def media_type(path: str) -> str:
    return MEDIA_TYPES[PurePosixPath(path).suffix]


def manifest(files: Files) -> bytes:
    """Path, size and SHA-256 of every file, in the order of the paths. Its own SHA-256 is what reviewers judge."""
    return canonical({"files": [_entry(path, files[path]) for path in sorted(files)]})


def _entry(path: str, content: bytes) -> dict[str, Any]:
    return {"path": path, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def bundle(files: Files) -> bytes:
    """A ZIP of exactly these files; the same files give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in sorted(files):
            about = zipfile.ZipInfo(path, EARLIEST)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.external_attr = 0o644 << 16
            about.create_system = 3
            archive.writestr(about, files[path])
    return buffer.getvalue()


def describe(document: dict[str, Any], files: Files) -> dict[str, Any]:
    """`datapackage.json` (Data Package 2.0): every CSV with its title, columns, size and hash."""
    language = document["languages"][0]
    stamp = f"{document['stamp'][language]}. " if document["stamp"] else ""
    licence = document["licence"]
    titles = _titles(document)
    return {
        "$schema": PROFILE,
        "name": _name(document["report"]),
        "title": stamp + document["title"][language],
        "titles": document["title"],
        "description": f"{stamp}{words(language)['percent_of_base']}. README.md says how to read the numbers.",
        "languages": document["languages"],
        "rehearsal": document["rehearsal"],
        "licenses": [{"name": licence, **({"path": LICENCES[licence]} if licence in LICENCES else {})}],
        "contributors": [{"title": document["publisher"] or words(language)["publisher_unknown"]}],
        "resources": [
            {**_resource(path, files[path], document), "title": stamp + titles.get(path, path)}
            for path in sorted(files)
            if path.endswith(".csv")
        ],
    }


def _titles(document: dict[str, Any]) -> dict[str, str]:
    """The title of every table's file, in the language of the file."""
    return {
        f"tables/{language}/{table['id']}.csv": " × ".join(one["title"][language] for one in table["variables"])
        for table in document["tables"]
        for language in document["languages"]
    } | {
        f"tables/{language}/{one['id']}.csv": one["title"][language]
        for one in document["statistics"]
        for language in document["languages"]
    }


def _resource(path: str, content: bytes, document: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": _name(path.removesuffix(".csv")),
        "path": path,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {"fields": [_field(name) for name in _header(path, document)], "missingValues": MISSING},
    }


def _name(text: str) -> str:
    """Lower case, digits, dots and hyphens: what every reader of data packages takes as a name."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower().replace("/", "."))


def _header(path: str, document: dict[str, Any]) -> tuple[str, ...]:
    if path == "cells.csv":
        return CELLS
    if path == "codebook.csv":
        return codebook_header(document["languages"])
    stem = PurePosixPath(path).stem
    own = {one["id"]: statistic_header(one) for one in document["statistics"]}
    own |= {one["scale"]: scale_header(one) for one in document["scales"]}
    return own.get(stem, TABLE)


def _field(name: str) -> dict[str, str]:
    kind = (
        "integer"
        if name in WHOLE_NUMBERS
        else "string"
        if name in TEXTS or name.startswith(("text_", "label_"))
        else "number"
    )
    return {"name": name, "type": kind}
