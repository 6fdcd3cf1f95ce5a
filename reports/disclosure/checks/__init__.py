"""One check per file. Each looks at a candidate and at what earlier releases say about its table."""

from collections.abc import Callable, Sequence

from reports.disclosure.candidate import Candidate
from reports.disclosure.checks import differences, full_cell, small_cells
from reports.disclosure.former import Former
from reports.disclosure.reasons import Reason

type Check = Callable[[Candidate, Sequence[Former]], Reason | None]

CHECKS: tuple[Check, ...] = (small_cells.check, full_cell.check, differences.check)
"""In this order; all of them are asked, so that a withheld table gives every reason."""

__all__ = ["CHECKS", "Check"]
