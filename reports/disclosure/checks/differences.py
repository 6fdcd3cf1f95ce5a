"""Differences to earlier releases that share waves with this one.

The same waves must say the same: another level of the ladder beside the released one would publish what was joined.
Where releases lie inside each other, what is left of the larger one tells about the other waves alone; it must not
be small either. The counts are rounded, so a difference of at least 10 may be anything from 6 to 14 and more.
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from reports.disclosure.candidate import Candidate
from reports.disclosure.former import Former
from reports.disclosure.reasons import Reason
from reports.disclosure.rules import SMALL
from reports.disclosure.subtraction import Published, exactly, leftovers, table_leftovers

type Outside = Literal["no_answer", "not_asked"]


def check(candidate: Candidate, earlier: Sequence[Former]) -> Reason | None:
    return compare(candidate.published, [former.published for former in earlier])


def compare(now: Published, earlier: Sequence[Published]) -> Reason | None:
    if any(former.waves == now.waves and former.cells != now.cells for former in earlier):
        return Reason.DIFFERS_FROM_EARLIER
    if any(left < SMALL for left in table_leftovers(now, earlier)):
        return Reason.SMALL_DIFFERENCE
    return None


def is_small_beside(count: int | None, waves: Iterable[str], name: Outside, earlier: Sequence[Former]) -> bool:
    """Does a published count outside a table say of a few more or fewer people how many stood there?"""
    if count is None:
        return False
    then = ((former.waves, getattr(former.table, name)) for former in earlier)
    known = [exactly(waves, number) for waves, number in then if number is not None]
    return any(left < SMALL for left in leftovers(exactly(waves, count), known))
