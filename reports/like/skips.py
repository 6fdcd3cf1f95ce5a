"""Who was not asked.

Variables with the same published number of people not asked are taken to stand behind the same condition, which is
drawn once. Two conditions overlap as the crosstabs say: whoever stands outside one was not asked for either reason.
Options of one question were all kept from those who were not asked the question at all.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations
from statistics import mean

import numpy as np
from numpy.typing import NDArray

from reports.like.margins import Document, Margin, Shares
from reports.like.tree import Pair, information, sample, strongest

type Who = NDArray[np.bool_]


def not_asked(
    document: Document, margins: Mapping[str, Margin], n: int, random: np.random.Generator
) -> Mapping[int, Who]:
    """For each published number of people not asked: who of `n` drawn people that is."""
    everybody = document["n"]
    numbers = sorted({margin.not_asked for margin in margins.values()})
    shares = {number: np.array([everybody - number, number]) / everybody for number in numbers}
    forest = strongest(_pairs(document, margins))
    return {number: places == 1 for number, places in sample(shares, forest, n, random).items()}


def _pairs(document: Document, margins: Mapping[str, Margin]) -> Iterator[Pair[int]]:
    either = defaultdict(list)
    for first, second, number in (*_crossed(document, margins), *_of_one_question(margins)):
        if 0 < first != second > 0:
            either[min(first, second), max(first, second)].append(number)
    for (first, second), numbers in sorted(either.items()):
        joint = _joint(first, second, mean(numbers), document["n"])
        yield Pair(first, second, joint, information(joint))


def _crossed(document: Document, margins: Mapping[str, Margin]) -> Iterator[tuple[int, int, int]]:
    """Not asked the one, the other, either."""
    for table in document["tables"]:
        names = [variable["name"] for variable in table["variables"]]
        if len(names) == 2 and table["visible"] and all(name in margins for name in names):
            first, second = (margins[name].not_asked for name in names)
            yield first, second, table["not_asked"] or 0


def _of_one_question(margins: Mapping[str, Margin]) -> Iterator[tuple[int, int, int]]:
    numbers = defaultdict(set)
    for margin in margins.values():
        numbers[margin.variable.item].add(margin.not_asked)
    for found in numbers.values():
        yield from ((first, second, max(first, second)) for first, second in combinations(sorted(found), 2))


def _joint(first: int, second: int, either: float, n: int) -> Shares:
    """Rows: asked the first, not asked; columns: the same of the second."""
    both = min(max(first + second - either, 0, first + second - n), first, second)
    return np.array([[n - first - second + both, second - both], [first - both, both]]) / n
