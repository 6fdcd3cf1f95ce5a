"""Files of a report. Numbers come from the protected cube alone, by way of one document.

report.json                        the document: everything below is made from it
cells.csv  codebook.csv            all numbers, one per row; variables, codes and labels
tables/<language>/<table>.csv      one table with its labels
figures/<language>/<figure>.svg    bar charts
audit.json                         rules, and what was joined or withheld, and why
README.md  README.<language>.md    methods, protection, limits, citation (the first language without a name)
datapackage.json                   Data Package: columns, hashes, licence
"""

from reports.disclosure import ProtectedCube
from reports.plan import Plan
from reports.render import charts, tables
from reports.render.audit import audit
from reports.render.document import Document, build, canonical
from reports.render.labels import Reader, Texts, reader
from reports.render.meta import Meta
from reports.render.package import bundle, describe, manifest, media_type
from reports.render.readme import readme
from reports.render.words import languages, words
from survey.instrument.codebook import Codebook


def render_files(
    protected: ProtectedCube, plan: Plan, codebook: Codebook, texts: Texts, meta: Meta
) -> dict[str, bytes]:
    """Every file of a report, path -> content; the same arguments give the same bytes.

    `texts`: for each language of the report, in order, what reads an instrument's text in it (see `reader`).
    Raises ValueError for a refused cube or one of another plan, LookupError for a language without words.
    """
    document = build(protected, plan, codebook, texts, meta)
    files = _shared(document, codebook, texts)
    for language in texts:
        files |= _in_language(document, language)
    files["datapackage.json"] = canonical(describe(document, files))
    return dict(sorted(files.items()))


def _shared(document: Document, codebook: Codebook, texts: Texts) -> dict[str, bytes]:
    return {
        "report.json": canonical(document),
        "audit.json": canonical(audit(document)),
        "cells.csv": tables.cells(document),
        "codebook.csv": tables.codebook(codebook, texts),
    }


def _in_language(document: Document, language: str) -> dict[str, bytes]:
    first = language == document["languages"][0]
    files = {"README.md" if first else f"README.{language}.md": readme(document, language)}
    for table in document["tables"]:
        files[f"tables/{language}/{table['id']}.csv"] = tables.one_table(table, document, language)
    for figure in document["figures"]:
        files[f"figures/{language}/{figure['id']}.svg"] = charts.draw(figure, document, language)
    return files


__all__ = [
    "Document",
    "Meta",
    "Reader",
    "Texts",
    "build",
    "bundle",
    "languages",
    "manifest",
    "media_type",
    "reader",
    "render_files",
    "words",
]
