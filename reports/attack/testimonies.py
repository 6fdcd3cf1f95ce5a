"""Tests of what a release says of people's words: numbers of texts, and languages that a quote does not name."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reports.attack.facts import Number
from reports.attack.finding import Finding, finding
from reports.attack.intervals import added, interval
from reports.attack.release import Release
from reports.attack.rules import SMALL, STEP


def texts(releases: Sequence[Release]) -> Finding:
    tried = [one for release in releases for one in _tried(release)]
    found = [where for where, exposed in tried if exposed]
    about = f"Numbers of texts that are exact, or under {SMALL} or told to be; languages told by missing translations."
    return finding("texts", about, len(tried), found)


def _tried(release: Release) -> Iterator[tuple[str, bool]]:
    part = release.bundle.document.get("testimonies") or {}
    for counts in part.get("counts", ()):
        numbers = [row["count"] for row in counts["rows"]]
        for number in numbers:
            yield f"{release.name} {counts['by']}: {number} texts", number is not None and _is_told(number)
        if part["total"] is not None and None in numbers:
            yield f"{release.name} {counts['by']}: the rest", _rest(part["total"], numbers) < SMALL
    for quote in part.get("quotes", ()):
        yield f"{release.name}: a quote without its language", _is_incomplete(quote)


def _is_told(number: Number) -> bool:
    """Zero is said of languages that nobody could choose in some waves."""
    return bool(number % STEP) or 0 < number < SMALL


def _rest(total: Number, numbers: Sequence[Number | None]) -> float:
    """How many texts there can be at most beside those that are counted."""
    least, _ = added(interval(number, True) for number in numbers if number is not None)
    return interval(total, True)[1] - least


def _is_incomplete(quote: Mapping[str, Any]) -> bool:
    """It stands in some languages of the report only, and its own may not be named."""
    asked = set(quote["questions"])
    return quote["language"] is None and any(set(words) != asked for words in quote["words"].values())
