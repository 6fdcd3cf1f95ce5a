"""Sums of unknown numbers of people, each between two numbers, and what follows from all of them together."""

from functools import cached_property
from math import inf

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from reports.attack.intervals import ANY, Interval, both

type Members = NDArray[np.int64]
"""The unknowns that are added."""
type Numbers = NDArray[np.float64]

_SECONDS = 10.0
_SOLVED, _OUT_OF_TIME, _UNBOUNDED = 0, 1, 3


class Inequalities:
    """About `size` unknowns, none of them negative. Learn first, then ask."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._known: dict[tuple[int, ...], Interval] = {}
        self._fitting: dict[bool, list[Numbers]] = {False: [], True: []}
        """Numbers that fit, in whole people and not, as programs found them."""

    def learn(self, members: Members, told: Interval) -> None:
        if told != ANY and len(members):
            key = tuple(np.sort(members).tolist())
            self._known[key] = both(self._known.get(key, ANY), told)

    def propagated(self, members: Members) -> Interval:
        """What adding and subtracting alone tells, repeated until nothing more follows; anything of contradictions."""
        low, high = self._fixed_point
        if (low > high).any():
            return ANY
        listed = self._known.get(tuple(np.sort(members).tolist()), ANY)
        return both(listed, (float(low[members].sum()), float(high[members].sum())))

    def bounds(self, members: Members, whole: bool = False) -> Interval | None:
        """By linear programs, or by integer ones for whole people. None if what is known contradicts itself."""
        aim = np.zeros(self.size)
        aim[members] = 1
        low, high = self._least(aim, whole), self._least(-aim, whole)
        return None if low is None or high is None else (low, -high)

    def seen(self, members: Members, whole: bool = False) -> Interval | None:
        """The least and the most of numbers that are known to fit: the bounds are as wide, or wider. None before any
        program was solved. Programs for one sum answer for many others, too."""
        sums = [float(one[members].sum()) for one in (*self._fitting[True], *(() if whole else self._fitting[False]))]
        return (min(sums), max(sums)) if sums else None

    def _least(self, aim: Numbers, whole: bool) -> float | None:
        found = milp(
            aim,
            constraints=self._constraint,
            bounds=Bounds(0, np.inf),
            integrality=np.full(self.size, int(whole)),
            options={"time_limit": _SECONDS},
        )
        if found.status == _SOLVED and found.x is not None:
            self._fitting[whole].append(found.x)
        if found.status == _OUT_OF_TIME or found.status == _UNBOUNDED:
            return -inf if found.mip_dual_bound is None else float(found.mip_dual_bound)
        return None if found.status != _SOLVED or found.fun is None else round(float(found.fun), 6)

    @cached_property
    def _constraint(self) -> LinearConstraint:
        lengths = [len(key) for key in self._known]
        columns = np.fromiter((member for key in self._known for member in key), np.int64)
        rows = np.repeat(np.arange(len(lengths)), lengths)
        matrix = csr_array((np.ones(len(columns)), (rows, columns)), shape=(len(lengths), self.size))
        return LinearConstraint(matrix, *np.reshape(list(self._known.values()), (len(lengths), 2)).T)

    @cached_property
    def _fixed_point(self) -> tuple[Numbers, Numbers]:
        low, high = np.zeros(self.size), np.full(self.size, inf)
        for _ in range(self.size):
            before = low.copy(), high.copy()
            for key, told in self._known.items():
                _tighten(np.array(key), told, low, high)
            is_settled = np.array_equal(before[0], low) and np.array_equal(before[1], high)
            if is_settled or (low > high).any():
                break
        return low, high


def _tighten(members: Members, told: Interval, low: Numbers, high: Numbers) -> None:
    """Each unknown is at least what is left when all others are as large as can be, and the other way round."""
    for member in members:
        others = members[members != member]
        low[member] = max(low[member], told[0] - high[others].sum())
        high[member] = min(high[member], told[1] - low[others].sum())
