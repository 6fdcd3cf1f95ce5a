"""For reviewers: what respondents wrote, one text at a time, opened by a passphrase that comes with each request."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from accounts.models import User
from reports.errors import DomainError, Invalid, NotFound
from reports.pages.edge import STAFF_LANGUAGE, person, staff_page
from reports.pages.words import PROPOSALS, TAGS, USES
from survey import moderation
from survey.enums import ProposalKind
from survey.errors import NoKey, TooManyTries, WrongPassphrase
from survey.identifiers import Mark, marks, pieces, without
from survey.moderation import Moderated, Reading, Task
from survey.queries import help_lines, load, survey_facts

_MOST_SKIPPED = 200
_WORDS = re.compile(r"words-(?P<name>\w{1,20})")
_TRANSLATION = re.compile(r"translation-(?P<language>[A-Za-z-]{2,8})-(?P<name>\w{1,20})")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text is taken from, and by whom."""

    user: User
    survey: str
    is_rehearsal: bool
    instrument: str
    wave: int
    task: Task


@dataclass(frozen=True, slots=True)
class Passage:
    """One question's text on the page."""

    name: str
    question: str
    original: str
    pieces: list[tuple[str, Mark | None]]
    words: str
    """What stands in the field: what was proposed or sent, else the text without its marks."""
    translations: list[tuple[str, str]]
    """(language, text)"""


@require_GET
@staff_page
def queue(request: HttpRequest) -> HttpResponse:
    user = person(request)
    moderation.check_can_hold_keys(user)
    rows = moderation.waiting(user)
    context = {"rows": rows, "reads": moderation.can_read_now(user)}
    return render(request, "reports/review/testimonies.html", context)


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@staff_page
def texts(request: HttpRequest, survey: str, wave: int, task: str) -> HttpResponse:
    moderation.check_can_moderate(person(request), survey)
    facts = survey_facts(survey)
    place = Place(person(request), survey, facts.is_rehearsal, facts.instrument, wave, _task(task))
    if request.method == "GET":
        return _before(request, place)
    return _decide(request, place) if request.POST.get("do") == "decide" else _show(request, place)


def _task(name: str) -> Task:
    try:
        return Task(name)
    except ValueError:
        raise NotFound from None


def _before(request: HttpRequest, place: Place, error: DomainError | None = None) -> HttpResponse:
    """What to know before a text is opened, and the passphrase."""
    context = {
        "place": place,
        "rehearsal": place.is_rehearsal,
        "error": error,
        "skipped": _skipped(request),
        "help_lines": help_lines(place.instrument, STAFF_LANGUAGE),
    }
    return render(request, "reports/review/before.html", context, status=error.status if error else 200)


def _show(request: HttpRequest, place: Place) -> HttpResponse:
    try:
        reading = moderation.read_next(
            place.user, _passphrase(request), place.survey, place.wave, place.task, _skipped(request)
        )
    except (WrongPassphrase, TooManyTries, NoKey) as error:
        return _before(request, place, error)
    if reading is None:
        messages.success(request, _("No text waits for you here."))
        return redirect("review-testimonies")
    return _text_page(request, place, reading)


def _decide(request: HttpRequest, place: Place) -> HttpResponse:
    testimony, number = _named(request)
    try:
        if place.task == Task.FIRST:
            kind, moderated = _kind(request), _sent(request.POST)
            moderation.propose(place.user, _passphrase(request), testimony, number, kind, moderated)
        else:
            confirmed, note = _is_confirmed(request), request.POST.get("note", "")
            moderation.judge(place.user, _passphrase(request), testimony, number, confirmed, note)
    except (WrongPassphrase, TooManyTries) as error:
        return _try_again(request, place, error)
    except Invalid as error:
        return _corrected(request, place, testimony, error)
    messages.success(request, _("That is recorded. Take the next one when you are ready."))
    return redirect("review-texts", survey=place.survey, wave=place.wave, task=place.task)


