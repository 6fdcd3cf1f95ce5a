"""Tests of whole records: whether any must exist, and whether protection is more than hiding everything."""

from collections.abc import Iterator, Sequence

from reports.attack.finding import Finding, finding
from reports.attack.intervals import interval
from reports.attack.release import Release
from reports.attack.rules import MOST_HIDDEN_PEOPLE

_ENOUGH = 1000


def reconstruction(releases: Sequence[Release]) -> Finding:
    found = [
        f"{release.name}: {least:g} people must have given the commonest answer to every question"
        for release in releases
        if (least := _certain(release)) >= 1
    ]
    about = "Complete records that are in every set of responses that fits the tables of single questions."
    return finding("reconstruction", about, len(releases), found)


def _certain(release: Release) -> float:
    """People who share the commonest answers at least: N less everybody who can have given another (Bonferroni).

    If the commonest answers need not be shared by anybody, no other combination need be.
    """
    tables = [table for table in release.tables if len(table.variables) == 1 and table.is_shown]
    commonest = [
        max(interval(count, release.rounded)[0] for count in table.counts.values() if count is not None)
        for table in tables
    ]
    return release.n[0] - sum(release.n[1] - count for count in commonest) if tables else 0.0


def blanking(releases: Sequence[Release]) -> Finding:
    judged = [(release, share) for release in releases for share in _hidden(release)]
    found = [f"{release.name}: {share:.0%} of those who answered stand in hidden cells" for release, share in judged]
    beyond = [line for line, (_, share) in zip(found, judged, strict=True) if share > MOST_HIDDEN_PEOPLE]
    about = f"Releases of {_ENOUGH} responses and more that hide more than {MOST_HIDDEN_PEOPLE:.0%} of the people."
    return finding("blanking", about, len(judged), beyond)


def _hidden(release: Release) -> Iterator[float]:
    """Share of people, over all tables, whose cell is not shown. None for a small release."""
    if release.bundle.n is None or release.bundle.n < _ENOUGH:
        return
    hidden = answered = 0.0
    for table in release.tables:
        visible = sum(count for count in table.counts.values() if count is not None)
        outside = sum(table.around.get(name) or 0 for name in ("no_answer", "not_asked"))
        base = max(release.bundle.n - outside, visible) if table.is_shown else release.bundle.n
        answered += base
        hidden += base - visible if None in table.counts.values() else 0
    yield hidden / answered if answered else 0.0
