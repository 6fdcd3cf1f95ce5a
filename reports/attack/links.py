"""Tests by somebody who knows the questionnaire: answers of which one follows from another.

What follows from what is written down here by hand, from the words of `mris`; names that a release lacks are passed
over.
"""

from collections.abc import Iterator, Mapping, Sequence

from reports.attack.facts import Category, Place, Table
from reports.attack.finding import Finding, finding
from reports.attack.intervals import interval
from reports.attack.release import Pool, Release, pools
from reports.attack.rules import SMALL

type Follows = Mapping[tuple[str, str], Mapping[str, frozenset[str]]]
"""By two questions: an answer to the first, and those to the second of which one is given with it."""

_ROLES = (*range(1, 15), 90)
_TOOLS, _BONDS = (1, 2, 3, 4, 5), (6, 7, 8, 9, 10, 11, 14)
_EVENTS = range(1, 10)
_COLLECTIVE = (1, 2, 4, 5, 9)
_NOT_TICKED, _TICKED = frozenset({"0"}), frozenset({"1"})

NONE_OF_THESE: Mapping[str, Sequence[str]] = {
    f"{name}_{none:02d}": [f"{name}_{code:02d}" for code in (*range(1, last + 1), *others)]
    for name, last, none, others in (
        ("keep", 6, 0, ()),
        ("rit", 7, 0, ()),
        ("evt", 9, 0, ()),
        ("lost", 11, 0, ()),
        ("act", 15, 0, ()),
        ("arch", 6, 0, ()),
        ("cop", 9, 0, (10,)),
        ("cop", 9, 10, (0,)),
    )
}
"""Options that exclude others: whoever did not choose the one ticked some of these."""

_OF_SOME = {f"evt_{event:02d}" for event in range(1, 7)} | {"lost_06", *(f"act_{act:02d}" for act in (3, 4, 5, 9, 13))}
"""Options that are not offered to everybody whom their question is asked."""

FOLLOWS: Follows = {
    **{("role_main", f"role_{role:02d}"): {str(role): _TICKED} for role in _ROLES},
    **{("evt_main", f"evt_{event:02d}"): {str(event): _TICKED} for event in _EVENTS},
    **{(f"role_{role:02d}", "role_group"): {"1": frozenset("12")} for role in _TOOLS},
    **{(f"role_{role:02d}", "role_group"): {"1": frozenset("23")} for role in _BONDS},
    **{(f"act_{act:02d}", "act_coll"): {"1": _TICKED} for act in _COLLECTIVE},
    **{
        (none, option): {"1": _NOT_TICKED}
        for none, options in NONE_OF_THESE.items()
        for option in options
        if option not in _OF_SOME
    },
    ("unproven", "flagged"): {"1": _TICKED},
    ("straight", "flagged"): {"1": _TICKED},
    ("fast", "flagged"): {"yes": _TICKED},
}


def linked_answers(releases: Sequence[Release]) -> Finding:
    tried = [one for pool in pools(releases) for one in _tried(pool)]
    found = [f"{where}: {most:g} at most" for where, most in tried if most < SMALL]
    about = f"Fewer than {SMALL} people who gave an answer without another from which it follows."
    return finding("linked_answers", about, len(tried), found)


def _tried(pool: Pool) -> Iterator[tuple[str, float]]:
    """Where, and how many people there can be at most."""
    for (name, other), needed in FOLLOWS.items():
        for first, second in _tables(pool, name, other):
            for place in first.counts:
                answer = place[first.variables.index(name)]
                if answer <= needed.keys() and first.counts[place] is not None:
                    need = frozenset[str]().union(*(needed[code] for code in answer))
                    most = _most(second, other, need, _rest(first, name, place), pool)
                    if most is not None:
                        least = interval(first.counts[place], pool.rounded)[0]
                        yield f"{first.id} [{' '.join(sorted(answer))}] in {second.id}", most - least


def _tables(pool: Pool, name: str, other: str) -> Iterator[tuple[Table, Table]]:
    """Of both answers, alone or by the same third question."""
    for variables, tables in pool.by_variables.items():
        if name in variables and other not in variables:
            for second in pool.by_variables.get(variables - {name} | {other}, ()):
                yield from ((first, second) for first in tables)


def _rest(table: Table, name: str, place: Place) -> Category | None:
    """The category of the third question."""
    others = [category for one, category in zip(table.variables, place, strict=True) if one != name]
    return others[0] if others else None


def _most(table: Table, other: str, need: Category, group: Category | None, pool: Pool) -> float | None:
    """How many gave a needed answer at most; None if the table does not tell, or everybody did."""
    at = table.variables.index(other)
    held = {category for category in table.categories(at) if category & need}
    places = [place for place in table.counts if place[at] in held and _rest(table, other, place) == group]
    counts = [table.counts[place] for place in places]
    if not counts or None in counts or held == {*table.categories(at)}:
        return None
    return sum(interval(count, pool.rounded)[1] for count in counts)
