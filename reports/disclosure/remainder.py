"""Those who are left when published sums are taken from each other.

The mean of everybody less the means of groups gives the mean of those in no group that is shown; a scale's mean less
the means of its rows, of those who left a row out. Whoever attacks is taken to know how many people stand behind each
mean: what stays unknown of the sum of the others is how the means were rounded.
"""

from collections.abc import Iterable

from reports.disclosure.rules import FEWEST_FOR_MEAN, NARROWEST


def half_unit(decimals: int) -> float:
    """So much more or less may lie behind a number with so many decimals."""
    return 0.5 * 10.0**-decimals


def is_open(left: int, behind: Iterable[tuple[int, int]], span: float) -> bool:
    """Whether nothing is told of the mean of the `left` people: they are none or 50, or their sum could lie anywhere
    within what 5 people add who go from the lowest score to the highest, `span` further.

    `behind`: people and decimals of each mean that is added or taken away.
    """
    width = 2 * sum(people * half_unit(decimals) for people, decimals in behind)
    return left == 0 or left >= FEWEST_FOR_MEAN or width >= NARROWEST * span
