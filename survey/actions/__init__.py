"""All writes on surveys and answers."""

from survey.actions.answers import correct, erase, submit
from survey.actions.recoding import recode
from survey.actions.sealing import rewrite_stores, seal_wave
from survey.actions.waves import Details, close_wave, create_survey, create_wave, open_wave

__all__ = [
    "Details",
    "close_wave",
    "correct",
    "create_survey",
    "create_wave",
    "erase",
    "open_wave",
    "recode",
    "rewrite_stores",
    "seal_wave",
    "submit",
]
