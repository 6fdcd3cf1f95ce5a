"""Tests by somebody who reads in the questionnaire who is asked what: a question for those who lost their model counts
them, whatever the table of what happened joins; and options that add up to all who chose any were ticked one at a time.

As in `links`, what is asked of whom is written down here by hand, from the words of `mris`.
"""

from collections.abc import Iterator, Mapping, Sequence
from re import fullmatch

import numpy as np

from reports.attack.facts import Category, Number, Table
from reports.attack.finding import Finding, finding
from reports.attack.inequalities import Inequalities, Members
from reports.attack.intervals import Interval, added, both, interval
from reports.attack.links import NONE_OF_THESE
from reports.attack.release import Pool, Release, pools
from reports.attack.rules import SMALL

_EARLIER, _CODES = "elig", ("1", "2", "3", "0")
_ASKED: Mapping[str, tuple[frozenset[str], bool]] = {
    r"evt_0[7890]|lost_(?!06)\d\d|cho_.*|CHO|act_(?!03|04|05|09|13)\d\d|mig|arch_\d\d": (frozenset("123"), True),
    r"evt_0[1-6]|evt_main|learn|notice|bye|lost_06|act_(03|04|05|09|13)|mig_same": (frozenset("123"), False),
    r"gri_.*|GRI|imp|rec_.*|REC|cop_\d\d": (frozenset("12"), False),
    r"ant_.*|ANT": (frozenset("3"), False),
}
"""By names: with which answers to the earlier question they are asked; whether all who gave these are asked."""

_NOT_SHOWN: Interval = (0.0, SMALL - 1.0)
_UNKNOWN: Interval = (0.0, np.inf)


def asked(releases: Sequence[Release]) -> Finding:
    tried = [one for pool in pools(releases) for one in (*_pieces(pool), *_twice(pool))]
    found = [f"{where}: {most:g} at most" for where, most in tried if most < SMALL]
    about = f"Fewer than {SMALL} people told by whom a question was asked, or by options that nobody combines."
    return finding("asked", about, len(tried), found)


def _pieces(pool: Pool) -> Iterator[tuple[str, float]]:
    """Parts of a category, or of those whom a question was asked, and how many people there can be at most."""
    numbers = [(codes, every, told) for name, told in _numbers(pool) for codes, every in _asked_of(name)]
    tables = pool.by_variables.get(frozenset({_EARLIER}), [])
    wholes = {codes for codes, every, _ in numbers if every}
    wholes |= {category for table in tables if table.is_shown for category in table.categories(0)}
    known = Inequalities(len(_CODES) + 1)
    for codes, told in _told(pool, tables, numbers).items():
        known.learn(_members(codes), told)
    for piece in {whole & codes for whole in wholes for codes, _, _ in numbers} | {
        whole - codes for whole in wholes for codes, _, _ in numbers
    }:
        if piece and piece not in wholes and (bounds := known.bounds(_members(piece))):
            yield f"{_EARLIER} [{' '.join(sorted(piece))}]", bounds[1]


def _told(
    pool: Pool, tables: list[Table], numbers: list[tuple[Category, bool, Interval]]
) -> Mapping[Category, Interval]:
    """What is published of people who gave one of some answers; "" stands for those who gave none."""
    found: dict[Category, Interval] = {frozenset({*_CODES, ""}): pool.n}
    for codes, every, told in numbers:
        found[codes] = both(found.get(codes, _UNKNOWN), told if every else (told[0], np.inf))
    for table in tables:
        for (category,), count in table.counts.items():
            told = interval(count, pool.rounded)
            found[category] = both(found.get(category, _UNKNOWN), told)
    return found


def _members(codes: Category) -> Members:
    return np.array([at for at, code in enumerate((*_CODES, "")) if code in codes], np.int64)


def _asked_of(name: str) -> Iterator[tuple[frozenset[str], bool]]:
    return (about for names, about in _ASKED.items() if fullmatch(names, name))


def _numbers(pool: Pool) -> Iterator[tuple[str, Interval]]:
    """How many people each question was asked, by its table and by the mean of its scale."""
    for variables, tables in pool.by_variables.items():
        for table in tables:
            if len(variables) == 1 and table.is_shown and None not in table.counts.values():
                yield table.variables[0], _whole(table, pool)
    for release in pool.releases:
        for one in release.bundle.document.get("statistics", ()):
            for row in one["rows"]:
                if not one["by"] and row["values"].get("n") is not None:
                    yield row["name"], (interval(row["values"]["n"], pool.rounded)[0], np.inf)


def _whole(table: Table, pool: Pool) -> Interval:
    no_answer, not_asked = (_outside(table.around.get(name), pool) for name in ("no_answer", "not_asked"))
    inside = added([no_answer, *(interval(count, pool.rounded) for count in table.counts.values())])
    return both(inside, (pool.n[0] - not_asked[1], pool.n[1] - not_asked[0]))


def _outside(count: Number | None, pool: Pool) -> Interval:
    return _NOT_SHOWN if count is None else interval(count, pool.rounded)


def _twice(pool: Pool) -> Iterator[tuple[str, float]]:
    """How many people can have ticked more than one option: their sum, less those who did not choose none of them."""
    for none, options in NONE_OF_THESE.items():
        ticked = [_count(pool, option, "1") for option in options]
        yield f"more than one of {options[0]} ...", sum(most for _, most in ticked) - _count(pool, none, "0")[0]


def _count(pool: Pool, name: str, code: str) -> Interval:
    found = _UNKNOWN
    for table in pool.by_variables.get(frozenset({name}), ()):
        found = both(found, interval(table.counts.get((frozenset({code}),)), pool.rounded))
    return found
