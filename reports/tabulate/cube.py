"""The exact cube: counts as they are. It lives in a worker's memory and in part rows, and is never published."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

type Counts = NDArray[np.int64]
"""Axis per variable: not asked, then the codes in codebook order, then no answer (length = codes + 2)."""


@dataclass(frozen=True, slots=True, eq=False)
class Cube:
    """Counts of `n` responses. `two[a, b]` has a's codes as rows; `waves` names what was counted.

    `scores`, by (scale,) and (scale, variable): counts of scores, in the order of `ScoreColumn.steps`.
    `products`, by scale: sums of the products of 1 and each row, in steps, of those who answered every row.
    `group_products`, by scale and variable: the same along the variable's axis.
    """

    n: int
    one: Mapping[str, Counts]
    two: Mapping[tuple[str, str], Counts]
    waves: tuple[str, ...] = ()
    scores: Mapping[tuple[str, ...], Counts] = field(default_factory=dict)
    products: Mapping[str, Counts] = field(default_factory=dict)
    group_products: Mapping[tuple[str, str], Counts] = field(default_factory=dict)

    def merge(self, other: "Cube") -> "Cube":
        """The counts of both. Raises ValueError unless both hold the same tables of the same waves."""
        if self._shape() != other._shape():
            raise ValueError("cubes of different tables or waves cannot be added")
        one = {name: counts + other.one[name] for name, counts in self.one.items()}
        two = {names: counts + other.two[names] for names, counts in self.two.items()}
        scores = {names: counts + other.scores[names] for names, counts in self.scores.items()}
        products = {name: sums + other.products[name] for name, sums in self.products.items()}
        grouped = {names: sums + other.group_products[names] for names, sums in self.group_products.items()}
        return Cube(self.n + other.n, one, two, self.waves, scores, products, grouped)

    def _shape(self) -> tuple[object, ...]:
        one = {name: counts.shape for name, counts in self.one.items()}
        two = {names: counts.shape for names, counts in (*self.two.items(), *self.scores.items())}
        products = [*self.products.items(), *self.group_products.items()]
        return self.waves, one, two, {names: sums.shape for names, sums in products}

    def to_bytes(self) -> bytes:
        """The same cube gives the same bytes, whatever the order in which its tables were added."""
        document = {
            "n": self.n,
            "waves": list(self.waves),
            "one": {name: counts.tolist() for name, counts in self.one.items()},
            "two": [[*names, self.two[names].tolist()] for names in sorted(self.two)],
            "scores": [[list(names), self.scores[names].tolist()] for names in sorted(self.scores)],
            "products": {name: sums.tolist() for name, sums in self.products.items()},
            "group_products": [[*names, self.group_products[names].tolist()] for names in sorted(self.group_products)],
        }
        return zlib.compress(json.dumps(document, sort_keys=True, separators=(",", ":")).encode())

    @classmethod
    def from_bytes(cls, content: bytes) -> "Cube":
        document: dict[str, Any] = json.loads(zlib.decompress(content))
        one = {name: np.array(counts, np.int64) for name, counts in document["one"].items()}
        two = {(first, second): np.array(counts, np.int64) for first, second, counts in document["two"]}
        scores = {tuple(names): np.array(counts, np.int64) for names, counts in document.get("scores", ())}
        products = {name: np.array(sums, np.int64) for name, sums in document.get("products", {}).items()}
        grouped = {(name, by): np.array(sums, np.int64) for name, by, sums in document.get("group_products", ())}
        return cls(document["n"], one, two, tuple(document["waves"]), scores, products, grouped)
