"""Full cells: a category that holds all, or all but a few, tells what (nearly) everyone in the table answered.

With two possible categories or more this follows from small cells; it stands on its own where structural zeros
leave a single one.
"""

from collections.abc import Sequence

from reports.disclosure.candidate import Candidate
from reports.disclosure.former import Former
from reports.disclosure.reasons import Reason
from reports.disclosure.rules import SMALL


def check(candidate: Candidate, earlier: Sequence[Former]) -> Reason | None:
    full = any(candidate.base - count < SMALL for count in candidate.counts)
    return Reason.FULL_CELL if full else None
