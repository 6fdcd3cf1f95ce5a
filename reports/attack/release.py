"""Bundles as the tests see them: what each tells, and what those of the same waves tell together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from reports.attack.bundle import Bundle
from reports.attack.facts import Place, Statistic, Table, View, known, statistics, views
from reports.attack.intervals import ANY, Interval, interval, is_rounded


@dataclass(frozen=True)
class Release:
    bundle: Bundle

    @property
    def name(self) -> str:
        return self.bundle.name

    @cached_property
    def views(self) -> dict[str, View]:
        return views(self.bundle)

    @cached_property
    def statistic_files(self) -> dict[str, dict[Statistic, str]]:
        return statistics(self.bundle)

    @cached_property
    def tables(self) -> list[Table]:
        return list(known(self.views).values())

    @cached_property
    def rounded(self) -> bool:
        return is_rounded(self.tables)

    @property
    def n(self) -> Interval:
        return ANY if self.bundle.n is None else interval(self.bundle.n, self.rounded)

    def is_impossible(self, table: Table, place: Place) -> bool:
        """Nobody could be there, as the release itself says: an option that was not offered."""
        zeros = self.bundle.document.get("plan", {}).get("structural_zeros", {})
        return any(
            category <= set(map(str, zeros.get(name, ())))
            for name, category in zip(table.variables, place, strict=True)
        )


@dataclass(frozen=True)
class Pool:
    """Releases of the same waves. `rounded` only if all of them are: an exact number helps everywhere."""

    releases: Sequence[Release]

    @cached_property
    def by_variables(self) -> dict[frozenset[str], list[Table]]:
        found: dict[frozenset[str], list[Table]] = {}
        for release in self.releases:
            for table in release.tables:
                found.setdefault(frozenset(table.variables), []).append(table)
        return found

    @property
    def rounded(self) -> bool:
        return all(release.rounded for release in self.releases)

    @property
    def n(self) -> Interval:
        lows, highs = zip(*(release.n for release in self.releases), strict=True)
        return max(lows), min(highs)

    def about(self, *names: str) -> list[Table]:
        """Every table of some of these questions."""
        found = [frozenset(some) for size in (1, 2) for some in combinations(names, size)]
        return [table for variables in found for table in self.by_variables.get(variables, ())]


def pools(releases: Sequence[Release]) -> Iterator[Pool]:
    by_waves: dict[frozenset[str], list[Release]] = {}
    for release in releases:
        by_waves.setdefault(release.bundle.waves, []).append(release)
    yield from map(Pool, by_waves.values())
