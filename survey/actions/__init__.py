"""All writes on surveys and answers."""

from survey.actions.answers import correct, erase, submit
from survey.actions.members import add_member, remove_member
from survey.actions.plain import seal_plain_testimonies
from survey.actions.recoding import recode
from survey.actions.sealing import rewrite_stores, seal_wave
from survey.actions.waves import Details, close_wave, create_survey, create_wave, open_wave

__all__ = [
    "Details",
    "add_member",
    "close_wave",
    "correct",
    "create_survey",
    "create_wave",
    "erase",
    "open_wave",
    "recode",
    "remove_member",
    "rewrite_stores",
    "seal_plain_testimonies",
    "seal_wave",
    "submit",
]
