"""Why something is not shown, and how much a report may hold. Each reason has a sentence in every report language."""

from enum import StrEnum


class Reason(StrEnum):
    TOO_FEW_RESPONSES = "too_few_responses"
    TOO_FEW_FOR_OPEN_LINK = "too_few_for_open_link"
    TOO_FEW_ADDED = "too_few_added"
    BELOW_TIER = "below_tier"
    QUESTION_WITHHELD = "question_withheld"
    SMALL_CELLS = "small_cells"
    FULL_CELL = "full_cell"
    SMALL_GROUP = "small_group"
    TOO_FEW_FOR_STATISTIC = "too_few_for_statistic"
    AUDIT_FAILED = "audit_failed"
    DIFFERS_FROM_EARLIER = "differs_from_earlier"
    SMALL_DIFFERENCE = "small_difference"


class Tier(StrEnum):
    """Which tables a report may hold, by the number of responses."""

    ONE_WAY = "one_way"
    HEADLINE = "headline"
    WHOLE = "whole"
