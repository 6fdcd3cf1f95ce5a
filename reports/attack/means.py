"""Tests of statistics that are not counts: what means, deviations and numbers of people say together."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from reports.attack.finding import Finding, finding
from reports.attack.release import Release
from reports.attack.rules import (
    FEWEST_FOR_MEAN,
    FEWEST_FOR_MOMENTS,
    MOMENT_DECIMALS,
    NARROWEST,
    SHORTEST_SCALE,
    SMALL,
    STEP,
)

type Row = Mapping[str, Any]


def means(releases: Sequence[Release]) -> Finding:
    tests = (_flat, _single_gaps, _left_over, _left_out, _alike, _moments_left_over)
    checked = [one for release in releases for test in tests for one in test(release)]
    checked += [
        one
        for at, first in enumerate(releases)
        for second in releases[at + 1 :]
        for test in (_apart, _moments_apart)
        for one in test(first, second)
    ]
    found = [where for where, ok in checked if not ok]
    about = (
        "Means from which everybody's score follows, the mean of a hidden, small or leftover group by subtraction, "
        "covariances from which one answer follows from another, and means and covariances of few people."
    )
    return finding("means", about, len(checked), found)


def _rows(release: Release) -> Iterator[tuple[Mapping[str, Any], Row]]:
    for table in release.bundle.document.get("statistics", ()):
        for row in table["rows"]:
            yield table, row


def _flat(release: Release) -> Iterator[tuple[str, bool]]:
    """A deviation of nothing says that all are the same; a mean of few people says too much of each."""
    for table, row in _rows(release):
        values = row["values"]
        if values.get("mean") is not None:
            enough = values.get("n", FEWEST_FOR_MEAN) >= FEWEST_FOR_MEAN - STEP // 2
            yield f"{release.name} {table['id']} {row['name']} {row['codes']}: {values}", enough and values["sd"] > 0


def _single_gaps(release: Release) -> Iterator[tuple[str, bool]]:
    """One hidden group is the whole less the others."""
    for table in release.bundle.document.get("statistics", ()):
        hidden = [
            row for row in table["rows"] if table["by"] and "mean" in row["values"] and row["values"]["mean"] is None
        ]
        if table["by"]:
            yield f"{release.name} {table['id']}: only {hidden[:1]} is hidden", len(hidden) != 1


def _left_over(release: Release) -> Iterator[tuple[str, bool]]:
    """Everybody less the groups that are shown: those in no group, whose mean follows if it was rounded too little."""
    whole = _wholes(release)
    for table in release.bundle.document.get("statistics", ()):
        shown = [row for row in table["rows"] if table["by"] and row["values"].get("mean") is not None]
        if shown and shown[0]["name"] in whole:
            everybody = whole[shown[0]["name"]]
            behind = [(row["values"]["n"], row["decimals"]) for row in (everybody, *shown)]
            yield f"{release.name} {table['id']}: those in no group", not _is_told(behind)


def _left_out(release: Release) -> Iterator[tuple[str, bool]]:
    """A scale's mean less the means of its rows: those who left a row out."""
    whole = _wholes(release)
    for one in release.bundle.document.get("scales", ()):
        if one["scale"] in whole:
            everybody = whole[one["scale"]]
            decimals = 1 if all(round(mean, 1) == mean for mean in one["means"]) else 2
            behind = [(everybody["values"]["n"], everybody["decimals"]), (one["n"], decimals)]
            yield f"{release.name} {one['scale']}: those who left a row out", not _is_told(behind)


