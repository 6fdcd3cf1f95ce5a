"""Who may do what. `check_can_X` raises with the sentence that people read; `can_X` asks, for buttons."""

from survey.permissions.surveys import can_confirm, check_can_administer, check_can_answer, check_can_confirm, refusal
from survey.permissions.testimonies import (
    can_hold_keys,
    can_moderate,
    check_can_hold_keys,
    check_can_judge,
    check_can_moderate,
    check_can_read_moderated,
)

__all__ = [
    "can_confirm",
    "can_hold_keys",
    "can_moderate",
    "check_can_administer",
    "check_can_answer",
    "check_can_confirm",
    "check_can_hold_keys",
    "check_can_judge",
    "check_can_moderate",
    "check_can_read_moderated",
    "refusal",
]
