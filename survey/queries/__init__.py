"""All reads of the survey app, and the only door through which reports reach answers."""

from survey.queries.forms import FormContext, WaveInfo, form_context, open_surveys, wave_info
from survey.queries.instruments import (
    all_instruments,
    catalogue,
    codebook,
    codebook_of,
    details_of,
    event_notice,
    event_states_on,
    events,
    help_lines,
    languages_of,
    load,
)
from survey.queries.receipts import StoredAnswers, find_by_receipt, knows_receipt
from survey.queries.responses import (
    SealedWave,
    attendance_band,
    copied_codes,
    count_responses,
    sealed_waves,
    stream_codes,
)
from survey.queries.surveys import SurveyFacts, all_surveys, is_study_member, survey_facts, wording
from survey.queries.testimonies import Quote, TestimonyCounts, counts_of_testimonies, published_quotes
from survey.queries.waves import WaveFacts, waves_for_staff

__all__ = [
    "FormContext",
    "Quote",
    "SealedWave",
    "StoredAnswers",
    "SurveyFacts",
    "TestimonyCounts",
    "WaveFacts",
    "WaveInfo",
    "all_instruments",
    "all_surveys",
    "attendance_band",
    "catalogue",
    "codebook",
    "codebook_of",
    "copied_codes",
    "count_responses",
    "counts_of_testimonies",
    "details_of",
    "event_notice",
    "event_states_on",
    "events",
    "find_by_receipt",
    "form_context",
    "help_lines",
    "is_study_member",
    "knows_receipt",
    "languages_of",
    "load",
    "open_surveys",
    "published_quotes",
    "sealed_waves",
    "stream_codes",
    "survey_facts",
    "wave_info",
    "waves_for_staff",
    "wording",
]
