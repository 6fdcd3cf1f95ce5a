"""What is to be counted: the plan's tables, as places in the coded responses."""

from dataclasses import dataclass
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
class Workload:
    """`width`: bytes per response. Every variable of a pair is also counted alone."""

    width: int
    columns: tuple[Column, ...]
    pairs: tuple[tuple[str, str], ...] = ()


def workload(plan: "Plan", codebook: "Codebook") -> Workload:
    """The closed workload of a plan. Each variable is counted once, each pair once."""
    names = dict.fromkeys(name for table in plan.tables for name in table.variables)
    pairs = dict.fromkeys((table.variables[0], table.variables[1]) for table in plan.tables if table.crossed)
    columns = tuple(_column(codebook, name) for name in names)
    return Workload(codebook.width, columns, tuple(pairs))


def _column(codebook: "Codebook", name: str) -> Column:
    variable = codebook[name]
    if variable.position is None:
        raise ValueError(f"{name} has no place in a coded response")
    return Column(name, variable.position, len(variable.codes))
