"""One measured thing, as every bench prints it."""

import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Case:
    """`value` and `floor` in `unit`; None where nothing comparable could be less, or where it cannot be seen."""

    bench: str
    case: str
    value: float
    unit: str
    floor: float | None = None
    peak_mib: float | None = None

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    def as_line(self) -> str:
        return json.dumps({**asdict(self), "ratio": self.ratio})
