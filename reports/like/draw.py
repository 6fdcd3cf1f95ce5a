"""Rows of people who do not exist, put together from answers and skips that are drawn apart."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from reports.like.margins import Document, Margin, Unusable, margins, people
from reports.like.pairs import pairs
from reports.like.skips import Who, not_asked
from reports.like.tree import Pair, Places, sample, strongest
from survey.instrument.codebook import Codebook
from survey.instrument.schema import LEFT_BLANK, NOT_SHOWN, Code


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """`columns`: the codes of every person, by variable in the order of the codebook."""

    columns: Mapping[str, list[Code]]
    margins: Mapping[str, Margin]
    forest: tuple[Pair[str], ...]
    """The pairs of variables that go together as in the release."""
    n: int
    seed: int


def draw(document: Document, codebook: Codebook, seed: int, n: int | None = None) -> Drawn:
    """`n` people (default: as many as the release has). The same arguments draw the same people.

    Raises Unusable for a document that is no report, or not one of this codebook.
    """
    try:
        known = margins(document, codebook)
        forest = tuple(strongest(pairs(document, known)))
        size = people(document) if n is None else n
        return Drawn(_columns(document, known, forest, size, seed), known, forest, size, seed)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise Unusable(f"The report is not in its form: {error!r}") from error


def _columns(
    document: Document, known: Mapping[str, Margin], forest: tuple[Pair[str], ...], n: int, seed: int
) -> dict[str, list[Code]]:
    random = np.random.default_rng(seed)
    places = sample({name: margin.shares for name, margin in known.items()}, forest, n, random)
    unasked = not_asked(document, known, n, random)
    blank = _blank(known, n, random)
    return {
        name: _codes(margin, places[name], blank[name], unasked[margin.not_asked], random)
        for name, margin in known.items()
    }


def _blank(known: Mapping[str, Margin], n: int, random: np.random.Generator) -> dict[str, Who]:
    """Who left what blank. Options of one question are left blank together, everything else by itself."""
    chances: dict[str, NDArray[np.float64]] = {}
    found = {}
    for name, margin in known.items():
        variable = margin.variable
        together = variable.item if variable.kind == "M" else name
        if together not in chances:
            chances[together] = random.random(n)
        found[name] = chances[together] < margin.blank
    return found


def _codes(margin: Margin, places: Places, blank: Who, unasked: Who, random: np.random.Generator) -> list[Code]:
    """A category that joins codes gives each of them evenly: the release does not say more."""
    chance = random.random(len(places))
    rows = zip(places.tolist(), chance.tolist(), blank.tolist(), unasked.tolist(), strict=True)
    return [
        NOT_SHOWN if was_not_asked else LEFT_BLANK if left_blank else _one_of(margin.categories[place], at)
        for place, at, left_blank, was_not_asked in rows
    ]


def _one_of(codes: tuple[Code, ...], chance: float) -> Code:
    return codes[int(chance * len(codes))]
