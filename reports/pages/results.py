"""For everybody: what was found, in plain words, in the language of the address."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports import queries
from reports.enums import State
from reports.models import Release
from reports.pages.edge import public_page
from reports.pages.protection import withheld_by_reason
from reports.render.commonest import Commonest, commonest
from reports.render.outline import Block, block, language_of

RIGHT_TO_LEFT = frozenset({"ar"})

BAND = "_band"
"""How the names of variables end that are the bands of a scale, in every instrument."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure of the summary with what is said about it."""

    block: Block
    found: str
    """The commonest answer in a sentence, in the language of the page; empty where none can be named."""
    banded: bool
    """Its rows are bands of a scale."""


@require_safe
@public_page
def all_results(request: HttpRequest, language: str) -> HttpResponse:
    releases = list(queries.public_releases())
    documents = queries.documents(release.report for release in releases)
    shown = [_named(release, documents[release.report_id], language) for release in releases]
    context = {**_frame(language, "results/"), "releases": shown}
    return render(request, "reports/results/list.html", context)


@require_safe
@public_page
def results(request: HttpRequest, language: str, slug: str) -> HttpResponse:
    release = queries.release(slug)
    context = {**_frame(language, f"results/{slug}/"), "release": release}
    if release.report.state != State.RETRACTED:
        context |= _contents(release, language)
    return render(request, "reports/results/release.html", context)


def _contents(release: Release, language: str) -> dict[str, Any]:
    document = queries.document(release.report)
    spoken = language_of(document, language)
    figures = {figure["id"]: figure for figure in document["figures"]}
    shown = [_shown(figures[name], document, spoken) for name in document["summary"]]
    limits = document["plan"]["limits"]
    return {
        "document": document,
        "spoken": spoken,
        "title": document["title"][spoken],
        "shown": shown,
        "chosen_before": not any(one.block.added_on for one in shown),
        "limits": limits[spoken] if limits else "",
        "reasons": withheld_by_reason(document, spoken),
        "tables_planned": len(document["tables"]),
        "tables_withheld": sum(not table["visible"] for table in document["tables"]),
    }


def _shown(figure: dict[str, Any], document: dict[str, Any], spoken: str) -> Shown:
    most = commonest(figure, spoken)
    tables = (table for table in document["tables"] if table["id"] in figure["tables"])
    banded = any(table["variables"][0]["name"].endswith(BAND) for table in tables)
    return Shown(block(figure, document, spoken), in_words(most, spoken) if most else "", banded)


def in_words(most: Commonest, spoken: str) -> SafeString:
    """One sentence as HTML, in the active language; what comes from the report is in `spoken`."""
    texts = {**dict(zip(("answer", "other"), most.answers, strict=False)), "share": most.share}
    isolated = {name: format_html('<bdi lang="{}">{}</bdi>', spoken, text) for name, text in texts.items()}
    return mark_safe(escape(_sentence(most)) % {**isolated, "count": most.count, "base": most.base})


def _sentence(most: Commonest) -> str:
    match len(most.answers), bool(most.share):
        case 1, True:
            return _("Most common answer: “%(answer)s”, %(share)s (%(count)s of %(base)s people).")
        case 1, False:
            return _("Most common answer: “%(answer)s” (about %(count)s of %(base)s people).")
        case _, True:
            return _(
                "Most common answers: “%(answer)s” and “%(other)s”, each %(share)s (%(count)s of %(base)s people)."
            )
        case _:
            return _("Most common answers: “%(answer)s” and “%(other)s” (each about %(count)s of %(base)s people).")


def _named(release: Release, document: dict[str, Any], language: str) -> dict[str, Any]:
    spoken = language_of(document, language)
    return {"release": release, "title": document["title"][spoken], "spoken": spoken, "n": document["n"]}


def _frame(language: str, path: str) -> dict[str, Any]:
    return {
        "language": language,
        "tag": _tag(language),
        "direction": "rtl" if language in RIGHT_TO_LEFT else "ltr",
        "others": [(_tag(code), name, f"/{code}/{path}") for code, name in settings.LANGUAGES if code != language],
    }


def _tag(code: str) -> str:
    """As in a `lang` attribute: zh-hans is zh-Hans."""
    head, dash, script = code.partition("-")
    return f"{head}{dash}{script.title()}"
