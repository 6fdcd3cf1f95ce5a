"""What turns files into one thing to review and to download: a description, a manifest, a ZIP. All deterministic."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any

from reports.render.document import canonical
from reports.render.tables import CELLS, TABLE, codebook_header, scale_header, statistic_header
from reports.render.testimonies import COUNTS, QUOTES
from reports.render.waves import COMPARED
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

COLUMN_WORDS = {"label": "answer", "count": "count", "percent": "share", "base": "base"}
"""Columns whose names reports have words for; those of statistics are `stat_` and the name."""

WHOLE_NUMBERS = {"count", "percent", "position", "n", "number", "consent"}
TEXTS = {*CELLS, *TABLE, *COUNTS, *QUOTES, *COMPARED, *codebook_header(()), "name", "label"} - {
    "value",
    "lower",
    "upper",
    *WHOLE_NUMBERS,
}
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
    return {
        "$schema": PROFILE,
        "name": _name(document["report"]),
        "title": stamp + document["title"][language],
        "titles": document["title"],
        "version": document["report"],
        "description": f"{stamp}{words(language)['percent_of_base']}. README.md says how to read the numbers.",
        "languages": document["languages"],
        "rehearsal": document["rehearsal"],
        "licenses": [{"name": licence, **({"path": LICENCES[licence]} if licence in LICENCES else {})}],
        "contributors": [{"title": document["publisher"] or words(language)["publisher_unknown"]}],
        "resources": list(_resources(document, files)),
    }


def _resources(document: dict[str, Any], files: Files) -> Iterator[dict[str, Any]]:
    titles, headers = _titles(document), _headers(document)
    for path in sorted(files):
        if path.endswith(".csv"):
            spoken = _languages(path, document)
            stamp = f"{document['stamp'][spoken[0]]}. " if document["stamp"] else ""
            fields = [_field(name, spoken) for name in _columns(path, headers)]
            yield {
                **_resource(path, files[path]),
                "title": stamp + titles.get(path, path),
                "schema": {"fields": fields, "missingValues": MISSING},
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


def _headers(document: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """The columns of files by their name without folder and ending; what is not named is a table of counts."""
    return {
        "cells": CELLS,
        "codebook": codebook_header(document["languages"]),
        "testimonies": COUNTS,
        "waves": COMPARED,
        **{one["id"]: statistic_header(one) for one in document["statistics"]},
        **{one["scale"]: scale_header(one) for one in document["scales"]},
        **{one["file"]: scale_header(one) for one in document["scales_by_group"]},
    }


def _columns(path: str, headers: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return QUOTES if path.startswith("testimonies/") else headers.get(PurePosixPath(path).stem, TABLE)


def _languages(path: str, document: dict[str, Any]) -> list[str]:
    """Of a file's labels: its folder's, or all of the report."""
    folder, *inside = PurePosixPath(path).parts
    return [inside[0].removesuffix(".csv")] if folder in ("tables", "testimonies") else list(document["languages"])


def _resource(path: str, content: bytes) -> dict[str, Any]:
    return {
        "name": _name(path.removesuffix(".csv")),
        "path": path,
        "type": "table",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def _name(text: str) -> str:
    """Lower case, digits, dots and hyphens: what every reader of data packages takes as a name."""
    return re.sub(r"[^a-z0-9.]+", "-", text.lower().replace("/", "."))


def _field(name: str, languages: Sequence[str]) -> dict[str, Any]:
    """A column with its name in the languages of the file."""
    key = COLUMN_WORDS.get(name, f"stat_{name}")
    titles = {language: words(language)[key] for language in languages if key in words(language)}
    about = {"title": titles[languages[0]]} if titles else {}
    return {"name": name, "type": _kind(name), **about, **({"titles": titles} if len(titles) > 1 else {})}


def _kind(name: str) -> str:
    if name in WHOLE_NUMBERS:
        return "integer"
    return "string" if name in TEXTS or name.startswith(("text_", "label_")) else "number"
