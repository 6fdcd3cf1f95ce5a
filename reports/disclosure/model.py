"""The protected cube: all that a report knows. Whatever is rendered, drawn or answered is a function of it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from reports.disclosure.reasons import Reason, Tier
from reports.disclosure.rules import FIRM_PERCENT_FROM, PERCENT_FROM
from survey.instrument.schema import Code

FORMAT = "protected-cube/1"

type Categories = tuple[tuple[Code, ...], ...]
"""The categories of one variable, each as the codes that it joins."""


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """A table at the levels chosen for it; a withheld one keeps its coarsest levels, with every cell hidden."""

    id: str
    variables: tuple[str, ...]
    levels: tuple[int, ...]
    categories: tuple[Categories, ...]
    """One entry per variable."""
    counts: tuple[int | None, ...]
    """Rounded, row by row; None: hidden."""
    no_answer: int | None = None
    """Asked, without an answer or with one that this level leaves out; rounded. None: hidden or under 10."""
    not_asked: int | None = None
    reasons: tuple[Reason, ...] = ()
    """Why the table is withheld."""

    @property
    def visible(self) -> bool:
        return not self.reasons

    @property
    def base(self) -> int | None:
        """The sum of the visible categories: what percentages are of. None for a withheld table."""
        return sum(count for count in self.counts if count is not None) if self.visible else None

    @property
    def bases(self) -> tuple[int | None, ...]:
        """For every cell, what its percentage is of: the table's base, in a two-way table that of its column.

        None where there is no such sum, because the table is withheld or a cell of the column is hidden.
        """
        if len(self.variables) == 1:
            return (self.base,) * len(self.counts)
        width = len(self.categories[1])
        return tuple(map(_sum, (self.counts[column::width] for column in range(width)))) * len(self.categories[0])

    @property
    def hidden(self) -> int:
        """Cells that are hidden in a table that is shown."""
        return self.counts.count(None) if self.visible else 0

    @property
    def has_percentages(self) -> bool:
        return self.base is not None and self.base >= PERCENT_FROM

    @property
    def about(self) -> bool:
        """The base is so small that percentages are printed as "about"."""
        return self.base is not None and self.base < FIRM_PERCENT_FROM

    def as_document(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "variables": list(self.variables),
            "levels": list(self.levels),
            "categories": [[list(codes) for codes in categories] for categories in self.categories],
            "counts": list(self.counts),
            "no_answer": self.no_answer,
            "not_asked": self.not_asked,
            "reasons": [str(reason) for reason in self.reasons],
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "ProtectedTable":
        return cls(
            id=document["id"],
            variables=tuple(document["variables"]),
            levels=tuple(document["levels"]),
            categories=tuple(tuple(map(tuple, categories)) for categories in document["categories"]),
            counts=tuple(document["counts"]),
            no_answer=document["no_answer"],
            not_asked=document["not_asked"],
            reasons=tuple(map(Reason, document["reasons"])),
        )


@dataclass(frozen=True, slots=True)
class Moments:
    """Means and covariances of a scale's rows, turned round, of those who answered all; rounded to two decimals."""

    n: int
    """Rounded."""
    means: tuple[float, ...]
    covariances: tuple[tuple[float, ...], ...]
    decimals: int = 2
    """Of the means: one where two would tell of those who left a row out."""


