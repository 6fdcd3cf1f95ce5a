"""For reviewers: everything that would be published, why the rest is not, and the decision."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from reports import actions, permissions, queries, tasks
from reports.enums import State, Verdict
from reports.errors import DomainError, Invalid
from reports.models import Report
from reports.pages.edge import download, person, staff_page
from reports.pages.protection import flagged_shares, protection
from reports.pages.words import STATES, VERDICTS
from reports.render.outline import language_of, sections
from reports.visibility import REVIEWS_NEEDED, is_complete, visible_decisions


@require_GET
@staff_page
def queue(request: HttpRequest) -> HttpResponse:
    permissions.check_can_inspect(person(request))
    reports = [
        (report, STATES[report.state], permissions.can_review(person(request), report))
        for report in queries.reports_for_reviewers()
    ]
    return render(request, "reports/review/queue.html", {"reports": reports, "in_review": State.IN_REVIEW})


@require_http_methods(["GET", "POST"])
@staff_page
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    permissions.check_can_inspect(person(request))
    if request.method == "GET":
        return _page(request, queries.report(report_id))
    try:
        decided = actions.decide(
            person(request),
            report_id,
            _verdict(request.POST.get("verdict", "")),
            request.POST.get("reason", ""),
            request.POST.get("manifest", ""),
        )
    except DomainError as error:
        return _page(request, queries.report(report_id), error)
    if decided.state == State.APPROVED:
        tasks.nudge(tasks.release, report_id)
    messages.success(request, _("Your decision is recorded."))
    return redirect("review-report", report_id=report_id)


def _verdict(name: str) -> Verdict:
    try:
        return Verdict(name)
    except ValueError:
        raise Invalid(_("Choose one of the three decisions.")) from None


def _page(request: HttpRequest, found: Report, error: DomainError | None = None) -> HttpResponse:
    user = person(request)
    decisions = queries.decisions_of_round(found)
    visible = visible_decisions(decisions, user.pk)
    context: dict[str, Any] = {
        "report": found,
        "state": STATES[found.state],
        "refusal": permissions.refusal(lambda: permissions.check_can_review(user, found)),
        "decisions": [(decision, VERDICTS[decision.verdict]) for decision in visible],
        "decisions_in": len(decisions),
        "reviews_needed": REVIEWS_NEEDED,
        "is_complete": is_complete(decisions),
        "verdicts": VERDICTS.items(),
        "error": error.message if error else "",
        "sent": request.POST,
        "can_retract": permissions.can_retract(user, found),
    }
    if found.manifest_sha256:
        context |= _contents(request, found)
    return render(request, "reports/review/report.html", context, status=error.status if error else 200)


def _contents(request: HttpRequest, found: Report) -> dict[str, Any]:
    document = queries.document(found)
    language = language_of(document, request.GET.get("lang", ""))
    return {
        "document": document,
        "language": language,
        "sections": sections(document, language),
        "protection": protection(document, language),
        "flags": flagged_shares(document, language),
        "files": queries.artifacts(found),
    }


@require_GET
@staff_page
def file(request: HttpRequest, report_id: int, path: str) -> HttpResponse:
    permissions.check_can_inspect(person(request))
    found = queries.report(report_id)
    return download(person(request), queries.artifact(found, path), found.name)


@require_POST
@staff_page
def retract(request: HttpRequest, slug: str) -> HttpResponse:
    actions.retract(person(request), slug, request.POST.get("reason", ""))
    messages.success(request, _("The release is retracted."))
    return redirect("portal-release", slug=slug)
