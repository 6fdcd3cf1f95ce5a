"""What one test of the attack tried and got."""

from collections.abc import Sequence
from dataclasses import dataclass

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Finding:
    """`recovered` of `tried` things; more than `bound` is a failure. `examples`: a line each."""

    name: str
    about: str
    tried: int
    recovered: int
    examples: tuple[str, ...] = ()
    bound: int = 0

    @property
    def ok(self) -> bool:
        return self.recovered <= self.bound


def finding(name: str, about: str, tried: int, examples: Sequence[str]) -> Finding:
    """One that recovered as many things as there are examples."""
    return Finding(name, about, tried, len(examples), tuple(examples[:_SHOWN]))