@dataclass(frozen=True, slots=True)
class Mean:
    """Mean and standard deviation of a scale in one group; where they are hidden, there is a reason and no number.

    `n`, rounded: people with a score; `no_answer`: people who were asked and have none.
    """

    n: int | None
    mean: float | None
    sd: float | None
    decimals: int
    no_answer: int | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class ProtectedScale:
    """A scale's mean of everybody (`by` is None, one entry), or by the categories of a variable."""

    id: str
    scale: str
    by: str | None
    categories: Categories
    means: tuple[Mean, ...]
    moments: Moments | None = None
    reasons: tuple[Reason, ...] = ()
    """Why nothing of it is shown."""

    @property
    def visible(self) -> bool:
        return not self.reasons

    def as_document(self) -> dict[str, Any]:
        return {
            **_heading(self),
            "means": [{**asdict(one), "reason": one.reason and str(one.reason)} for one in self.means],
            "moments": asdict(self.moments) if self.moments else None,
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "ProtectedScale":
        moments = document["moments"]
        return cls(
            **_headed(document),
            means=tuple(
                Mean(**{**one, "reason": Reason(one["reason"]) if one["reason"] else None}) for one in document["means"]
            ),
            moments=moments and _moments(moments),
        )


@dataclass(frozen=True, slots=True)
class ProtectedMoments:
    """Moments of a scale by the categories of a variable, of those groups that are shown."""

    id: str
    scale: str
    by: str
    categories: Categories
    moments: tuple[Moments, ...]
    rest: int = 0
    """Rounded: who answered every row and is in no group that is shown."""
    reasons: tuple[Reason, ...] = ()
    """Why nothing of it is shown."""

    @property
    def visible(self) -> bool:
        return not self.reasons

    def as_document(self) -> dict[str, Any]:
        return {**_heading(self), "moments": [asdict(one) for one in self.moments], "rest": self.rest}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "ProtectedMoments":
        return cls(**_headed(document), moments=tuple(map(_moments, document["moments"])), rest=document["rest"])


def _heading(one: ProtectedScale | ProtectedMoments) -> dict[str, Any]:
    """What statistics of a scale are of, and why nothing is shown."""
    return {
        "id": one.id,
        "scale": one.scale,
        "by": one.by,
        "categories": [list(codes) for codes in one.categories],
        "reasons": [str(reason) for reason in one.reasons],
    }


def _headed(document: dict[str, Any]) -> dict[str, Any]:
    """The fields that `_heading` wrote."""
    return {
        "id": document["id"],
        "scale": document["scale"],
        "by": document["by"],
        "categories": tuple(map(tuple, document["categories"])),
        "reasons": tuple(map(Reason, document["reasons"])),
    }


def _moments(document: dict[str, Any]) -> Moments:
    covariances = tuple(map(tuple, document["covariances"]))
    return Moments(document["n"], tuple(document["means"]), covariances, document.get("decimals", 2))


def _sum(counts: tuple[int | None, ...]) -> int | None:
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None


@dataclass(frozen=True, slots=True)
class Audit:
    """What an attacker could at best infer of the hidden cells of two-way tables, by linear programs."""

    hidden_cells: int
    programs: int
    """Linear programs solved."""
    narrowest: float | None
    """Width of the narrowest interval in which a hidden count can be told; None: no cell is hidden."""
    failed: tuple[str, ...] = ()
    """Ids of tables with a cell that can be told too well."""

    def as_document(self) -> dict[str, Any]:
        return {
            "hidden_cells": self.hidden_cells,
            "linear_programs": self.programs,
            "narrowest_interval": self.narrowest,
            **({"failed": list(self.failed)} if self.failed else {}),
        }


@dataclass(frozen=True, slots=True)
class ProtectedCube:
    """`n` is rounded. A refused cube has a `refusal`, and neither `n` nor tables."""

    plan: str
    """Digest of the plan."""
    instrument: str
    version: str
    waves: tuple[str, ...]
    n: int | None
    tier: Tier | None
    tables: tuple[ProtectedTable, ...]
    refusal: Reason | None = None
    audit: Mapping[str, Any] | None = None
    """As in `Audit.as_document`; None: made before there was an audit."""
    scales: tuple[ProtectedScale, ...] = ()
    moments: tuple[ProtectedMoments, ...] = ()

    def __getitem__(self, table_id: str) -> ProtectedTable:
        for table in self.tables:
            if table.id == table_id:
                return table
        raise KeyError(table_id)

    def as_document(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "plan": self.plan,
            "instrument": self.instrument,
            "version": self.version,
            "waves": list(self.waves),
            "n": self.n,
            "tier": self.tier and str(self.tier),
            "refusal": self.refusal and str(self.refusal),
            "audit": self.audit,
            "tables": [table.as_document() for table in self.tables],
            "scales": [scale.as_document() for scale in self.scales],
            "moments": [one.as_document() for one in self.moments],
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "ProtectedCube":
        """Raises ValueError for a document of another format."""
        if document.get("format") != FORMAT:
            raise ValueError(f"not a document of the format {FORMAT}")
        return cls(
            plan=document["plan"],
            instrument=document["instrument"],
            version=document["version"],
            waves=tuple(document["waves"]),
            n=document["n"],
            tier=Tier(document["tier"]) if document["tier"] else None,
            tables=tuple(map(ProtectedTable.from_document, document["tables"])),
            refusal=Reason(document["refusal"]) if document["refusal"] else None,
            audit=document.get("audit"),
            scales=tuple(map(ProtectedScale.from_document, document.get("scales", ()))),
            moments=tuple(map(ProtectedMoments.from_document, document.get("moments", ()))),
        )

    def to_json(self) -> str:
        """Canonical: the same cube gives the same text."""
        return json.dumps(self.as_document(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "ProtectedCube":
        return cls.from_document(json.loads(text))
