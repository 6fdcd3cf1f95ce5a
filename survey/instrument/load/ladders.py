"""Coarsening ladders: nested levels of named groups, other ways to split, and whether they fit their variables."""

from collections.abc import Mapping

from survey.instrument.load.reader import Table, Value
from survey.instrument.load.scope import LAST, LadderUser, Scope
from survey.instrument.schema import Code, Group, Ladder, Level, Text

type Labels = tuple[tuple[str, Text], ...]
type Codes = tuple[Code, ...]


def read_ladders(scope: Scope, section: Value) -> dict[str, Ladder]:
    scope.at = LAST
    ladders: dict[str, Ladder] = {}
    for key, value in section.pairs():
        with scope.problems:
            ladders[key.name()] = _ladder(scope, key.name(), value.of(f"ladder {key.text()}"))
    return ladders


def _ladder(scope: Scope, name: str, value: Value) -> Ladder:
    """A list of levels, or a table of them and of the codes that may be split in two another way."""
    if not value.is_table:
        return Ladder(name, _levels(scope, name, value))
    table = value.table({"levels", "cuts", "apart"})
    ladder = Ladder(name, _levels(scope, name, table.need("levels")), _split(table, "cuts"), _split(table, "apart"))
    _refuse_unknown_codes(table, ladder)
    return ladder


def _split(table: Table, key: str) -> Codes:
    return table.entries[key].codes() if key in table else ()


def _refuse_unknown_codes(table: Table, ladder: Ladder) -> None:
    """Every code of a split stands in the levels; what a split leaves out is out of one of them, too."""
    levels = [{*_all_codes(level)} for level in ladder.levels]
    outs = {frozenset(level.out) for level in ladder.levels} | {frozenset[Code]()}
    for key, codes in (("cuts", ladder.cuts), ("apart", ladder.apart)):
        if codes and (not levels or not {*codes} <= levels[0] or frozenset(levels[0] - {*codes}) not in outs):
            raise table.entries[key].error("other codes than those of the levels, or other ones left out")


def _levels(scope: Scope, name: str, value: Value) -> tuple[Level, ...]:
    named: dict[Codes, Labels] = {}
    levels: list[Level] = []
    for number, entry in enumerate(value.list(), 1):
        level = _level(scope, name, number, entry, named)
        _refuse_overlap(entry, level)
        if levels:
            _refuse_torn_groups(entry, levels[-1], level)
        levels.append(level)
    return tuple(levels)


def _level(scope: Scope, name: str, number: int, value: Value, named: dict[Codes, Labels]) -> Level:
    groups: list[Group] = []
    out: Codes = ()
    note: Text | None = None
    for key, entry in value.pairs():
        if key.text() == "out":
            out = entry.codes()
        elif key.text() == "note":
            note = scope.text(f"ladder.{name}.{number}.note", entry)
        else:
            groups.append(_group(scope, f"ladder.{name}.{number}", key, entry, named))
    return Level(tuple(groups), out, note)


def _group(scope: Scope, level: str, key: Value, value: Value, named: dict[Codes, Labels]) -> Group:
    """A group without a name keeps the one that the same codes had on an earlier level."""
    codes = key.codes()
    if not value.is_empty:
        named[codes] = _labels(scope, f"{level}.{'+'.join(map(str, codes))}", value)
    return Group(codes, named.get(codes, ()))


def _labels(scope: Scope, key: str, value: Value) -> Labels:
    """A name, or `default` and the names that single questions give to the group."""
    if not value.is_table:
        return (("", scope.text(key, value)),)
    table = value.table({"default", "items"})
    special = [(item.name(), scope.text(f"{key}.{item.text()}", name)) for item, name in table.need("items").pairs()]
    return (*special, ("", scope.text(key, table.need("default"))))


def _refuse_overlap(value: Value, level: Level) -> None:
    codes = _all_codes(level)
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise value.error(f"{_listed(twice)} in two groups of one level")


def _refuse_torn_groups(value: Value, before: Level, level: Level) -> None:
    """Each group, and `out`, holds whole groups of the level before; what was out stays out."""
    if {*_all_codes(level)} != {*_all_codes(before)}:
        raise value.error("this level and the one before do not have the same codes")
    sides = [{*group.codes} for group in level.groups] + [{*level.out}]
    for group in before.groups:
        if not any(side.issuperset(group.codes) for side in sides):
            raise value.error(f"{_listed(group.codes)} stood together on the level before and are torn apart here")
    if not {*level.out}.issuperset(before.out):
        raise value.error(f"{_listed(before.out)} were out on the level before and cannot come back")


def check_users(scope: Scope, ladders: Mapping[str, Ladder]) -> None:
    for user in scope.ladder_users:
        with scope.problems:
            if user.ladder not in ladders:
                raise user.value.of(user.name).error(f"there is no ladder {user.ladder!r}")
            for level in ladders[user.ladder].levels:
                _refuse_misfit(user, level)


def _refuse_misfit(user: LadderUser, level: Level) -> None:
    missing, unknown = {*user.codes} - {*_all_codes(level)}, {*_all_codes(level)} - {*user.codes}
    if missing:
        raise user.value.of(user.name).error(f"the ladder {user.ladder!r} leaves out {_listed(missing)}")
    if unknown:
        raise user.value.of(user.name).error(f"the ladder {user.ladder!r} has {_listed(unknown)}, which no answer has")


def _all_codes(level: Level) -> list[Code]:
    return [code for group in level.groups for code in group.codes] + [*level.out]


def _listed(codes: set[Code] | Codes) -> str:
    return " ".join(sorted(map(str, codes)))
