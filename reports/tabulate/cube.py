"""The exact cube: counts as they are. It lives in a worker's memory and in part rows, and is never published."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Counts = NDArray[np.int64]
"""Axis per variable: not asked, then the codes in codebook order, then no answer (length = codes + 2)."""


@dataclass(frozen=True, slots=True, eq=False)
class Cube:
    """Counts of `n` responses. `two[a, b]` has a's codes as rows; `waves` names what was counted."""

    n: int
    one: Mapping[str, Counts]
    two: Mapping[tuple[str, str], Counts]
    waves: tuple[str, ...] = ()

    def merge(self, other: "Cube") -> "Cube":
        """The counts of both. Raises ValueError unless both hold the same tables of the same waves."""
        if self._shape() != other._shape():
            raise ValueError("cubes of different tables or waves cannot be added")
        one = {name: counts + other.one[name] for name, counts in self.one.items()}
        two = {names: counts + other.two[names] for names, counts in self.two.items()}
        return Cube(self.n + other.n, one, two, self.waves)

    def _shape(self) -> tuple[object, ...]:
        one = {name: counts.shape for name, counts in self.one.items()}
        return self.waves, one, {names: counts.shape for names, counts in self.two.items()}

    def to_bytes(self) -> bytes:
        """The same cube gives the same bytes, whatever the order in which its tables were added."""
        document = {
            "n": self.n,
            "waves": list(self.waves),
            "one": {name: counts.tolist() for name, counts in self.one.items()},
            "two": [[*names, self.two[names].tolist()] for names in sorted(self.two)],
        }
        return zlib.compress(json.dumps(document, sort_keys=True, separators=(",", ":")).encode())

    @classmethod
    def from_bytes(cls, content: bytes) -> "Cube":
        document: dict[str, Any] = json.loads(zlib.decompress(content))
        one = {name: np.array(counts, np.int64) for name, counts in document["one"].items()}
        two = {(first, second): np.array(counts, np.int64) for first, second, counts in document["two"]}
        return cls(document["n"], one, two, tuple(document["waves"]))
