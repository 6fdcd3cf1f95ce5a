"""What a published mean and standard deviation say about how many people have each score.

Mean and deviation are known to half a unit of their last decimal, and the number of people to its rounding. Every
distribution of whole scores that fits satisfies linear inequalities in the counts, so linear programs bound each
count: with m the published mean, h half a unit of it, s and t the same for the deviation,

    |sum (v - m) c| <= h sum c     and     (s - t)² (sum c - 1) <= sum (v - m)² c <= ((s + t)² + h²) sum c.

The second follows from sum (v - x)² c = sum (v - m)² c - (x - m)² sum c for the exact mean x. A variance that is
published itself takes the place of (s - t)² and (s + t)².
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from reports.disclosure.bounds import Interval
from reports.disclosure.rules import NARROWEST, ROUNDING, SMALL

_OFF = ROUNDING // 2
_INFEASIBLE = 2

type Row = NDArray[np.float64]
type Places = Sequence[int]
"""Places of scores in `Claim.values`."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What is published of `n` people (rounded), each with one of `values`."""

    values: Sequence[float]
    n: int
    mean: float
    half: float
    """The mean is known to so much more or less."""
    least_variance: float
    most_variance: float


@dataclass(frozen=True, slots=True)
class Known:
    """What is known beside it: how many have one of these scores, at least and at most."""

    places: Places
    least: float
    most: float


def of_deviation(values: Sequence[float], n: int, mean: float, sd: float, decimals: int) -> Claim:
    """A mean and a standard deviation, each with so many decimals."""
    half = 0.5 * 10.0**-decimals
    return Claim(values, n, mean, half, max(sd - half, 0.0) ** 2, (sd + half) ** 2)


def of_variance(values: Sequence[float], n: int, mean: float, variance: float, decimals: int) -> Claim:
    """A mean and a variance, each with so many decimals."""
    half = 0.5 * 10.0**-decimals
    return Claim(values, n, mean, half, max(variance - half, 0.0), variance + half)


def count_known(places: Places, count: int) -> Known:
    """A published, rounded count of just these people."""
    return Known(places, count - _OFF, count + _OFF)


def is_safe(claim: Claim, hidden: Sequence[Places], known: Sequence[Known] = ()) -> bool:
    """Whether it cannot be told how few people have one of the scores of each hidden group.

    What contradicts what is known cannot be audited, and is not safe.
    """
    system = _System.of(claim, known)
    try:  # Where nothing is hidden, a contradiction would not be noticed: everybody is asked for.
        return all(map(system.is_open, hidden)) if hidden else system.reaches(range(len(claim.values)), SMALL)
    except ValueError:
        return False


def is_spread(claim: Claim, shown: Sequence[Places], known: Sequence[Known] = ()) -> bool:
    """Whether it cannot be told that all but a few people of a shown group have the same score.

    The mean and the deviation force people to an end of their group, or to the score next to the mean, where they are
    as large or as small as the group's count allows.
    """
    others = [
        [place for place in places if place != one]
        for places in shown
        for one in {places[0], places[-1], min(places, key=lambda place: abs(claim.values[place] - claim.mean))}
        if len(places) > 1
    ]
    system = _System.of(claim, known)
    try:
        return all(system.reaches(places, SMALL) for places in others)
    except ValueError:
        return False


def told(claim: Claim, groups: Sequence[Places], known: Sequence[Known] = ()) -> Iterator[Interval]:
    """Bounds of how many people have a score of each group. Raises ValueError if no distribution fits."""
    system = _System.of(claim, known)
    return map(system.interval, groups)


@dataclass(frozen=True, slots=True)
class _System:
    """Every distribution of scores that fits, as linear inequalities. Raises ValueError if none does."""

    matrix: NDArray[np.float64]
    right: Row
    found: list[Row]
    """Some of them: one that reaches a bound answers for other groups, too, and a program less is solved."""

    @classmethod
    def of(cls, claim: Claim, known: Sequence[Known]) -> "_System":
        rows, limits = inequalities(claim, known)
        return cls(np.array(rows), np.array(limits), [])

    def interval(self, places: Places) -> Interval:
        return Interval(self._extreme(places, 1), self._extreme(places, -1))

    def is_open(self, places: Places) -> bool:
        """Whether the people in these places may be many, and their number is not told closely."""
        sums = self._sums(places)
        if sums and max(sums) >= SMALL and max(sums) - min(sums) >= NARROWEST:
            return True
        one = self.interval(places)
        return one.most >= SMALL and one.width >= NARROWEST

    def reaches(self, places: Places, people: int) -> bool:
        """Whether there may be so many people in these places."""
        return max(self._sums(places), default=0) >= people or self._extreme(places, -1) >= people

    def _sums(self, places: Places) -> list[float]:
        return [float(one[list(places)].sum()) for one in self.found]

    def _extreme(self, places: Places, sign: int) -> float:
        """The fewest (1) or the most (-1) people in these places."""
        aim = _members(places, self.matrix.shape[1])
        best = scipy.optimize.linprog(sign * aim, A_ub=self.matrix, b_ub=self.right, method="highs")
        if best.status == _INFEASIBLE or best.x is None or best.fun is None:
            raise ValueError("no distribution has this mean and standard deviation")
        self.found.append(best.x)
        return sign * float(best.fun)


def _members(places: Places, size: int) -> Row:
    """1 for each of these places."""
    row = np.zeros(size)
    row[list(places)] = 1
    return row


def _moments(claim: Claim) -> tuple[list[Row], list[float]]:
    """Rows of coefficients, each at most its limit when multiplied with the counts."""
    away = np.array(claim.values, np.float64) - claim.mean
    least, most = claim.least_variance, claim.most_variance + claim.half**2
    return [away - claim.half, -away - claim.half, least - away**2, away**2 - most], [0.0, 0.0, least, 0.0]


def inequalities(claim: Claim, known: Sequence[Known] = ()) -> tuple[list[Row], list[float]]:
    """All that is known of the counts, `known` beside the claim: rows of coefficients, and their limits."""
    rows, limits = _moments(claim)
    everybody = Known(range(len(claim.values)), claim.n - _OFF, claim.n + _OFF)
    for one in (everybody, *known):
        member = _members(one.places, len(claim.values))
        rows, limits = [*rows, member, -member], [*limits, one.most, -one.least]
    return rows, limits
