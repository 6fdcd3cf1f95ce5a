"""For reviewers: everything that would be published, why the rest is not, and the decision."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.models import User
from reports import actions, permissions, queries, tasks
from reports.enums import State, Verdict
from reports.errors import DomainError, Invalid
from reports.models import Report
from reports.pages import dossier
from reports.pages.edge import download, person, staff_page, view
from reports.pages.turns import Facts, turn
from reports.pages.words import EFFECTS, HELD_BACK, STATES, VERDICTS
from reports.render.outline import language_of
from reports.visibility import REVIEWS_NEEDED, is_complete, visible_decisions
from survey.queries import members_of


@require_http_methods(["GET", "POST"])
@staff_page
def report(request: HttpRequest, report_id: int) -> HttpResponse:
    permissions.check_can_inspect(person(request))
    if request.method == "GET":
        return _page(request, queries.report(report_id))
    return _done(request, report_id, lambda: _decide(request, report_id), _("Your decision is recorded."))


def _decide(request: HttpRequest, report_id: int) -> Report:
    return actions.decide(
        person(request),
        report_id,
        _verdict(request.POST.get("verdict", "")),
        request.POST.get("reason", ""),
        request.POST.get("manifest", ""),
    )


def _verdict(name: str) -> Verdict:
    try:
        return Verdict(name)
    except ValueError:
        raise Invalid(_("Choose one of the three decisions.")) from None


@require_POST
@staff_page
def object_to(request: HttpRequest, report_id: int) -> HttpResponse:
    permissions.check_can_inspect(person(request))
    said = _("Your objection is recorded. Nothing is published while it is open.")
    return _done(request, report_id, lambda: _object(request, report_id), said)


def _object(request: HttpRequest, report_id: int) -> Report:
    return actions.object_to(person(request), report_id, request.POST.get("objection", "")).report


@require_POST
@staff_page
def withdraw(request: HttpRequest, objection_id: int) -> HttpResponse:
    permissions.check_can_inspect(person(request))
    report_id = queries.objection(objection_id).report_id
    return _done(request, report_id, lambda: _withdraw(request, objection_id), _("Your objection is withdrawn."))


def _withdraw(request: HttpRequest, objection_id: int) -> Report:
    return actions.withdraw(person(request), objection_id, request.POST.get("withdrawal", ""))


def _done(request: HttpRequest, report_id: int, act: Callable[[], Report], said: str) -> HttpResponse:
    """Act, and show the page again: with what was written and why it was refused, or with word that it was done."""
    try:
        report = act()
    except DomainError as error:
        return _page(request, queries.report(report_id), error)
    if report.state == State.APPROVED:
        tasks.nudge(tasks.release, report_id)
    messages.success(request, said)
    return redirect("review-report", report_id=report_id)


def _page(request: HttpRequest, found: Report, error: DomainError | None = None) -> HttpResponse:
    context = {
        "report": found,
        "here": reverse("review-report", args=[found.pk]),
        "state": HELD_BACK if permissions.is_stopped(found) else STATES[found.state],
        "error": error.message if error else "",
        "sent": request.POST,
        **dossier.about(found, queries.trail(found)),
        **_judgement(person(request), found),
    }
    if found.manifest_sha256:
        document = queries.document(found)
        language = language_of(document, request.GET.get("lang", ""))
        context |= dossier.contents(found, document, language, request.GET.get("beside", ""))
    return render(request, "reports/review/report.html", context, status=error.status if error else 200)


def _judgement(user: User, found: Report) -> dict[str, Any]:
    """Decisions, objections, and what the reader may do about them."""
    decisions, stands = queries.decisions_of_round(found), dossier.stands(found)
    open_objections = [one.objection for one in stands if one.is_open]
    voters, members = {one.reviewer_id for one in decisions}, members_of([found.survey_slug])[found.survey_slug]
    return {
        "turn": turn(Facts(found, user, voters, members, open_objections)),
        "refusal": permissions.refusal(lambda: permissions.check_can_review(user, found)),
        "objecting": permissions.refusal(lambda: permissions.check_can_object(user, found)),
        "decisions": [(one, VERDICTS[one.verdict]) for one in visible_decisions(decisions, user.pk)],
        "decisions_in": len(decisions),
        "reviews_needed": REVIEWS_NEEDED,
        "is_complete": is_complete(decisions),
        "verdicts": [(value, label, EFFECTS[value]) for value, label in VERDICTS.items()],
        "objections": stands,
        # What was rejected is not published whatever becomes of them.
        "open_objections": 0 if found.state == State.REJECTED else len(open_objections),
        "can_retract": permissions.can_retract(user, found),
        "can_resubmit": permissions.can_resubmit(user, found),
        "can_retry": permissions.can_retry(user, found),
    }


@require_GET
@staff_page
def file(request: HttpRequest, report_id: int, path: str) -> HttpResponseBase:
    permissions.check_can_inspect(person(request))
    found = queries.report(report_id)
    return download(request, queries.artifact(found, path), found.name)


@require_GET
@staff_page
def look(request: HttpRequest, report_id: int, path: str) -> HttpResponse:
    """A stored file in the browser instead of on the disk."""
    permissions.check_can_inspect(person(request))
    return view(queries.artifact(queries.report(report_id), path))


@require_POST
@staff_page
def retract(request: HttpRequest, slug: str) -> HttpResponse:
    actions.retract(person(request), slug, request.POST.get("reason", ""))
    messages.success(request, _("The release is retracted."))
    return redirect("portal-release", slug=slug)
