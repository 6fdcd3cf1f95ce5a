"""Other ways to join the codes of a ladder: in two, where none of its levels does.

The levels of a ladder join in one way only. Where the last of them leaves a group of few people, another cut of the
same answers may not: `low | middle or high` where nearly all are low. Which cuts there are is declared with the ladder,
and a split has no names of its own: it is called by what it joins.
"""

from collections.abc import Iterator

from survey.instrument.schema import Code, Group, Ladder, Level

type Codes = tuple[Code, ...]


def splits(ladder: Ladder) -> Iterator[Level]:
    """Levels of two groups each, none of them twice or among the levels of the ladder."""
    known = {_parts(level) for level in ladder.levels}
    for level in (*_cuts(ladder), *_apart(ladder)):
        if _parts(level) not in known:
            known.add(_parts(level))
            yield level


def names(group: Group, ladder: Ladder) -> tuple[Group, ...]:
    """Groups whose names, joined by "or", tell what a split joins: itself if a level names it, else those of the first
    level and the codes between them."""
    if any({*group.codes} == {*one.codes} for one in _groups(ladder)):
        return tuple(one for one in _groups(ladder) if {*group.codes} == {*one.codes})[:1]
    inside = [one for one in ladder.levels[0].groups if {*one.codes} <= {*group.codes}]
    held = {code: one for one in inside for code in one.codes}
    return tuple(dict.fromkeys(held.get(code, Group((code,))) for code in group.codes))


def _cuts(ladder: Ladder) -> Iterator[Level]:
    for place in range(1, len(ladder.cuts)):
        yield _split(ladder.cuts[:place], ladder.cuts[place:], ladder)


def _apart(ladder: Ladder) -> Iterator[Level]:
    for group in _groups(ladder):
        rest = tuple(code for code in ladder.apart if code not in group.codes)
        if rest and {*group.codes} < {*ladder.apart}:
            yield _split(group.codes, rest, ladder)


def _split(one: Codes, other: Codes, ladder: Ladder) -> Level:
    every = (code for group in ladder.levels[0].groups for code in group.codes)
    left = [*every, *ladder.levels[0].out]
    return Level((Group(one), Group(other)), tuple(code for code in left if code not in (*one, *other)))


def _groups(ladder: Ladder) -> Iterator[Group]:
    for level in ladder.levels:
        yield from level.groups


def _parts(level: Level) -> frozenset[frozenset[Code]]:
    return frozenset(frozenset(group.codes) for group in level.groups)
