"""What is to be counted: the plan's tables, as places in the coded responses."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from reports.plan import Plan
    from survey.instrument.codebook import Codebook


@dataclass(frozen=True, slots=True)
class Column:
    """One byte of a coded response: 0 not asked, 1 + index of the code, 255 no answer."""

    name: str
    position: int
    codes: int

    @property
    def cells(self) -> int:
        return self.codes + 2


@dataclass(frozen=True, slots=True)
class ScoreColumn:
    """The score of a scale as a column: one code for each number of answered rows and sum of them that there can be.

    A row's byte counts 0 .. `span` steps. With a answered rows there are a * span + 1 sums.
    """

    name: str
    rows: tuple[tuple[int, bool], ...]
    """Position, and whether it is turned round."""
    minimum: int
    span: int

    @property
    def key(self) -> str:
        """Its name among the columns that are counted; no variable has a colon."""
        return score_key(self.name)

    @property
    def starts(self) -> tuple[int, ...]:
        """By number of answered rows, from the minimum: the place of the sum 0 among the codes."""
        sizes = (answered * self.span + 1 for answered in range(self.minimum, len(self.rows)))
        return tuple(accumulate(sizes, initial=0))

    @property
    def codes(self) -> int:
        return self.starts[-1] + len(self.rows) * self.span + 1

    @property
    def cells(self) -> int:
        return self.codes + 2

    @property
    def steps(self) -> tuple[Fraction, ...]:
        """By code: the mean of the answered rows, in steps above the lowest answer."""
        return _steps(self.minimum, len(self.rows), self.span)


@cache
def _steps(fewest: int, rows: int, span: int) -> tuple[Fraction, ...]:
    answered = range(fewest, rows + 1)
    return tuple(Fraction(total, count) for count in answered for total in range(count * span + 1))


def score_key(scale: str) -> str:
    return f"score:{scale}"


@dataclass(frozen=True, slots=True)
class Workload:
    """`width`: bytes per response. Every variable of a pair is also counted alone.

    `scores`: scales of which scores and cross products are counted; `score_pairs`: scale, and the variable by which;
    `product_pairs`: the same of cross products.
    """

    width: int
    columns: tuple[Column, ...]
    pairs: tuple[tuple[str, str], ...] = ()
    scores: tuple[ScoreColumn, ...] = ()
    score_pairs: tuple[tuple[str, str], ...] = ()
    product_pairs: tuple[tuple[str, str], ...] = ()


def workload(plan: "Plan", codebook: "Codebook") -> Workload:
    """The closed workload of a plan. Each variable is counted once, each pair once."""
    names = dict.fromkeys(name for table in plan.tables for name in table.variables)
    pairs = dict.fromkeys((table.variables[0], table.variables[1]) for table in plan.tables if table.crossed)
    # Who answered all of a scale is told apart from who has a score, so moments by group need both by group.
    score_pairs = dict.fromkeys((spec.scale, spec.by) for spec in (*plan.scales, *plan.moments) if spec.by)
    product_pairs = dict.fromkeys((spec.scale, spec.by) for spec in plan.moments if spec.by)
    columns = tuple(_column(codebook, name) for name in names)
    scores = tuple(score_column(codebook, name) for name in dict.fromkeys(spec.scale for spec in plan.scales))
    return Workload(codebook.width, columns, tuple(pairs), scores, tuple(score_pairs), tuple(product_pairs))


def score_column(codebook: "Codebook", name: str) -> ScoreColumn:
    scale = codebook.scales[name]
    rows = tuple((_column(codebook, row).position, turned) for row, turned in scale.rows)
    return ScoreColumn(name, rows, scale.minimum, scale.high - scale.low)


def _column(codebook: "Codebook", name: str) -> Column:
    variable = codebook[name]
    if variable.position is None:
        raise ValueError(f"{name} has no place in a coded response")
    return Column(name, variable.position, len(variable.codes))
