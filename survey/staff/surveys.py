"""Surveys: what there is, making one, who asks, and who belongs to its study."""

from collections import defaultdict

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.enums import Role
from accounts.models import User
from survey import actions, queries
from survey.enums import Mode, WaveState
from survey.errors import DomainError, Invalid, NotFound
from survey.models import Survey
from survey.pages.languages import language
from survey.staff.edge import actor, admin_page, sent, whole
from survey.staff.words import STATES, STEPS, names_of

_LONGEST_LIST = 500


def found(slug: str) -> Survey:
    """Raises NotFound."""
    survey = Survey.objects.filter(slug=slug).first()
    if survey is None:
        raise NotFound(f"There is no survey {slug[:60]!r}.")
    return survey


@require_GET
@admin_page
def all_surveys(request: HttpRequest) -> HttpResponse:
    waves = defaultdict(list)
    for wave in queries.waves_for_staff():
        waves[wave.survey_slug].append((wave, STATES[wave.state], names_of(wave.languages)))
    surveys = [(survey, waves[survey.slug]) for survey in Survey.objects.order_by("slug")[:_LONGEST_LIST]]
    waiting = [(proposal, STEPS[proposal.step]) for proposal in queries.waiting_proposals()]
    return render(request, "survey/staff/surveys.html", {"surveys": surveys, "waiting": waiting})


@require_http_methods(["GET", "POST"])
@admin_page
def create(request: HttpRequest) -> HttpResponse:
    """A survey without waves: nobody sees it yet."""
    error: DomainError | None = None
    if request.method == "POST":
        try:
            made = _created(request)
        except DomainError as refused:
            error = refused
        else:
            messages.success(
                request,
                "The survey is made. Until one of its waves is opened, its address says only that it is not open yet.",
            )
            return redirect("staff-survey", slug=made.slug)
    context = {"instruments": queries.all_instruments(), "error": error, "sent": request.POST}
    return render(request, "survey/staff/create.html", context, status=error.status if error else 200)


def _created(request: HttpRequest) -> Survey:
    fields = sent(request)
    if fields.get("mode") not in [*Mode]:
        raise Invalid("Choose whether this is a rehearsal or a live survey.")
    return actions.create_survey(
        actor(request),
        fields.get("slug", "").strip(),
        fields.get("instrument", ""),
        Mode(fields["mode"]),
        open_link=fields.get("link") != "invited",
    )


@require_GET
@admin_page
def survey(request: HttpRequest, slug: str) -> HttpResponse:
    one = found(slug)
    waves = [(wave, STATES[wave.state], names_of(wave.languages)) for wave in queries.waves_for_staff(slug)]
    context = {
        "survey": one,
        "title": queries.load(one.instrument).title.source,
        "waves": waves,
        "details": _details(one),
        "missing": [name for name in queries.details_of(one.instrument) if not one.operator.get(name)],
        "stands": _stands(one),
        "members": _members(one),
        "others": _not_members(one),
    }
    return render(request, "survey/staff/survey.html", context)


def _members(survey: Survey) -> QuerySet[User]:
    return User.objects.filter(studies__survey=survey).order_by("name", "email")


def _not_members(survey: Survey) -> QuerySet[User]:
    people = User.objects.filter(is_active=True, roles__contains=[Role.RESEARCHER])
    return people.exclude(studies__survey=survey).order_by("name", "email")[:_LONGEST_LIST]


def _stands(survey: Survey) -> bool:
    """What it says of who asks was read by people who can still correct or erase."""
    return survey.waves.filter(state__in=(WaveState.OPEN, WaveState.CLOSED)).exists()


def _details(survey: Survey) -> list[dict[str, object]]:
    """For each place in the texts: the wording for all languages, that of each, and where none stands."""
    tags = queries.languages_of(survey.instrument)
    return [_detail(name, survey.operator.get(name, ""), tags) for name in queries.details_of(survey.instrument)]


def _detail(name: str, said: str | dict[str, str], tags: list[str]) -> dict[str, object]:
    general, worded = (said, {}) if isinstance(said, str) else ("", said)
    return {
        "name": name,
        "label": name.replace("_", " "),
        "general": general,
        "wordings": [(language(tag), worded.get(tag, "")) for tag in tags],
        "said": [(language(tag), text) for tag in tags if (text := worded.get(tag))],
        "missing": [language(tag).name for tag in tags if not (general or worded.get(tag))],
    }


@require_http_methods(["GET", "POST"])
@admin_page
def operator(request: HttpRequest, slug: str) -> HttpResponse:
    one = found(slug)
    error: DomainError | None = None
    if request.method == "POST":
        one.operator = _said(one, sent(request))
        try:
            actions.change_operator(actor(request), one, one.operator)
        except DomainError as refused:
            error = refused
        else:
            messages.success(request, "What the form says of who asks is changed.")
            return redirect("staff-survey", slug=slug)
    context = {"survey": one, "details": _details(one), "stands": _stands(one), "error": error}
    return render(request, "survey/staff/operator.html", context, status=error.status if error else 200)


def _said(survey: Survey, fields: dict[str, str]) -> actions.Details:
    """One wording for all, unless a language has one of its own; the others then keep the one for all."""
    said: actions.Details = {}
    for name in queries.details_of(survey.instrument):
        general = fields.get(name, "").strip()
        own = {tag: fields.get(f"{name}.{tag}", "").strip() for tag in queries.languages_of(survey.instrument)}
        if any(own.values()):
            said[name] = {tag: text or general for tag, text in own.items() if text or general}
        elif general:
            said[name] = general
    return said


@require_POST
@admin_page
def members(request: HttpRequest, slug: str) -> HttpResponse:
    """Add or remove a researcher of the study."""
    one = found(slug)
    user = User.objects.filter(pk=whole(request.POST.get("user", ""))).first()
    if user is None:
        raise Invalid("Choose a person.")
    if "remove" in request.POST:
        actions.remove_member(actor(request), one, user)
        messages.success(request, f"{user} belongs to the study no more.")
    elif user.has_role(Role.RESEARCHER):
        actions.add_member(actor(request), one, user)
        messages.success(request, f"{user} belongs to the study now.")
    else:
        raise Invalid("Only researchers belong to a study.")
    return redirect(f"{reverse('staff-survey', args=[slug])}#members")
