"""What the visible one-way tables of a release say, as shares."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from reports.render.document import FORMAT
from survey.instrument.codebook import Codebook, Variable
from survey.instrument.schema import Code

type Document = Mapping[str, Any]
"""`report.json`; see `reports.render.document`."""

type Shares = NDArray[np.float64]


class Unusable(ValueError):
    """The document is no report, or not one that rows can be drawn from."""


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """One column to be drawn."""

    variable: Variable
    categories: tuple[tuple[Code, ...], ...]
    """The codes that each category joins, without those that nobody could choose."""
    shares: Shares
    """Of each category among those who answered; they sum to 1."""
    blank: float
    """Share of those asked who gave no answer, or one that the table leaves out."""
    not_asked: int
    """People, as published; 0 if that was too few to be published."""
    hidden: int
    """Hidden cells. They have an even share of what is left of the people."""

    @property
    def joined(self) -> bool:
        return any(len(codes) > 1 for codes in self.categories)


def people(document: Document) -> int:
    """Responses of the release, as published. Raises Unusable for what is no report."""
    if document.get("format") != FORMAT:
        raise Unusable(f"This is no report of the format {FORMAT}.")
    n = document.get("n")
    if not isinstance(n, int) or n < 1:
        raise Unusable("The report does not say of how many responses it is.")
    return n


def instrument(document: Document) -> str:
    """Name of the questionnaire. Raises Unusable for what is no report."""
    people(document)
    about = document.get("instrument")
    name = about.get("name") if isinstance(about, dict) else None
    if not isinstance(name, str):
        raise Unusable("The report does not say of which questionnaire it is.")
    return name


def margins(document: Document, codebook: Codebook) -> dict[str, Margin]:
    """By variable, in the order of the codebook. Raises Unusable where document and codebook do not fit together."""
    n = people(document)
    zeros = document["plan"]["structural_zeros"]
    found: dict[str, Margin] = {}
    for table in document["tables"]:
        if table["visible"] and len(table["variables"]) == 1:
            variable = _variable(table["variables"][0]["name"], codebook)
            found.setdefault(variable.name, _margin(table, variable, n, zeros.get(variable.name, ())))
    if not found:
        raise Unusable("The report shows no one-way table.")
    return {one.name: found[one.name] for one in codebook.coded if one.name in found}


def _variable(name: str, codebook: Codebook) -> Variable:
    variable = next((one for one in codebook.coded if one.name == name), None)
    if variable is None:
        raise Unusable(f"The codebook of {codebook.instrument} {codebook.version} has no variable {name!r}.")
    return variable


def _margin(table: Document, variable: Variable, n: int, never: Iterable[Code]) -> Margin:
    counts = [cell["count"] for cell in table["cells"]]
    no_answer, not_asked = table["no_answer"] or 0, table["not_asked"] or 0
    weights = _weights(counts, n - no_answer - not_asked)
    answered = float(weights.sum())
    if answered <= 0 or weights.min() < 0 or len(weights) != len(table["categories"][0]):
        raise Unusable(f"The table of {variable.name} does not hold together.")
    return Margin(
        variable=variable,
        categories=tuple(_codes(category["codes"], variable, never) for category in table["categories"][0]),
        shares=weights / answered,
        blank=no_answer / (no_answer + answered),
        not_asked=min(not_asked, n),
        hidden=counts.count(None),
    )


def _weights(counts: list[int | None], left: int) -> Shares:
    """People in each category. Hidden ones share evenly what the others leave of `left`, one person each at least:
    hidden is not zero, and rounding may have eaten what was left."""
    known = sum(count for count in counts if count is not None)
    share = max((left - known) / max(counts.count(None), 1), 1.0)
    return np.array([share if count is None else count for count in counts], np.float64)


def _codes(codes: list[Code], variable: Variable, never: Iterable[Code]) -> tuple[Code, ...]:
    unknown = [code for code in codes if code not in variable.codes]
    if unknown or not codes:
        raise Unusable(f"{variable.name} has no code {unknown}: the report was made from another codebook.")
    return tuple(code for code in codes if code not in set(never)) or tuple(codes)
