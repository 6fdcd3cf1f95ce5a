"""Files of a report. Numbers come from the protected cube alone, by way of one document.

report.json                        the document: everything below is made from it
cells.csv  codebook.csv            all numbers, one per row; variables, codes and labels
questionnaire.xml                  the questionnaire as DDI-Codebook: questions, codes, who is asked, derivations
tables/<language>/<table>.csv      one table with its labels
waves.csv                          published percentages of other waves beside the report's own
testimonies.csv                    how many texts people wrote, by consent and by language
testimonies/<language>.csv         the texts that may be quoted
scales/<scale>.csv                 means and covariances of a scale's rows
scales/<scale>_<variable>_<codes>.csv    the same of one group
figures/<language>/<figure>.svg    bar charts
audit.json                         rules, and what was joined or withheld, and why
README.md  README.<language>.md    methods, protection, limits, citation (the first language without a name)
report.html  report.pdf  report.xlsx    the whole report to read, in every language as README
CITATION.cff  citation.bib         how to cite it
datapackage.json                   Data Package: columns, hashes, licence
"""

from collections.abc import Mapping
from typing import Any

from reports.disclosure import ProtectedCube
from reports.plan import Plan
from reports.render import charts, citation, pictures, tables, testimonies
from reports.render.audit import audit
from reports.render.ddi import questionnaire
from reports.render.document import NOTHING, Document, build, canonical
from reports.render.labels import Reader, Texts, reader
from reports.render.meta import Event, Meta
from reports.render.package import bundle, describe, manifest, media_type
from reports.render.pdf import pdf
from reports.render.readme import readme
from reports.render.waves import published, side_by_side_csv
from reports.render.webpage import webpage
from reports.render.words import languages, words
from reports.render.workbook import workbook
from survey.instrument.codebook import Codebook


def render_files(
    protected: ProtectedCube,
    plan: Plan,
    codebook: Codebook,
    texts: Texts,
    meta: Meta,
    beside: Mapping[str, Any] = NOTHING,
) -> dict[str, bytes]:
    """Every file of a report, path -> content; the same arguments give the same bytes.

    `texts`: for each language of the report, in order, what reads an instrument's text in it (see `reader`).
    `beside`: what was kept with the cube (`actions.beside`).
    Raises ValueError for a refused cube or one of another plan, LookupError for a language without words.
    """
    document = build(protected, plan, codebook, texts, meta, beside)
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
        "questionnaire.xml": questionnaire(codebook, texts, document),
        "CITATION.cff": citation.cff(document),
        "citation.bib": citation.bibtex(document),
        **{f"scales/{scale['scale']}.csv": tables.one_scale(scale) for scale in document["scales"]},
        **{f"scales/{group['file']}.csv": tables.one_scale(group) for group in document["scales_by_group"]},
        **({"waves.csv": side_by_side_csv(document)} if document["compared_waves"] else {}),
        **({"testimonies.csv": testimonies.counts(document)} if document["testimonies"] else {}),
    }


def _in_language(document: Document, language: str) -> dict[str, bytes]:
    first = language == document["languages"][0]
    own = "" if first else f".{language}"
    files = {
        f"README{own}.md": readme(document, language),
        f"report{own}.html": webpage(document, language),
        f"report{own}.pdf": pdf(document, language),
        f"report{own}.xlsx": workbook(document, language),
    }
    if document["testimonies"]:
        files[f"testimonies/{language}.csv"] = testimonies.quotes(document, language)
    for table in document["tables"]:
        files[f"tables/{language}/{table['id']}.csv"] = tables.one_table(table, document, language)
    for statistic in document["statistics"]:
        files[f"tables/{language}/{statistic['id']}.csv"] = tables.one_statistic(statistic, document, language)
    for figure in document["figures"]:
        files[f"figures/{language}/{figure['id']}.svg"] = charts.draw(figure, document, language)
    for picture in document["pictures"]:
        files[f"figures/{language}/{picture['id']}.svg"] = charts.content(pictures.draw(picture, document, language))
    return files


__all__ = [
    "Document",
    "Event",
    "Meta",
    "Reader",
    "Texts",
    "build",
    "bundle",
    "languages",
    "manifest",
    "media_type",
    "published",
    "reader",
    "render_files",
    "words",
]