def _try_again(request: HttpRequest, place: Place, error: DomainError) -> HttpResponse:
    """The text is not shown without the passphrase; what was written about it is carried along."""
    carried = [(name, value) for name, values in request.POST.lists() for value in values if name not in _NOT_CARRIED]
    context = {"place": place, "rehearsal": place.is_rehearsal, "error": error, "carried": carried}
    return render(request, "reports/review/again.html", context, status=error.status)


_NOT_CARRIED = ("passphrase", "csrfmiddlewaretoken")


def _corrected(request: HttpRequest, place: Place, testimony: UUID, error: Invalid) -> HttpResponse:
    """The text again, with what was written about it and what is wrong with that."""
    try:
        reading = moderation.read_again(place.user, _passphrase(request), testimony, place.task)
    except (WrongPassphrase, TooManyTries) as refused:
        return _try_again(request, place, refused)
    return _text_page(request, place, reading, error)


def _text_page(request: HttpRequest, place: Place, reading: Reading, error: DomainError | None = None) -> HttpResponse:
    sent = _sent(request.POST) if error else reading.proposed
    context: dict[str, Any] = {
        "place": place,
        "rehearsal": place.is_rehearsal,
        "reading": reading,
        "passages": [_passage(place, reading, name, sent) for name in reading.texts],
        "use": USES[reading.use],
        "tag": TAGS.get(reading.tag or 0, ""),
        "kind": PROPOSALS[reading.kind] if reading.kind else "",
        "kinds": PROPOSALS.items(),
        "chosen": request.POST.get("kind", "") if error else "",
        "note": request.POST.get("note", "") if error else "",
        "skipped": [*_skipped(request), reading.id],
        "error": error,
    }
    return render(request, "reports/review/text.html", context, status=error.status if error else 200)


def _passage(place: Place, reading: Reading, name: str, sent: Moderated) -> Passage:
    original = reading.texts[name]
    found = marks(original)
    words = sent.words.get(name, "") if sent.words else without(original, found)
    translations = [(tag, sent.translations.get(tag, {}).get(name, "")) for tag in reading.languages]
    question = load(place.instrument).item(name).text.source
    return Passage(name, question, original, list(pieces(original, found)), words, translations)


def _passphrase(request: HttpRequest) -> str:
    return request.POST.get("passphrase", "")


def _named(request: HttpRequest) -> tuple[UUID, int]:
    """Which text, and which proposal about it. Raises Invalid."""
    try:
        return UUID(request.POST.get("testimony", "")), int(request.POST.get("number", "")[:4])
    except ValueError:
        raise NotFound from None


def _kind(request: HttpRequest) -> ProposalKind:
    try:
        return ProposalKind(request.POST.get("kind", ""))
    except ValueError:
        raise Invalid(_("Choose what should become of the text.")) from None


def _is_confirmed(request: HttpRequest) -> bool:
    verdict = request.POST.get("verdict", "")
    if verdict not in ("confirm", "back"):
        raise Invalid(_("Choose whether you confirm the proposal or send it back."))
    return verdict == "confirm"


def _skipped(request: HttpRequest) -> list[UUID]:
    found = []
    for value in request.POST.getlist("skipped")[-_MOST_SKIPPED:]:
        try:
            found.append(UUID(value))
        except ValueError:
            raise NotFound from None
    return found


def _sent(posted: QueryDict) -> Moderated:
    """The fields `words-<question>` and `translation-<language>-<question>`."""
    words: dict[str, str] = {}
    translations: dict[str, dict[str, str]] = {}
    for name, value in posted.dict().items():
        if own := _WORDS.fullmatch(name):
            words[own["name"]] = str(value)
        elif other := _TRANSLATION.fullmatch(name):
            translations.setdefault(other["language"], {})[other["name"]] = str(value)
    return Moderated(words, translations)
