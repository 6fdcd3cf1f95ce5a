"""Proportions of rounded counts, with intervals that keep their coverage in spite of the rounding."""

from math import ceil, floor, sqrt

Z95 = 1.959963984540054
"""97.5 % point of the standard normal distribution: two-sided 95 % intervals."""


def percent(count: int, base: int) -> int:
    """Whole per cent, half up. ZeroDivisionError for an empty base."""
    return (200 * count + base) // (2 * base)


def wilson(count: int, base: int, z: float = Z95) -> tuple[float, float]:
    """Score interval of a proportion, as fractions of 1 (Wilson, J. Am. Stat. Assoc. 22, 1927, 209-212)."""
    centre, half = _wilson(count, base, z)
    return max(0.0, centre - half), min(1.0, centre + half)


def widened(count: int, base: int, z: float = Z95) -> tuple[float, float]:
    """Wilson's interval, widened for a count and a base that were both rounded to 5.

    Half width sqrt(h² + z²(2 + 2p²)/n²): a number rounded to 5 is off by -2 .. 2, each as likely: variance 2.
    """
    centre, half = _wilson(count, base, z)
    share = count / base
    half = sqrt(half**2 + z**2 * (2 + 2 * share**2) / base**2)
    return max(0.0, centre - half), min(1.0, centre + half)


def percent_interval(count: int, base: int) -> tuple[int, int]:
    """The widened 95 % interval in whole per cent, rounded outwards."""
    lower, upper = widened(count, base)
    return floor(round(100 * lower, 9)), ceil(round(100 * upper, 9))


def _wilson(count: int, base: int, z: float) -> tuple[float, float]:
    share = count / base
    scale = 1 + z**2 / base
    centre = (share + z**2 / (2 * base)) / scale
    half = z * sqrt(share * (1 - share) / base + z**2 / (4 * base**2)) / scale
    return centre, half
