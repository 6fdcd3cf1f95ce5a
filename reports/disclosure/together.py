"""What means and moments of scales in several releases say together."""

from collections.abc import Iterable, Iterator, Sequence

from reports.disclosure.model import Mean, ProtectedCube, ProtectedMoments, ProtectedScale
from reports.disclosure.reasons import Reason
from reports.disclosure.rules import FEWEST_FOR_MEAN, FEWEST_FOR_RELIABILITY, ROUNDING

_FARTHEST = ROUNDING - 1
"""Two counts that were rounded differ by up to this much more or less than their published numbers do."""


def means_conflict(one: ProtectedScale, waves: Sequence[str], others: Sequence[ProtectedCube]) -> Reason | None:
    """Why means of a scale may not appear beside other releases, though they are safe alone.

    On the same waves everything has to be the same: what one release joins or hides could be told from the other. On
    overlapping waves the mean of those whom only one release counts is published too.
    """
    for same, other in _of_the_same(one, waves, _scales(others)):
        if one.categories != other.categories:
            return Reason.DIFFERS_FROM_EARLIER
        for mean, theirs in zip(one.means, other.means, strict=True):
            if same and (mean.mean, mean.sd) != (theirs.mean, theirs.sd):
                return Reason.DIFFERS_FROM_EARLIER
            if not same and _few_between(mean, theirs):
                return Reason.SMALL_DIFFERENCE
    return None


def moments_conflict(one: ProtectedScale, waves: Sequence[str], others: Sequence[ProtectedCube]) -> bool:
    """Whether somebody could compute moments of fewer people than have moments of their own."""
    return any(
        one.moments and other.moments and not same and _close(one.moments.n, other.moments.n, FEWEST_FOR_RELIABILITY)
        for same, other in _of_the_same(one, waves, _scales(others))
    )


def group_moments_conflict(one: ProtectedMoments, waves: Sequence[str], others: Sequence[ProtectedCube]) -> bool:
    """Whether somebody could compute moments of fewer people from those of groups in two releases.

    On the same waves other groups leave others over. On overlapping ones the groups have to be the same, each of them
    and those in none with as many people more or fewer as moments need, or with nobody in none.
    """
    for same, other in _of_the_same(one, waves, _moments(others)):
        if one.categories != other.categories or (same and one.moments != other.moments):
            return True
        sizes = [(mine.n, theirs.n) for mine, theirs in zip(one.moments, other.moments, strict=True)]
        sizes += [(one.rest, other.rest)] if one.rest or other.rest else []
        if not same and any(_close(*pair, FEWEST_FOR_RELIABILITY) for pair in sizes):
            return True
    return False


def _of_the_same[One: (ProtectedScale, ProtectedMoments)](
    one: One, waves: Sequence[str], others: Iterable[tuple[Sequence[str], Sequence[One]]]
) -> Iterator[tuple[bool, One]]:
    """What `others`, each waves and entries, show of the same scale by the same variable, if they share waves.

    With each: whether all waves are the same.
    """
    for theirs, entries in others:
        if set(theirs) & set(waves):
            for other in entries:
                if other.visible and (other.scale, other.by) == (one.scale, one.by):
                    yield set(theirs) == set(waves), other


def _scales(cubes: Sequence[ProtectedCube]) -> Iterator[tuple[Sequence[str], Sequence[ProtectedScale]]]:
    return ((cube.waves, cube.scales) for cube in cubes)


def _moments(cubes: Sequence[ProtectedCube]) -> Iterator[tuple[Sequence[str], Sequence[ProtectedMoments]]]:
    return ((cube.waves, cube.moments) for cube in cubes)


def _few_between(first: Mean, second: Mean) -> bool:
    return first.n is not None and second.n is not None and _close(first.n, second.n, FEWEST_FOR_MEAN)


def _close(first: int, second: int, fewest: int) -> bool:
    return abs(first - second) < fewest + _FARTHEST
