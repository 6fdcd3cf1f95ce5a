"""Measures of two-way tables of counts, and correction for many tests."""

from collections.abc import Sequence
from math import exp, log, sqrt
from typing import NamedTuple

from scipy.special import ndtr

from reports.estimate.proportions import Z95


class Trend(NamedTuple):
    z: float
    p: float


class Odds(NamedTuple):
    ratio: float
    lower: float
    upper: float
    p: float


def trend(events: Sequence[int], totals: Sequence[int]) -> Trend | None:
    """Cochran-Armitage test with scores 0, 1, 2 ..; two-sided. None where all or none had the event.

    Armitage, Biometrics 11, 1955, 375-386.
    """
    n, happened = sum(totals), sum(events)
    if not 0 < happened < n:
        return None
    share = happened / n
    centre = sum(score * total for score, total in enumerate(totals)) / n
    spread = sum(total * (score - centre) ** 2 for score, total in enumerate(totals))
    if not spread:
        return None
    z = sum((score - centre) * count for score, count in enumerate(events)) / sqrt(share * (1 - share) * spread)
    return Trend(z, 2 * float(ndtr(-abs(z))))


def odds_ratio(a: int, b: int, c: int, d: int) -> Odds | None:
    """(a / b) / (c / d) with Woolf's interval (Ann. Hum. Genet. 19, 1955, 251-253). None where a count is zero."""
    if not all((a, b, c, d)):
        return None
    centre, error = log(a * d / (b * c)), sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    p = 2 * float(ndtr(-abs(centre) / error))
    return Odds(exp(centre), exp(centre - Z95 * error), exp(centre + Z95 * error), p)


def holm(values: Sequence[float]) -> list[float]:
    """p values corrected for their number (Holm, Scand. J. Stat. 6, 1979, 65-70), in the order given."""
    corrected, largest = [0.0] * len(values), 0.0
    for rank, at in enumerate(sorted(range(len(values)), key=values.__getitem__)):
        largest = max(largest, min(1.0, (len(values) - rank) * values[at]))
        corrected[at] = largest
    return corrected
