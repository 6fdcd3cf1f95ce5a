"""Differences to earlier releases that share waves with this one.

The same waves must say the same: another level of the ladder beside the released one would publish what was joined.
Where some waves were added, the difference of two published counts tells about the added people alone; it must not
be small either. Both counts are rounded, so a difference of at least 10 may be anything from 6 to 14 and more.
"""

from collections.abc import Iterator, Sequence

from reports.disclosure.candidate import Candidate, Former
from reports.disclosure.reasons import Reason
from reports.disclosure.rules import SMALL, rounded
from survey.instrument.schema import Code

type Cells = dict[frozenset[Code], int]


def check(candidate: Candidate, earlier: Sequence[Former]) -> Reason | None:
    now = _cells(candidate.categories, tuple(map(rounded, candidate.counts)))
    for former in earlier:
        then = _cells(former.table.categories[0], former.table.counts)
        if former.same_waves and now != then:
            return Reason.DIFFERS_FROM_EARLIER
        if not former.same_waves and any(abs(difference) < SMALL for difference in _differences(now, then)):
            return Reason.SMALL_DIFFERENCE
    return None


def _cells(categories: Sequence[tuple[Code, ...]], counts: Sequence[int | None]) -> Cells:
    return {frozenset(codes): count or 0 for codes, count in zip(categories, counts, strict=True)}


def _differences(now: Cells, then: Cells) -> Iterator[int]:
    """The differences of all cells that one release has and that sums of the other's cells give."""
    for coarse, fine, sign in ((now, then, 1), (then, now, -1)):
        for codes, count in coarse.items():
            parts = [part for part in fine if part <= codes]
            if frozenset[Code]().union(*parts) == codes:
                yield sign * (count - sum(fine[part] for part in parts))
