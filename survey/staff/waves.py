"""Waves: planning, and the steps that respondents will notice. Each page says first what a step does."""

from collections.abc import Iterator
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from survey import actions, permissions, queries, tasks
from survey.actions.steps import check_may_take
from survey.enums import Step, WaveState
from survey.errors import DomainError, Invalid, NotFound, WrongState
from survey.models import StepProposal, Survey, Wave
from survey.pages.languages import interface_languages, language
from survey.queries.instruments import unreviewed_for_live
from survey.staff.edge import actor, admin_page, day, person, sent, whole
from survey.staff.surveys import found
from survey.staff.words import STATES, STEPS, names_of


def _wave(slug: str, number: int) -> Wave:
    """Raises NotFound."""
    wave = Wave.objects.select_related("survey").filter(survey=found(slug), number=number).first()
    if wave is None:
        raise NotFound(f"{slug} has no wave {number}.")
    return wave


@require_http_methods(["GET", "POST"])
@admin_page
def plan(request: HttpRequest, slug: str) -> HttpResponse:
    survey = found(slug)
    error: DomainError | None = None
    if request.method == "POST":
        try:
            made = actions.create_wave(actor(request), survey, *_planned(request))
        except DomainError as refused:
            error = refused
        else:
            return redirect("staff-wave", slug=slug, number=made.number)
    return _plan_page(request, survey, None, error)


