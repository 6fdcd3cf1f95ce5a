"""Small cells: a category of 0 to 9 people points at them, or says of everyone that they are not in it."""

from collections.abc import Sequence

from reports.disclosure.candidate import Candidate
from reports.disclosure.former import Former
from reports.disclosure.reasons import Reason
from reports.disclosure.rules import SMALL


def check(candidate: Candidate, earlier: Sequence[Former]) -> Reason | None:
    cells = zip(candidate.counts, candidate.possible, strict=True)
    return Reason.SMALL_CELLS if any(possible and count < SMALL for count, possible in cells) else None
