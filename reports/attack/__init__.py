"""The attacker: what can be worked out of released bundles by somebody who has nothing else.

    python -m reports.attack BUNDLE [BUNDLE ...] [--json]

A bundle is the ZIP of a release, or a folder with its files. Several are attacked one by one and all together: two
releases of the same waves, releases of waves that lie inside each other, all languages and formats. The rules that it
judges by are those that every report prints, and they are written down here a second time (`rules`): nothing is
shared with the code that protects, so that a mistake in one is not a mistake in both. It needs numpy and scipy only.

What it cannot try: to send answers and to look again (see tests/), and to guess what people know of each other.
"""

from collections.abc import Callable, Sequence

from reports.attack.asked import asked
from reports.attack.bundle import Bundle, UnreadableBundle, read
from reports.attack.counts import exact_counts, full_cells, small_counts, small_groups
from reports.attack.derived import inversion
from reports.attack.files import figures, formats, formulas, traces
from reports.attack.finding import Finding
from reports.attack.hidden import integer_programs, linear_programs, linked_tables, subtraction
from reports.attack.links import linked_answers
from reports.attack.means import means, statistics
from reports.attack.people import blanking, reconstruction
from reports.attack.release import Release
from reports.attack.testimonies import texts
from reports.attack.waves import overlapping_waves, rebuilds, same_waves

TESTS: tuple[Callable[[Sequence[Release]], Finding], ...] = (
    small_counts,
    exact_counts,
    small_groups,
    full_cells,
    subtraction,
    linear_programs,
    integer_programs,
    linked_tables,
    linked_answers,
    asked,
    inversion,
    means,
    formats,
    statistics,
    figures,
    same_waves,
    overlapping_waves,
    rebuilds,
    reconstruction,
    texts,
    traces,
    formulas,
    blanking,
)


def attack(bundles: Sequence[Bundle]) -> list[Finding]:
    """Every test on all bundles together. Raises UnreadableBundle."""
    releases = [Release(bundle) for bundle in bundles]
    return [test(releases) for test in TESTS]


__all__ = ["TESTS", "Bundle", "Finding", "UnreadableBundle", "attack", "read"]
