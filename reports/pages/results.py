"""For everybody: what was found, in plain words, in the language of the address."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from reports import queries
from reports.enums import State
from reports.models import Release
from reports.pages.edge import public_page
from reports.pages.protection import withheld_by_reason
from reports.render.outline import block, language_of

RIGHT_TO_LEFT = frozenset({"ar"})


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
    limits = document["plan"]["limits"]
    return {
        "document": document,
        "spoken": spoken,
        "title": document["title"][spoken],
        "blocks": [block(figures[name], document, spoken) for name in document["summary"]],
        "limits": limits[spoken] if limits else "",
        "reasons": withheld_by_reason(document, spoken),
        "tables_planned": len(document["tables"]),
        "tables_withheld": sum(not table["visible"] for table in document["tables"]),
    }


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