def _alike(release: Release) -> Iterator[tuple[str, bool]]:
    """Whole answers that differ do so by 1 at least: no more people can differ than the sum of squared differences,
    which is that of both variances less two covariances. The same for opposite answers, after turning one round."""
    document, half = release.bundle.document, 0.5 * 10.0**-MOMENT_DECIMALS
    for one in (*document.get("scales", ()), *document.get("scales_by_group", ())):
        covariances = one.get("covariances")
        if not covariances:
            continue
        for first, second in combinations(range(len(one["rows"])), 2):
            both, shared = covariances[first][first] + covariances[second][second], covariances[first][second]
            for sign in (1, -1):
                most = (one["n"] + STEP // 2) * (both - 2 * sign * shared + 4 * half)
                where = f"{release.name} {one['scale']}: {one['rows'][first]} and {one['rows'][second]} answered alike"
                yield f"{where}, but for {most:.0f}", most >= SMALL


def _wholes(release: Release) -> dict[str, Row]:
    """The row of each scale's mean of everybody."""
    rows = (row for table, row in _rows(release) if not table["by"] and "n" in row["values"])
    return {row["name"]: row for row in rows if row["values"].get("mean") is not None}


def _is_told(behind: Sequence[tuple[int, int]]) -> bool:
    """Of the first mean's people less those of the others: surely some, surely too few for a mean, and their sum known
    to less than a few people's whole range."""
    (everybody, _), *parts = behind
    left, unsure = everybody - sum(people for people, _ in parts), STEP // 2 * len(behind)
    width = sum(people * 10.0**-decimals for people, decimals in behind)
    return unsure < left and left + unsure < FEWEST_FOR_MEAN and width < NARROWEST * SHORTEST_SCALE


def _moments_left_over(release: Release) -> Iterator[tuple[str, bool]]:
    """Moments of everybody less those of the groups that are shown: those of the rest."""
    everybody = _people(release)
    for (scale, by), groups in _grouped(release).items():
        yield f"{release.name} {scale} by {by}: {groups}", min(groups.values()) > FEWEST_FOR_MOMENTS - STEP
        if scale in everybody:
            yield f"{release.name} {scale} by {by}: those in no group", _are_many(everybody[scale], groups)


def _are_many(everybody: int, groups: Mapping[str, int]) -> bool:
    """Whether those in none of the groups may be nobody, or enough; every number is rounded."""
    left, unsure = everybody - sum(groups.values()), STEP // 2 * (1 + len(groups))
    return left <= unsure or left + unsure >= FEWEST_FOR_MOMENTS


def _people(release: Release) -> dict[str, int]:
    """Who answered all of each scale of which moments are shown."""
    return {one["scale"]: one["n"] for one in release.bundle.document.get("scales", ())}


def _grouped(release: Release) -> dict[tuple[str, str], dict[str, int]]:
    """By scale and variable: the groups of which moments are shown, and how many people each has."""
    found: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for one in release.bundle.document.get("scales_by_group", ()):
        found[one["scale"], one["by"]][" ".join(map(str, one["codes"]))] = one["n"]
    return found


def _moments_apart(first: Release, second: Release) -> Iterator[tuple[str, bool]]:
    """Moments of those whom only one of two releases counts, in a group of both and in none of these; on the same
    waves: of those whom only one of them has in a group."""
    if not first.bundle.waves & second.bundle.waves:
        return
    same, others = first.bundle.waves == second.bundle.waves, _grouped(second)
    for (scale, by), groups in _grouped(first).items():
        theirs = others.get((scale, by), {})
        where = f"{first.name} and {second.name}: {scale} by {by}"
        if same and theirs:
            yield f"{where}: {sorted(groups)} and {sorted(theirs)}", groups == theirs
        gaps = {group: abs(groups[group] - theirs[group]) for group in groups.keys() & theirs.keys() if not same}
        if gaps:
            yield f"{where}: {gaps}", min(gaps.values()) >= FEWEST_FOR_MOMENTS
        if gaps and scale in _people(first) and scale in _people(second):
            more = abs(_people(first)[scale] - _people(second)[scale])
            yield f"{where}: those in no group of both", _are_many(more, gaps)


def _apart(first: Release, second: Release) -> Iterator[tuple[str, bool]]:
    """Two releases on overlapping waves publish the mean of those whom only one counts."""
    if not first.bundle.waves & second.bundle.waves:
        return
    same = first.bundle.waves == second.bundle.waves
    others: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for table, row in _rows(second):
        others[row["name"], table["by"] or "", row["codes"]].append(row["values"])
    for table, row in _rows(first):
        for values in others[row["name"], table["by"] or "", row["codes"]]:
            if row["values"].get("mean") is None or values.get("mean") is None or "n" not in values:
                continue
            gap = abs(row["values"].get("n", values["n"]) - values["n"])
            where = f"{first.name} and {second.name}: {table['id']} {row['name']} {row['codes']}"
            yield where, row["values"]["mean"] == values["mean"] if same else gap >= FEWEST_FOR_MEAN


def statistics(releases: Sequence[Release]) -> Finding:
    """Every file says of a statistic what report.json says."""
    checked = [one for release in releases for one in _agreement(release)]
    found = [where for where, ok in checked if not ok]
    about = "Statistics that differ between files and languages, or are hidden in one and shown in another."
    return finding("statistics", about, len(checked), found)


def _agreement(release: Release) -> Iterator[tuple[str, bool]]:
    said = {
        (table["id"], row["name"], row["codes"], key): ":" if number is None else str(number)
        for table, row in _rows(release)
        for key, number in row["values"].items()
    }
    for path, rows in release.statistic_files.items():
        for place, text in rows.items():
            yield f"{release.name} {path} {place}: {text}", said.get(place, "") == text
