"""All reads of the survey app, and the only door through which reports reach answers."""

from survey.queries.directory import (
    Listed,
    forget_directories,
    listed_events,
    listed_help_lines,
    present_directory,
    remembered_directory,
    shipped_directory,
)
from survey.queries.files import all_instruments
from survey.queries.forms import FormContext, WaveInfo, context_of, form_context, open_surveys, wave_info
from survey.queries.instruments import (
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
from survey.queries.proposals import is_ordered, proposals_of, waiting_proposal, waiting_proposals
from survey.queries.receipts import StoredAnswers, find_by_receipt, knows_receipt
from survey.queries.responses import (
    SealedWave,
    attendance_band,
    copied_codes,
    count_responses,
    sealed_waves,
    stream_codes,
)
from survey.queries.surveys import SurveyFacts, all_surveys, is_study_member, members_of, survey_facts, wording
from survey.queries.testimonies import (
    Quote,
    TestimonyCounts,
    counts_of_testimonies,
    moderation_is_finished,
    published_quotes,
)
from survey.queries.waves import WaveFacts, waves_for_staff

__all__ = [
    "FormContext",
    "Listed",
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
    "context_of",
    "copied_codes",
    "count_responses",
    "counts_of_testimonies",
    "details_of",
    "event_notice",
    "event_states_on",
    "events",
    "find_by_receipt",
    "forget_directories",
    "form_context",
    "help_lines",
    "is_ordered",
    "is_study_member",
    "knows_receipt",
    "languages_of",
    "listed_events",
    "listed_help_lines",
    "load",
    "members_of",
    "moderation_is_finished",
    "open_surveys",
    "present_directory",
    "proposals_of",
    "published_quotes",
    "remembered_directory",
    "sealed_waves",
    "shipped_directory",
    "stream_codes",
    "survey_facts",
    "waiting_proposal",
    "waiting_proposals",
    "wave_info",
    "waves_for_staff",
    "wording",
]
