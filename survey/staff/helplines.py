"""Help lines by language: who must be tried again, and changing them without touching a file."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from survey import actions, queries
from survey.errors import DomainError, NotFound
from survey.instrument.helplines import GOOD_FOR, overdue
from survey.pages.languages import Language, language
from survey.staff.edge import actor, admin_page, sent, whole


@require_GET
@admin_page
def all_languages(request: HttpRequest) -> HttpResponse:
    today = timezone.now().date()
    rows = []
    for instrument in queries.all_instruments():
        for tag in queries.languages_of(instrument):
            lines = queries.listed_help_lines(instrument, tag).entries
            rows.append((instrument, language(tag), len(lines), len(overdue(lines, today))))
    return render(request, "survey/staff/help_lines_all.html", {"rows": rows, "days": GOOD_FOR.days})


@require_http_methods(["GET", "POST"])
@admin_page
def help_lines(request: HttpRequest, instrument: str, language: Language) -> HttpResponse:
    if language.tag not in queries.languages_of(instrument):
        raise NotFound(f"The questionnaire {instrument} is not asked in {language.name}.")
    error: DomainError | None = None
    if request.method == "POST":
        try:
            messages.success(request, _changed(request, instrument, language.tag))
        except DomainError as refused:
            error = refused
        else:
            return redirect("staff-help-lines-of", instrument=instrument, language=language)
    return _page(request, instrument, language, error)


def _changed(request: HttpRequest, instrument: str, tag: str) -> str:
    """What was done, in words. Raises DomainError."""
    fields = sent(request)
    number, index = whole(fields.get("number", "")), fields.get("index", "")
    if "add" in fields:
        actions.save_help_line(actor(request), instrument, tag, number, None, fields)
        return "The help line is added. Forms show it within a minute."
    if "checked" in fields:
        actions.check_help_line(actor(request), instrument, tag, number, whole(index))
        return "It is noted that somebody was reached today."
    if "remove" in fields:
        actions.remove_help_line(actor(request), instrument, tag, number, whole(index))
        return "The help line is removed. Forms show it no more within a minute."
    actions.save_help_line(actor(request), instrument, tag, number, whole(index), fields)
    return "The help line is changed. Forms show it within a minute."


def _page(request: HttpRequest, instrument: str, spoken: Language, error: DomainError | None) -> HttpResponse:
    listed = queries.listed_help_lines(instrument, spoken.tag)
    late = {*overdue(listed.entries, timezone.now().date())}
    context = {
        "instrument": instrument,
        "language": spoken,
        "number": listed.number,
        "lines": [(line, line in late) for line in listed.entries],
        "days": GOOD_FOR.days,
        "error": error,
        "sent": request.POST if error else {},
    }
    return render(request, "survey/staff/help_lines.html", context, status=error.status if error else 200)
