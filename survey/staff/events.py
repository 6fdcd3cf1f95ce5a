"""What happened to models: dates and sources, as the questionnaire asks about them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from survey import actions, queries
from survey.errors import DomainError
from survey.instrument.load.catalogues import CHANNELS, KINDS
from survey.instrument.schema import Instrument
from survey.staff.edge import actor, admin_page, sent, whole

_QUESTION = "evt"
"""The question whose answers are the events."""


@require_GET
@admin_page
def all_instruments(request: HttpRequest) -> HttpResponse:
    rows = [(name, len(queries.listed_events(name).entries)) for name in queries.all_instruments()]
    return render(request, "survey/staff/events_all.html", {"rows": rows})


@require_http_methods(["GET", "POST"])
@admin_page
def events(request: HttpRequest, instrument: str) -> HttpResponse:
    loaded = queries.load(instrument)
    error: DomainError | None = None
    if request.method == "POST":
        try:
            messages.success(request, _changed(request, instrument))
        except DomainError as refused:
            error = refused
        else:
            return redirect("staff-events-of", instrument=instrument)
    return _page(request, loaded, error)


def _changed(request: HttpRequest, instrument: str) -> str:
    """What was done, in words. Raises DomainError."""
    fields = sent(request)
    number = whole(fields.get("number", ""))
    if "add" in fields:
        actions.save_event(actor(request), instrument, number, None, fields)
        return "The event is added."
    code = whole(fields.get("code", ""))
    if "remove" in fields:
        actions.remove_event(actor(request), instrument, number, code)
        return "The event is removed."
    actions.save_event(actor(request), instrument, number, code, fields)
    return "The event is changed."


def _page(request: HttpRequest, instrument: Instrument, error: DomainError | None) -> HttpResponse:
    listed = queries.listed_events(instrument.name)
    labels = _labels(instrument)
    context = {
        "instrument": instrument.name,
        "number": listed.number,
        "events": [(event, labels.get(event.code, "")) for event in listed.entries],
        "kinds": KINDS,
        "channels": CHANNELS,
        "error": error,
        "sent": request.POST if error else {},
    }
    return render(request, "survey/staff/events.html", context, status=error.status if error else 200)


def _labels(instrument: Instrument) -> dict[int, str]:
    """Number of an event -> the answer that stands for it in the questionnaire."""
    options = (option for item in instrument.items if item.name == _QUESTION for option in item.options)
    return {option.code: option.label.source for option in options if isinstance(option.code, int)}
