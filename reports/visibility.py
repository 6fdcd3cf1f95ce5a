"""Who sees which vote, when. Two reviewers judge without knowing what the other thinks."""

from collections.abc import Sequence

from reports.models import Decision

REVIEWS_NEEDED = 2


def is_complete(decisions: Sequence[Decision]) -> bool:
    """Enough decisions of one round are in."""
    return len(decisions) >= REVIEWS_NEEDED


def visible_decisions(decisions: Sequence[Decision], viewer_id: int | None) -> list[Decision]:
    """Of the decisions of one round: all once the round is complete, until then only the viewer's own."""
    if is_complete(decisions):
        return list(decisions)
    return [decision for decision in decisions if decision.reviewer_id == viewer_id]
