"""Covering design: few groups of variables, so that every wanted table lies inside one of them.

A group is counted once as a histogram over all combinations of its codes, then projected to its tables. One pass
over four to seven columns costs little more than a pass over one, so counting takes several times fewer passes
than one per table. Greedy, deterministic, milliseconds for thousands of pairs.
"""

from collections.abc import Collection, Mapping

CAP = 16_384
"""Largest number of combinations in one group: its histogram stays in the processor's cache."""

type Group = tuple[str, ...]
type Neighbours = dict[str, set[str]]


def cover(cells: Mapping[str, int], pairs: Collection[tuple[str, str]], cap: int = CAP) -> tuple[Group, ...]:
    """Groups of the variables in `cells` (name -> number of cells) that hold every pair, and every variable.

    A pair that alone exceeds `cap` gets a group of its own.
    """
    open_pairs: Neighbours = {name: set() for name in cells}
    for first, second in pairs:
        open_pairs[first].add(second)
        open_pairs[second].add(first)
    groups = []
    for name in sorted(cells, key=lambda one: (-len(open_pairs[one]), one)):
        while open_pairs[name]:
            groups.append(_group(name, cells, open_pairs, cap))
    covered = {name for group in groups for name in group}
    rest = {name: size for name, size in cells.items() if name not in covered}
    return (*groups, *_pack(rest, cap))


def _group(seed: str, cells: Mapping[str, int], open_pairs: Neighbours, cap: int) -> Group:
    """Grow a group from `seed`, always by the variable that brings the most pairs not yet held; close those pairs."""
    group = [seed, min(open_pairs[seed], key=lambda one: (-len(open_pairs[one]), one))]
    product = cells[group[0]] * cells[group[1]]
    while choice := _next(group, product, cells, open_pairs, cap):
        group.append(choice)
        product *= cells[choice]
    for name in group:
        open_pairs[name].difference_update(group)
    return tuple(group)


def _next(group: list[str], product: int, cells: Mapping[str, int], open_pairs: Neighbours, cap: int) -> str | None:
    gains: dict[str, int] = {}
    for member in group:
        for name in open_pairs[member]:
            if name not in group and product * cells[name] <= cap:
                gains[name] = gains.get(name, 0) + 1
    return min(gains, key=lambda name: (-gains[name], cells[name], name), default=None)


def _pack(cells: Mapping[str, int], cap: int) -> tuple[Group, ...]:
    """Variables that are only counted alone: first fit, largest first."""
    groups: list[list[str]] = []
    products: list[int] = []
    for name in sorted(cells, key=lambda one: (-cells[one], one)):
        fitting = (index for index, product in enumerate(products) if product * cells[name] <= cap)
        index = next(fitting, None)
        if index is None:
            groups.append([name])
            products.append(cells[name])
        else:
            groups[index].append(name)
            products[index] *= cells[name]
    return tuple(map(tuple, groups))
