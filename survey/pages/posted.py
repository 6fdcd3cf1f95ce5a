"""What becomes of a form that was sent: back to the form, on to the check page, to an end, or to the receipt."""

from collections.abc import Mapping
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
from survey.pages.answers import Summary, summarise
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

    def answer(self) -> HttpResponse:
        if "edit" in self.fields or ("switch" in self.fields and not self.code):
            return self.form_page()
        outcome = validate(self.context.instrument, self.fields, self.facts)
        if outcome.end:
            return self.end_page(outcome.end)
        if not self.wave.takes_answers and not self.code:
            return self.late_page()
        if outcome.submission is None:
            return self.wrong_page(outcome.errors)
        return self.checked(outcome.submission)

    def checked(self, submission: Submission) -> HttpResponse:
        if not self.code:
            return self.check_page(submission, receipts.make())
        if not receipts.is_valid(self.code):
            return self.check_page(submission, receipts.make(), wrong_code=True)
        if "switch" in self.fields:
            return self.check_page(submission, self.code)
        return self.send(submission)

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
        parts = form_parts(self.context, view)
        return page(self.request, "survey/form.html", self.prepared.frame, parts, status, view.stylesheet)

    def wrong_page(self, errors: tuple[FieldError, ...]) -> HttpResponse:
        lengths = {item.name: item.max_length for item in self.context.instrument.items}
        told = {error.field: messages.field_error(error.code, lengths.get(error.field, 0)) for error in errors}
        return self.form_page(told, 422)

    def check_page(self, submission: Submission, code: str, wrong_code: bool = False) -> HttpResponse:
        parts = {
            **self.carried(),
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
        parts = {
            "message": messages.changed(self.receipt_page),
            "button": _("Send these as a new answer"),
            "code": receipts.make(),
        }
        return self.returned_page(parts, self.summary(submission), 409)

    def late_page(self) -> HttpResponse:
        """The answers come back in words; if there is a new wave, they can be sent there."""
        open_now = queries.form_context(self.context.slug)
        wave = open_now.wave if open_now else None
        can_send = wave is not None and wave.state == WaveState.OPEN and wave.id != self.wave.id
        parts: dict[str, object] = {"message": messages.late(can_send)}
        if wave and can_send:
            parts |= {"button": _("Look at them and send them to the new wave"), "wave": wave.number}
        return self.returned_page(parts, self.summary(), 410)

    def returned_page(self, parts: Mapping[str, object], summary: Summary, status: int) -> HttpResponse:
        frame = self.prepared.frame.carrying("form" if "button" in parts else "")
        shown = {**self.carried(), "summary": summary, **parts}
        return page(self.request, "survey/returned.html", frame, shown, status)

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
        return summary_of(self.context, self.wave, self.language, self.fields, kept)


def facts_of(wave: queries.WaveInfo, language: Language) -> Facts:
    events = {code: _past_or_announced(state) for code, state in wave.event_states.items()}
    return Facts(language=language.tag, events=events, form=wave.form)


def _past_or_announced(state: str) -> Literal["announced", "past"]:
    return "announced" if state == "announced" else "past"


def summary_of(
    context: queries.FormContext, wave: queries.WaveInfo, language: Language, fields: Fields, kept: Mapping[str, object]
) -> Summary:
    """`kept`: names of the texts that are kept."""
    instrument = context.instrument
    shown = relevance(instrument, fields, facts_of(wave, language))
    catalogue = queries.catalogue(instrument.name, language.tag)
    return summarise(instrument, catalogue, shown, fill_ins(context, language), kept)