@require_http_methods(["GET", "POST"])
@admin_page
def plan_anew(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    wave = _wave(slug, number)
    if wave.state != WaveState.PLANNED:
        raise WrongState(f"{wave} is {wave.state}: only the plan of a wave that nobody has seen can be changed.")
    error: DomainError | None = None
    if request.method == "POST":
        try:
            actions.change_plan(actor(request), wave, *_planned(request))
        except DomainError as refused:
            error = refused
        else:
            messages.success(request, "The plan is changed.")
            return redirect("staff-wave", slug=slug, number=number)
    return _plan_page(request, wave.survey, wave, error)


def _planned(request: HttpRequest) -> tuple[list[str], date, str]:
    """(languages, seal date, form) as they were sent. Raises Invalid."""
    languages = list(dict.fromkeys(str(tag) for tag in request.POST.getlist("language")))
    if not languages:
        raise Invalid("Choose at least one language.")
    seal_on = day(request.POST.get("seal_on", ""))
    if not timezone.now().date() < seal_on <= timezone.now().date() + actions.LONGEST_WAVE:
        raise Invalid("The seal date is a day after today, and within two years.")
    return languages, seal_on, request.POST.get("form", "")


def _plan_page(request: HttpRequest, survey: Survey, wave: Wave | None, error: DomainError | None) -> HttpResponse:
    tags = queries.languages_of(survey.instrument)
    chosen = request.POST.getlist("language") if error else wave.languages if wave else tags
    context = {
        "survey": survey,
        "wave": wave,
        "error": error,
        "languages": [(language(tag), tag in chosen, _drafts(survey, tag)) for tag in tags],
        "seal_on": request.POST.get("seal_on", "") if error else wave.seal_on.isoformat() if wave else "",
        "forms": list(queries.load(survey.instrument).forms),
        "form": request.POST.get("form", "") if error else wave.form if wave else "",
    }
    return render(request, "survey/staff/plan.html", context, status=error.status if error else 200)


def _drafts(survey: Survey, tag: str) -> int:
    return len(unreviewed_for_live(survey.instrument, tag))


@require_GET
@admin_page
def wave(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    return _page(request, _wave(slug, number))


def _page(request: HttpRequest, wave: Wave, error: DomainError | None = None) -> HttpResponse:
    survey = wave.survey
    facts = next(one for one in queries.waves_for_staff(survey.slug) if one.number == wave.number)
    context = {
        "survey": survey,
        "wave": wave,
        "facts": facts,
        "state": STATES[wave.state],
        "languages": names_of(wave.languages),
        "previews": [language(tag) for tag in queries.languages_of(survey.instrument) if _is_spoken(tag)],
        "step": _step_context(request, wave),
        "history": [(one, STEPS[one.step]) for one in queries.proposals_of(wave)],
        "announces": wave.state in (WaveState.OPEN, WaveState.CLOSED),
        "error": error,
    }
    return render(request, "survey/staff/wave.html", context, status=error.status if error else 200)


def _is_spoken(tag: str) -> bool:
    return language(tag) in interface_languages()


def _step_context(request: HttpRequest, wave: Wave) -> dict[str, object] | None:
    """What can be proposed or answered now; None where the wave stands before neither step."""
    step = next((step for step in Step if step.begins_at == wave.state), None)
    if step is None:
        return None
    survey, waiting = wave.survey, queries.waiting_proposal(wave, step)
    return {
        "name": step,
        "label": STEPS[step],
        "waiting": waiting,
        "refusal": _refusal(request, waiting) if waiting else "",
        "obstacle": _obstacle(wave, step),
        "drafts": [
            (language(tag), keys) for tag in wave.languages if (keys := unreviewed_for_live(survey.instrument, tag))
        ],
        "unsaid": list(_unsaid(wave)),
        "events": _events(wave),
    }


def _refusal(request: HttpRequest, proposal: StepProposal) -> str:
    return permissions.refusal(lambda: permissions.check_can_confirm(person(request), proposal))


def _obstacle(wave: Wave, step: Step) -> str:
    return permissions.refusal(lambda: check_may_take(wave, step))


def _unsaid(wave: Wave) -> Iterator[str]:
    """Places in the texts that the operator has not filled in a language of the wave."""
    for name in queries.details_of(wave.survey.instrument):
        said = wave.survey.operator.get(name, "")
        missing = [tag for tag in wave.languages if not (said if isinstance(said, str) else said.get(tag))]
        if missing:
            yield f"{name.replace('_', ' ')} ({', '.join(names_of(missing))})"


def _events(wave: Wave) -> list[tuple[int, str]]:
    """(number of the event, announced or past) as it would be fixed today."""
    return [*queries.event_states_on(wave.survey.instrument, timezone.now().date()).items()]


@require_POST
@admin_page
def propose(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """In a rehearsal the same person confirms at once: the page has said so."""
    wave, step = _wave(slug, number), _step(request)
    try:
        proposal = actions.propose(person(request), wave, step)
        if not proposal.live:
            return _confirmed(request, proposal)
    except DomainError as refused:
        return _page(request, wave, refused)
    messages.success(request, "Your proposal is recorded. Another admin confirms or withdraws it on this page.")
    return redirect("staff-wave", slug=slug, number=number)


def _step(request: HttpRequest) -> Step:
    try:
        return Step(request.POST.get("step", ""))
    except ValueError:
        raise Invalid("Choose what is to be done.") from None


@require_POST
@admin_page
def answer(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    wave = _wave(slug, number)
    proposal = wave.proposals.filter(pk=whole(request.POST.get("proposal", ""))).first()
    if proposal is None:
        raise NotFound("There is no such proposal.")
    try:
        if "withdraw" in request.POST:
            actions.withdraw(person(request), proposal.pk)
            messages.success(request, "The proposal is withdrawn.")
            return redirect("staff-wave", slug=slug, number=number)
        return _confirmed(request, proposal)
    except DomainError as refused:
        return _page(request, wave, refused)


def _confirmed(request: HttpRequest, proposal: StepProposal) -> HttpResponse:
    done = actions.confirm(person(request), proposal.pk)
    if done.step == Step.SEAL:
        tasks.nudge()
        messages.success(request, "Sealing is ordered. A worker does it within a minute; load this page again then.")
    else:
        messages.success(request, "The wave is open.")
    return redirect("staff-wave", slug=done.wave.survey.slug, number=done.wave.number)


@require_POST
@admin_page
def close(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    wave = _wave(slug, number)
    try:
        if "sure" not in request.POST:
            raise Invalid("Closing cannot be undone: tick the box if you are sure.")
        actions.close_wave(actor(request), wave)
    except DomainError as refused:
        return _page(request, wave, refused)
    messages.success(request, "The wave is closed.")
    return redirect("staff-wave", slug=slug, number=number)


@require_POST
@admin_page
def postpone(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    wave = _wave(slug, number)
    try:
        actions.postpone_sealing(actor(request), wave, day(sent(request).get("seal_on", "")))
    except DomainError as refused:
        return _page(request, wave, refused)
    messages.success(request, "The later seal date is announced on the form.")
    return redirect("staff-wave", slug=slug, number=number)
