"""For researchers: what was released, and asking for a report."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.actors import Actor
from accounts.models import User
from reports import actions, permissions, queries, tasks
from reports.disclosure.rules import rounded
from reports.enums import Owner, State
from reports.errors import DomainError, Invalid
from reports.models import Report
from reports.pages import dossier
from reports.pages.edge import download, person, staff_page
from reports.pages.protection import withheld_by_reason
from reports.pages.words import HELD_BACK, HELP, STAGES, STATES, VERDICTS
from reports.render import languages
from reports.render.citation import citations
from reports.render.compare import compare as compared
from reports.render.outline import language_of, sections
from reports.visibility import visible_decisions
from survey.moderation import studies_of
from survey.queries import all_surveys, sealed_waves

FILTERS = ("text", "survey", "plan", "language")
RELEASES_ON_A_PAGE = 50

_WAVE_NUMBER = re.compile("[0-9]{1,5}")


@require_safe
@staff_page
def home(request: HttpRequest) -> HttpResponse:
    permissions.check_can_read_releases(person(request))
    wanted = {name: request.GET.get(name, "").strip()[:100] for name in FILTERS}
    page = Paginator(queries.find_releases(**wanted), RELEASES_ON_A_PAGE).get_page(request.GET.get("page"))
    surveys, plans = queries.release_choices()
    context = {
        "page": page,
        "releases": [(release, STATES[release.report.state]) for release in page],
        "wanted": wanted,
        "is_filtered": any(wanted.values()),
        "query": "".join(f"{urlencode({name: value})}&" for name, value in wanted.items() if value),
        "surveys": surveys,
        "plans": plans,
        "languages": languages(),
        "followed": [(report, STATES[report.state]) for report in queries.reports_followed_by(person(request))],
        "can_request": permissions.can_request(person(request)),
        "studies": studies_of(person(request)),
    }
    return render(request, "reports/portal/home.html", context)


@require_safe
@staff_page
def release(request: HttpRequest, slug: str) -> HttpResponse:
    permissions.check_can_read_releases(person(request))
    found = queries.release(slug)
    context = {"release": found, "state": STATES[found.report.state], "files": []}
    if permissions.can_download(person(request), found):
        context |= _contents(request, found.report)
    context["can_retract"] = permissions.can_retract(person(request), found.report)
    return render(request, "reports/portal/release.html", context)


@require_safe
@staff_page
def compare(request: HttpRequest, slug: str) -> HttpResponse:
    """Two releases, in the language of the first that both speak."""
    first, second = queries.release(slug), queries.release(request.GET.get("with", ""))
    for one in (first, second):
        permissions.check_can_download(person(request), one)
    documents = [queries.document(one.report) for one in (first, second)]
    spoken = [tag for tag in documents[0]["languages"] if tag in documents[1]["languages"]]
    if not spoken:
        raise Invalid(_("The two releases have no language in common."))
    wanted = request.GET.get("lang", "")
    language = wanted if wanted in spoken else spoken[0]
    context = {
        "first": first,
        "second": second,
        "first_n": documents[0]["n"],
        "second_n": documents[1]["n"],
        "language": language,
        "comparison": compared(documents[0], documents[1], language),
    }
    return render(request, "reports/portal/compare.html", context)


def _contents(request: HttpRequest, report: Report) -> dict[str, object]:
    document = queries.document(report)
    language = language_of(document, request.GET.get("lang", ""))
    files = queries.artifacts(report)
    return {
        "document": document,
        "language": language,
        "title": document["title"][language],
        "sections": sections(document, language),
        "files": files,
        "table_files": [one for one in files if one.path.startswith(f"tables/{language}/")],
        "main_files": [one for one in files if "/" not in one.path and one.path != queries.BUNDLE],
        "figure_folder": reverse("portal-file", args=[report.name, f"figures/{language}/"]),
        "citations": citations(document),
        "withheld": withheld_by_reason(document, language),
        "tables_withheld": sum(not table["visible"] for table in document["tables"]),
        "others": [one for one in queries.public_releases() if one.report_id != report.pk],
        "table_url": f"{settings.PUBLIC_URL}/api/v1/releases/{report.name}/tables/",
        "example": _example(document["tables"]),
    }


def _example(tables: Sequence[dict[str, Any]]) -> str:
    """The id of a table with numbers to read: of one question, asked as such if there is one."""

    def rank(table: dict[str, Any]) -> tuple[bool, int, bool]:
        return not table["visible"], len(table["variables"]), table["variables"][0]["kind"] == "D"

    return str(min(tables, key=rank)["id"])


@require_safe
@staff_page
def file(request: HttpRequest, slug: str, path: str) -> HttpResponseBase:
    found = queries.release(slug)
    permissions.check_can_download(person(request), found)
    return download(request, queries.artifact(found.report, path), slug)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_page
def request_report(request: HttpRequest) -> HttpResponse:
    permissions.check_can_request(person(request))
    error = ""
    if request.method == "POST":
        try:
            report = _requested(request)
        except DomainError as refused:
            error = refused.message
        else:
            tasks.nudge(tasks.work_on_report, report.pk)
            return redirect("portal-report", report_id=report.pk)
    context = {"surveys": list(_surveys()), "plans": queries.plan_names(), "error": error, "sent": request.POST}
    return render(request, "reports/portal/request.html", context, status=400 if error else 200)


def _requested(request: HttpRequest) -> Report:
    waves = request.POST.getlist("wave")
    if not waves or not all(_WAVE_NUMBER.fullmatch(wave) for wave in waves):
        raise Invalid(_("Choose at least one wave."))
    return actions.request_report(
        Actor.of(person(request)),
        person(request),
        request.POST.get("survey", ""),
        request.POST.get("plan", ""),
        [int(wave) for wave in waves],
        title=request.POST.get("title", ""),
        replace="replace" in request.POST,
        purpose=request.POST.get("purpose", ""),
    )


def _surveys() -> list[dict[str, object]]:
    """Surveys with sealed waves; how many answered is rounded, as everything that staff see."""
    found = ((survey, sealed_waves(survey.slug)) for survey in all_surveys())
    standing = list(queries.public_releases())
    return [
        {
            "survey": survey,
            "waves": [(wave.number, rounded(wave.responses)) for wave in waves],
            "releases": [one for one in standing if one.survey_slug == survey.slug],
        }
        for survey, waves in found
        if waves
    ]


@require_safe
@staff_page
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    found = _followed(person(request), report_id)
    decisions = visible_decisions(queries.decisions_of_round(found), person(request).pk)
    context = {
        "report": found,
        "progress": progress_of(found),
        "help": HELP.get(found.state, ""),
        "ended": found.state in (State.BLOCKED, State.REJECTED),
        "decisions": [(one, VERDICTS[one.verdict]) for one in decisions],
        "past_rounds": dossier.past_rounds(found, queries.trail(found)),
        "objections": [one for one in dossier.stands(found) if one.is_open],
        "can_retry": permissions.can_retry(person(request), found),
        "can_resubmit": permissions.can_resubmit(person(request), found),
        "can_inspect": permissions.can_inspect(person(request)),
        "can_request": permissions.can_request(person(request)),
    }
    return render(request, "reports/portal/report.html", context)


@require_safe
@staff_page
def progress(request: HttpRequest, report_id: int) -> HttpResponse:
    return JsonResponse(progress_of(_followed(person(request), report_id)))


def progress_of(report: Report) -> dict[str, object]:
    stopped = permissions.is_stopped(report)
    return {
        "state": str(HELD_BACK if stopped else STATES[report.state]),
        "stage": str(STAGES[report.stage]),
        "parts_done": report.parts_done,
        "parts_total": report.parts_total,
        "moving": report.owner == Owner.SERVICE and not stopped,
    }


@require_POST
@staff_page
def retry(request: HttpRequest, report_id: int) -> HttpResponse:
    actions.retry(person(request), report_id)
    return _queued_again(request, report_id)


@require_POST
@staff_page
def resubmit(request: HttpRequest, report_id: int) -> HttpResponse:
    actions.resubmit(person(request), report_id, request.POST.get("reason", ""))
    return _queued_again(request, report_id)


def _queued_again(request: HttpRequest, report_id: int) -> HttpResponse:
    tasks.nudge(tasks.work_on_report, report_id)
    messages.success(request, _("The report is in the queue again."))
    return redirect("portal-report", report_id=report_id)


def _followed(user: User, report_id: int) -> Report:
    found = queries.report(report_id)
    permissions.check_can_follow(user, found)
    return found
