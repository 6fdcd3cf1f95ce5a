"""How a report is cited: Citation File Format 1.2.0, and BibTeX."""

import json
from typing import Any

from reports.render.words import words

type Document = dict[str, Any]

_ESCAPES = str.maketrans({sign: f"\\{sign}" for sign in "&%$#_{}"} | {"~": " ", "^": " ", "\\": " "})


def cff(document: Document) -> bytes:
    """`CITATION.cff`. Every text stands in quotes as JSON writes it, which YAML reads as the same text."""
    lines = [
        "cff-version: 1.2.0",
        f"message: {_quoted('If you use these numbers, please cite the report as below.')}",
        "type: dataset",
        f"title: {_quoted(title(document))}",
        "authors:",
        f"  - name: {_quoted(publisher(document))}",
        f"version: {_quoted(document['report'])}",
        f"date-released: {_quoted(document['made_on'])}",
        f"license: {_quoted(document['licence'])}",
        "identifiers:",
        "  - type: other",
        f"    value: {_quoted(document['report'])}",
        f"    description: {_quoted('Name of the report')}",
    ]
    return "".join(f"{line}\n" for line in lines).encode()


def bibtex(document: Document) -> bytes:
    fields = {
        "title": f"{{{_escaped(title(document))}}}",
        "author": f"{{{_escaped(publisher(document))}}}",
        "year": document["made_on"][:4],
        "version": _escaped(document["report"]),
        "note": _escaped(f"Report {document['report']}, {document['made_on']}. {document['licence']}"),
    }
    inside = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{_key(document)},\n{inside}\n}}\n".encode()


def plain(document: Document) -> str:
    """On one line, as in README.md, in the first language."""
    stamp = f" [{document['stamp'][document['languages'][0]]}]" if document["stamp"] else ""
    name = document["title"][document["languages"][0]]
    when = f"{document['report']}. {document['made_on']}. {document['licence']}"
    return f"{publisher(document)}: {name}{stamp}. {when}"


def citations(document: Document) -> dict[str, str]:
    """By the name of the form: one line, BibTeX, Citation File Format."""
    return {"Text": plain(document), "BibTeX": bibtex(document).decode(), "CFF": cff(document).decode()}


def title(document: Document) -> str:
    """The title in the first language, with the stamp of a rehearsal: nobody is to cite one by mistake."""
    language = document["languages"][0]
    stamp = f"{document['stamp'][language]}: " if document["stamp"] else ""
    return stamp + str(document["title"][language])


def publisher(document: Document) -> str:
    return str(document["publisher"] or words(document["languages"][0])["publisher_unknown"])


def _key(document: Document) -> str:
    return "".join(sign if sign.isalnum() and sign.isascii() else "-" for sign in document["report"])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _escaped(text: str) -> str:
    return text.translate(_ESCAPES)
