"""The form of a wave as respondents will see it, made by the same functions, stamped, and taking no answers."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from survey import queries
from survey.errors import NotFound
from survey.models import Wave
from survey.pages import documents, languages
from survey.pages.frame import Other, plain_frame
from survey.pages.languages import Language, interface_languages
from survey.pages.messages import Message
from survey.pages.responses import page
from survey.staff.edge import admin_page

_REFUSED = Message("This is a preview", ("Nothing was sent, and nothing is stored. The form is not open here.",))


@csrf_exempt
def preview(request: HttpRequest, slug: str, number: int, language: Language) -> HttpResponse:
    """What is sent is not looked at, so it needs neither log-in nor token: a change of language shows that language,
    anything else is refused in words, which the page's script shows where it would show the server's answer."""
    if request.method == "POST":
        if "switch" in request.POST:
            return redirect(request.path)
        return page(request, "survey/message.html", plain_frame(language, ""), {"message": _REFUSED}, 403)
    return _shown(request, slug=slug, number=number, spoken=language)


@admin_page
def _shown(request: HttpRequest, slug: str, number: int, spoken: Language) -> HttpResponse:
    wave = Wave.objects.select_related("survey").filter(survey__slug=slug, number=number).first()
    if wave is None or spoken.tag not in queries.languages_of(wave.survey.instrument):
        raise NotFound(f"{slug} has no wave {number} that could be shown in {spoken.name}.")
    prepared = documents.make(_as_if_open(wave), spoken)
    frame = replace(prepared.frame, others=_others(wave, spoken))
    parts = {**documents.form_parts(prepared.context, prepared.view), "preview": request.path}
    return page(request, "survey/form.html", frame, parts, stylesheet=prepared.view.stylesheet)


def _as_if_open(wave: Wave) -> queries.FormContext:
    """What a planned wave would be today; a wave that has begun is what it is."""
    if not wave.event_states:
        states = queries.event_states_on(wave.survey.instrument, timezone.now().date())
        wave.event_states = {str(code): state for code, state in states.items()}
    return queries.context_of(wave.survey, wave)


def _others(wave: Wave, spoken: Language) -> tuple[Other, ...]:
    tags = queries.languages_of(wave.survey.instrument)
    others = [one for tag in tags if (one := languages.language(tag)) != spoken and one in interface_languages()]
    return tuple(Other(one, reverse("staff-preview", args=[wave.survey.slug, wave.number, one])) for one in others)
