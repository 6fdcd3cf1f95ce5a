"""All writes on surveys and answers."""

from survey.actions.answers import correct, erase, submit
from survey.actions.directory import check_help_line, remove_event, remove_help_line, save_event, save_help_line
from survey.actions.forgetting import forget_erasures
from survey.actions.members import add_member, remove_member
from survey.actions.plain import seal_plain_testimonies
from survey.actions.recoding import recode
from survey.actions.sealing import rewrite_stores, seal_wave
from survey.actions.steps import confirm, propose, withdraw
from survey.actions.waves import (
    LONGEST_WAVE,
    Details,
    change_operator,
    change_plan,
    close_wave,
    create_survey,
    create_wave,
    open_wave,
    postpone_sealing,
)

__all__ = [
    "LONGEST_WAVE",
    "Details",
    "add_member",
    "change_operator",
    "change_plan",
    "check_help_line",
    "close_wave",
    "confirm",
    "correct",
    "create_survey",
    "create_wave",
    "erase",
    "forget_erasures",
    "open_wave",
    "postpone_sealing",
    "propose",
    "recode",
    "remove_event",
    "remove_help_line",
    "remove_member",
    "rewrite_stores",
    "save_event",
    "save_help_line",
    "seal_plain_testimonies",
    "seal_wave",
    "submit",
    "withdraw",
]
