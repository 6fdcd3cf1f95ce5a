"""How much of a plan survives protection, and what can be told of what is hidden, by number of responses."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median
from typing import Literal, cast

import numpy as np
from numpy.typing import NDArray

from config.attainable import Counts, can_be_crossed, can_be_split
from reports.disclosure import ProtectedCube, ProtectedTable, Reason, protect
from reports.plan import Plan
from reports.tabulate import Cube, count, workload
from survey.instrument.codebook import Codebook, encode
from survey.instrument.schema import Instrument
from survey.instrument.validate import Facts, validate
from survey.simulate.population import Loadings, Population, Shares
from survey.simulate.respondent import circumstances, fields, person

_FACTS = Facts("", cast(Mapping[int, Literal["announced", "past"]], {6: "announced"}))
_UNRELATED = Loadings((0.0, 0.0, 0.0))


@dataclass(frozen=True, slots=True)
class Protected:
    """Figures of one protected cube. Shares are between 0 and 1; None where there is nothing to take a share of."""

    responses: int
    one_way: float
    """One-way tables that are shown."""
    one_way_possible: float
    """Those that could be: their answers can be split in two with 10 people on either side."""
    crosstabs: float | None
    """Crosstabs that are shown, of those that this number of responses allows."""
    crosstabs_possible: float | None
    """Those that could be: some two groups by some two answers have 10 people in each cell and 30 in each group."""
    rows: float | None
    columns: float | None
    """Mean size of the crosstabs shown."""
    kept: float | None
    """Median share of a crosstab's finest categories that is kept."""
    hidden_cells: int
    narrowest: float | None
    """Width of the narrowest interval in which a hidden count can be told."""


def populations(packaged: Population) -> dict[str, Population]:
    """As packaged; with rare answers rarer still; and with answers that have nothing to do with each other."""
    return {"packaged": packaged, "one-sided": _one_sided(packaged), "unrelated": _unrelated(packaged)}


def _one_sided(population: Population) -> Population:
    return replace(
        population,
        picks={name: replace(pick, shares=_squared(pick.shares)) for name, pick in population.picks.items()},
        ticks={
            name: tuple(replace(tick, probability=tick.probability**1.5) for tick in ticks)
            for name, ticks in population.ticks.items()
        },
    )


def _squared(shares: Shares) -> Shares:
    return tuple((code, share**1.5) for code, share in shares)


def _unrelated(population: Population) -> Population:
    return replace(
        population,
        picks={name: replace(pick, loadings=_UNRELATED) for name, pick in population.picks.items()},
        ticks={
            name: tuple(replace(tick, loadings=_UNRELATED) for tick in ticks)
            for name, ticks in population.ticks.items()
        },
    )


def draw(
    population: Population, instrument: Instrument, codebook: Codebook, responses: int, seed: int
) -> NDArray[np.uint8]:
    """Coded responses of invented people, shape (responses, width)."""
    codes = np.zeros((responses, codebook.width), np.uint8)
    for number in range(responses):
        someone = person(population, seed, number)
        facts = circumstances(someone, population, population.languages, _FACTS)
        submission = validate(instrument, fields(someone, population, instrument, facts), facts).submission
        if submission is None:
            raise ValueError(f"simulated response {number} was refused")
        codes[number] = np.frombuffer(encode(codebook, submission.answers), np.uint8)
    return codes


def measure(codes: NDArray[np.uint8], plan: Plan, codebook: Codebook, sizes: Sequence[int]) -> Iterator[Protected]:
    """One entry per size: the first responses of `codes`, counted and protected. Refused sizes are left out."""
    work = workload(plan, codebook)
    for size in sizes:
        exact = count([codes[:size]], work, ("1",))
        cube = protect(exact, plan, codebook)
        if not cube.refusal:
            yield _figures(exact, cube, codebook)


def _figures(exact: Cube, cube: ProtectedCube, codebook: Codebook) -> Protected:
    alone = [table for table in cube.tables if len(table.variables) == 1]
    crossed = [table for table in cube.tables if len(table.variables) == 2 and Reason.BELOW_TIER not in table.reasons]
    shown = [table for table in crossed if table.visible]
    audit = cube.audit or {}
    return Protected(
        responses=exact.n,
        one_way=fmean(table.visible for table in alone),
        one_way_possible=fmean(can_be_split(exact.one[table.variables[0]][1:-1]) for table in alone),
        crosstabs=len(shown) / len(crossed) if crossed else None,
        crosstabs_possible=fmean(can_be_crossed(_exact_of(table, exact)) for table in crossed) if crossed else None,
        rows=fmean(len(table.categories[0]) for table in shown) if shown else None,
        columns=fmean(len(table.categories[1]) for table in shown) if shown else None,
        kept=median(_kept(table, codebook) for table in shown) if shown else None,
        hidden_cells=int(audit.get("hidden_cells", 0)),
        narrowest=audit.get("narrowest_interval"),
    )


def _exact_of(table: ProtectedTable, exact: Cube) -> Counts:
    first, second = table.variables
    return exact.two[first, second][1:-1, 1:-1]


def _kept(table: ProtectedTable, codebook: Codebook) -> float:
    finest = (len(codebook[name].levels[0].categories) for name in table.variables)
    return fmean(len(side) / most for side, most in zip(table.categories, finest, strict=True))


def as_markdown(measured: Sequence[Protected]) -> str:
    """A line per number of responses: the worst of all populations and seeds, and the middle one in brackets."""
    sizes = sorted({one.responses for one in measured})
    head = (
        "| responses | one-way tables shown | could be | crosstabs shown | could be | mean crosstab | categories kept "
        "| hidden cells | narrowest interval |\n|---|---|---|---|---|---|---|---|---|"
    )
    return "\n".join([head, *(_line([one for one in measured if one.responses == size]) for size in sizes)])


def _line(same: Sequence[Protected]) -> str:
    rows, columns = (_known(getattr(one, name) for one in same) for name in ("rows", "columns"))
    hidden = [one.hidden_cells for one in same]
    narrowest = _known(one.narrowest for one in same)
    columns_of = (
        f"{same[0].responses:,}",
        _shares([one.one_way for one in same]),
        _shares([one.one_way_possible for one in same]),
        _shares(_known(one.crosstabs for one in same)),
        _shares(_known(one.crosstabs_possible for one in same)),
        f"{median(rows):.1f} × {median(columns):.1f}" if rows else "–",
        _shares(_known(one.kept for one in same)),
        f"{median(hidden):.0f} (most {max(hidden)})",
        f"{min(narrowest):g}" if narrowest else "–",
    )
    return f"| {' | '.join(columns_of)} |"


def _known(values: Iterator[float | None]) -> list[float]:
    return [value for value in values if value is not None]


def _shares(shares: Sequence[float]) -> str:
    return f"{100 * min(shares):.0f} % ({100 * median(shares):.0f} %)" if shares else "–"
