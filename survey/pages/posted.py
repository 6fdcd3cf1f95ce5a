"""What becomes of a form that was sent: back to the form, on to the check page, to an end, or to the receipt."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from survey import queries, receipts
from survey.actions import submit
from survey.enums import SubmitResult, WaveState
from survey.instrument.validate import Facts, FieldError, Submission, relevance, validate
from survey.pages import messages
from survey.pages.answers import Summary, Teller
from survey.pages.documents import Prepared, form_parts
from survey.pages.frame import fill_ins, long_date
from survey.pages.languages import Language
from survey.pages.messages import Message
from survey.pages.proof import is_stamped, pace
from survey.pages.requests import Fields, first
from survey.pages.responses import page
from survey.pages.sent import sent_page
from survey.pages.view import NO_MESSAGES, filled
from survey.pages.words import fill
from survey.queries.receipts import is_erased

ANEW = "anew"
"""The field of a button that sends answers under a code of their own, which is its value."""


@dataclass(frozen=True, slots=True)
class Button:
    """One way on from a page that holds answers; `address` if it is not the page's own."""

    label: str
    name: str = ""
    value: str = ""
    css: str = "main"
    address: str = ""
    tag: str = ""
    """Language of the label, where it is not that of the page."""


@dataclass(frozen=True)
class Posted:
    request: HttpRequest
    language: Language
    prepared: Prepared
    wave: queries.WaveInfo
    fields: Fields

    @property
    def context(self) -> queries.FormContext:
        return self.prepared.context

    @property
    def here(self) -> str:
        return f"/{self.language.code}/s/{self.context.slug}/"

    @property
    def receipt_page(self) -> str:
        return f"/{self.language.code}/receipt/"

    @property
    def code(self) -> str:
        return first(self.fields, "receipt")

    @cached_property
    def facts(self) -> Facts:
        stamped = is_stamped(self.wave.number, self.fields, settings.STAMP_BITS)
        return replace(facts_of(self.wave, self.language), unproven=not stamped, fast=pace(self.fields))

    @property
    def is_over(self) -> bool:
        """Nothing that is not stored yet will be taken any more."""
        return not self.wave.takes_answers

    @property
    def goes_back(self) -> bool:
        """To the form: to change something there, or to read it in another language."""
        return "edit" in self.fields or ("switch" in self.fields and not self.code)

    @property
    def marks(self) -> Mapping[str, object]:
        """What a form says beside the answers."""
        return {}

    def answer(self) -> HttpResponse:
        if self.goes_back:
            return self.late_page() if self.is_over else self.form_page()
        outcome = validate(self.context.instrument, self.fields, self.facts)
        if outcome.end:
            return self.end_page(outcome.end)
        if outcome.submission is None:
            return self.late_page() if self.is_over else self.wrong_page(outcome.errors)
        return self.checked(outcome.submission)

    def checked(self, submission: Submission) -> HttpResponse:
        if receipts.is_valid(self.code):
            return self.check_page(submission, self.code) if "switch" in self.fields else self.send(submission)
        if self.is_over:
            return self.late_page()
        return self.check_page(submission, receipts.make(), wrong_code=bool(self.code))

    def send(self, submission: Submission) -> HttpResponse:
        match submit(self.wave.id, self.context.slug, self.language.tag, submission, self.code):
            case SubmitResult.STORED | SubmitResult.REPEATED:
                return sent_page(self.request, self.context, self.language, submission, self.code)
            case SubmitResult.CHANGED:
                return self.changed_page(submission)
            case SubmitResult.ERASED:
                return self.message_page(messages.already_erased(), 410)
            case SubmitResult.LATE:
                return self.late_page()

    def form_page(self, errors: Mapping[str, str] = NO_MESSAGES, status: int = 200) -> HttpResponse:
        view = filled(self.prepared.view, self.fields, errors)
        parts = {**form_parts(self.context, view), **self.marks}
        return page(self.request, "survey/form.html", self.prepared.frame, parts, status, view.stylesheet)

    def wrong_page(self, errors: tuple[FieldError, ...]) -> HttpResponse:
        lengths = {item.name: item.max_length for item in self.context.instrument.items}
        told = {error.field: messages.field_error(error.code, lengths.get(error.field, 0)) for error in errors}
        return self.form_page(told, 422)

    def check_page(self, submission: Submission, code: str, wrong_code: bool = False) -> HttpResponse:
        parts = {
            **self.carried(),
            **self.marks,
            "summary": self.summary(submission),
            "code": code,
            "wrong_code": wrong_code,
            "seal_date": long_date(self.wave.seal_on, self.language),
        }
        return page(self.request, "survey/check.html", self.prepared.frame, parts, 422 if wrong_code else 200)

    def end_page(self, end: str) -> HttpResponse:
        catalogue = queries.catalogue(self.context.instrument.name, self.language.tag)
        text = fill(catalogue.text(self.context.instrument.ends[end]), fill_ins(self.context, self.language))
        return self.message_page(messages.ended(text), 200)

    def changed_page(self, submission: Submission) -> HttpResponse:
        """Two ways on. The code for a new answer is made here, so that pressing twice sends one."""
        correct = Button(_("Correct the earlier answers with these"), "correct", "1")
        anew = Button(_("Send these as a new answer"), ANEW, receipts.make(), css="quiet")
        message = messages.changed(self.receipt_page, not self.is_over)
        parts = {"message": message, "buttons": (correct,) if self.is_over else (correct, anew), "code": self.code}
        return self.returned_page(parts, self.summary(submission), 409)

    def late_page(self) -> HttpResponse:
        """The answers come back in words; if there is a new wave, they can be sent there."""
        following = self.following_wave()
        message = messages.late(f"/{self.language.code}/results/", following is not None)
        return self.returned_page({"message": message, **_towards(following)}, self.summary(), 410)

    def following_wave(self) -> queries.WaveInfo | None:
        """The open wave of the survey, if it is another one than that of these answers."""
        open_now = queries.form_context(self.context.slug)
        wave = open_now.wave if open_now else None
        return wave if wave and wave.state == WaveState.OPEN and wave.id != self.wave.id else None

    def returned_page(self, parts: Mapping[str, object], summary: Summary, status: int) -> HttpResponse:
        frame = self.prepared.frame.carrying("form" if "buttons" in parts else "")
        shown = {**self.carried(), "summary": summary, **parts}
        return page(self.request, "survey/returned.html", frame, shown, status)

    def nothing_to_correct(self) -> HttpResponse:
        """No answers are stored under the code that came with these: they come back, and what can be done with them."""
        if not receipts.is_valid(self.code):
            return self.returned_page(self._as_new(messages.no_code_to_correct()), self.summary(), 422)
        if is_erased(self.code, self.context.slug):
            return self.message_page(messages.already_erased(), 410)
        if self.wave.state == WaveState.SEALED:
            following = self.following_wave()
            parts = {"message": messages.late_correction(following is not None), **_towards(following)}
            return self.returned_page(parts, self.summary(), 410)
        return self.returned_page(self._as_new(messages.nothing_to_correct()), self.summary(), 404)

    def _as_new(self, message: Message) -> dict[str, object]:
        if self.is_over:
            return {"message": message, **_towards(self.following_wave())}
        known = self.code if receipts.is_valid(self.code) else ""
        return {"message": message, "buttons": (Button(_("Send these as a new answer")),), "code": known}

    def message_page(self, message: Message, status: int) -> HttpResponse:
        frame = self.prepared.frame.carrying("")
        return page(self.request, "survey/message.html", frame, {"message": message}, status)

    def carried(self) -> dict[str, object]:
        """What a page needs to send the same answers again."""
        names = self.prepared.view.field_names
        pairs = [(name, value) for name, values in self.fields.items() if name in names for value in values]
        return {"here": self.here, "wave": self.wave.number, "fields": pairs}

    def summary(self, submission: Submission | None = None) -> Summary:
        kept = self.fields if submission is None else submission.texts
        return told(self.context, self.wave, self.language, self.fields, kept).summary()


def _towards(wave: queries.WaveInfo | None) -> dict[str, object]:
    if wave is None:
        return {}
    return {"buttons": (Button(_("Look at them and send them to the new wave")),), "wave": wave.number}


def facts_of(wave: queries.WaveInfo, language: Language) -> Facts:
    events = {code: _past_or_announced(state) for code, state in wave.event_states.items()}
    return Facts(language=language.tag, events=events, form=wave.form)


def _past_or_announced(state: str) -> Literal["announced", "past"]:
    return "announced" if state == "announced" else "past"


def told(
    context: queries.FormContext, wave: queries.WaveInfo, language: Language, fields: Fields, kept: Collection[str]
) -> Teller:
    """Who words these answers; `kept`: names of the texts that are kept."""
    instrument = context.instrument
    shown = relevance(instrument, fields, facts_of(wave, language))
    catalogue = queries.catalogue(instrument.name, language.tag)
    return Teller(instrument, catalogue, shown, fill_ins(context, language), kept)
