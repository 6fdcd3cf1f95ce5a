"""A form that replaces what is stored under its receipt code: told apart by its field `correct`.

A program, or the script of the page, sends it and is done. Without script the button of the form says `look`, and a
page in between says what is going to be replaced; that page is known by its field `checked`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.http import HttpRequest, HttpResponse

from survey import queries
from survey.actions import correct
from survey.enums import CorrectResult
from survey.instrument.validate import Facts, Submission, fields_from
from survey.pages import documents, messages
from survey.pages.frame import survey_frame
from survey.pages.languages import Language
from survey.pages.posted import Posted, facts_of
from survey.pages.requests import Fields
from survey.pages.responses import page
from survey.pages.sent import sent_page


@dataclass(frozen=True)
class Correction(Posted):
    stored: queries.StoredAnswers

    @cached_property
    def facts(self) -> Facts:
        """What was measured when the answers were first sent stays as it was."""
        answers = self.stored.submission.answers
        facts = facts_of(self.wave, self.language)
        return replace(facts, unproven=answers["unproven"] == 1, fast=str(answers["fast"]))

    @property
    def is_over(self) -> bool:
        """As long as the answers are found, their wave is not sealed, and they can be corrected."""
        return False

    @property
    def goes_back(self) -> bool:
        return "edit" in self.fields or ("switch" in self.fields and "checked" not in self.fields)

    @property
    def marks(self) -> Mapping[str, object]:
        return {"correcting": self.code}

    def checked(self, submission: Submission) -> HttpResponse:
        if "look" in self.fields or "switch" in self.fields:
            return self.check_page(submission, self.code)
        return self.send(submission)

    def send(self, submission: Submission) -> HttpResponse:
        match correct(self.wave.id, self.context.slug, self.language.tag, submission, self.code):
            case CorrectResult.CORRECTED:
                return sent_page(self.request, self.context, self.language, submission, self.code, corrected=True)
            case CorrectResult.ERASED | CorrectResult.UNKNOWN:
                return self.overtaken()

    def overtaken(self) -> HttpResponse:
        """Erased or sealed since they were looked up."""
        now = queries.form_context(self.context.slug, self.wave.number)
        wave = now.wave if now and now.wave else self.wave
        return Posted(self.request, self.language, self.prepared, wave, self.fields).nothing_to_correct()

    def end_page(self, end: str) -> HttpResponse:
        """An answer that would have ended the survey changes nothing by itself: it is said, and erasing is offered."""
        frame = survey_frame(self.context, self.language, f"s/{self.context.slug}/").carrying("form")
        parts = {**self.carried(), **self.marks, "message": messages.unchanged(), "code": self.code}
        return page(self.request, "survey/unchanged.html", frame, parts)


def correct_form(request: HttpRequest, language: Language, stored: queries.StoredAnswers, code: str) -> HttpResponse:
    """The form, filled in with what is stored."""
    fields: Fields = {**fields_from(stored.context.instrument, stored.submission), "receipt": [code]}
    prepared = documents.prepare(stored.context, language)
    return Correction(request, language, prepared, stored.wave, fields, stored).form_page()
