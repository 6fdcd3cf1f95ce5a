"""Drawing many variables so that some pairs of them go together: along a tree of the strongest pairs.

C. K. Chow, C. N. Liu: Approximating discrete probability distributions with dependence trees. IEEE Transactions on
Information Theory 14 (1968) 462–467. Of all trees, the one with the greatest sum of mutual information comes nearest.
"""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

type Shares = NDArray[np.float64]
type Places = NDArray[np.intp]
"""For every person the place of a category."""


@dataclass(frozen=True, slots=True, eq=False)
class Pair[Name: Hashable]:
    """How two variables go together. `joint`: shares, a row for each category of `first`; they sum to 1."""

    first: Name
    second: Name
    joint: Shares
    strength: float

    def seen_from(self, name: Name) -> tuple[Name, Shares]:
        """The other variable, and the joint shares with a row for each category of `name`."""
        return (self.second, self.joint) if name == self.first else (self.first, self.joint.T)


def information(joint: Shares) -> float:
    """Mutual information in nats of shares that sum to 1."""
    apart = np.outer(joint.sum(axis=1), joint.sum(axis=0))
    some = joint > 0
    return float((joint[some] * np.log(joint[some] / apart[some])).sum())


def strongest[Name: Hashable](pairs: Iterable[Pair[Name]]) -> list[Pair[Name]]:
    """The pairs of a spanning forest with the greatest sum of strengths (Kruskal); the earlier of two equal ones."""
    group: dict[Name, Name] = {}

    def root(name: Name) -> Name:
        while group.setdefault(name, name) != name:
            name = group[name]
        return name

    kept = []
    for pair in sorted(pairs, key=lambda one: -one.strength):
        first, second = root(pair.first), root(pair.second)
        if first != second:
            group[second] = first
            kept.append(pair)
    return kept


def sample[Name: Hashable](
    shares: Mapping[Name, Shares], forest: Iterable[Pair[Name]], n: int, random: np.random.Generator
) -> dict[Name, Places]:
    """`n` people: for every variable the place of their category. Those in no pair are drawn by themselves."""
    drawn: dict[Name, Places] = {}
    for name, parent, joint in _walk(shares, list(forest)):
        chance = random.random(n)
        if parent is None or joint is None:
            drawn[name] = _places(shares[name], chance)
        else:
            drawn[name] = _given(drawn[parent], joint, shares[name], chance)
    return drawn


def _walk[Name: Hashable](
    names: Iterable[Name], forest: list[Pair[Name]]
) -> Iterator[tuple[Name, Name | None, Shares | None]]:
    """Every variable after the one that it depends on, with their joint shares (rows: those of the other)."""
    waiting: list[tuple[Name, Name | None, Shares | None]] = [(name, None, None) for name in reversed(list(names))]
    done: set[Name] = set()
    while waiting:
        name, parent, joint = waiting.pop()
        if name in done:
            continue
        done.add(name)
        yield name, parent, joint
        around = [pair.seen_from(name) for pair in forest if name in (pair.first, pair.second)]
        waiting += [(other, name, seen) for other, seen in reversed(around) if other not in done]


def _given(parent: Places, joint: Shares, alone: Shares, chance: Shares) -> Places:
    places = np.zeros(len(parent), np.intp)
    for place, row in enumerate(joint):
        who = parent == place
        places[who] = _places(row if row.sum() > 0 else alone, chance[who])
    return places


def _places(shares: Shares, chance: Shares) -> Places:
    """`chance` lies in [0, 1); a category with no share is never drawn."""
    ends = np.cumsum(shares)
    return np.searchsorted(ends / ends[-1], chance, side="right")
