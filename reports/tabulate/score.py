"""Scores of a scale in a chunk of responses, and the cross products of its rows: all in whole numbers."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from reports.tabulate.workload import ScoreColumn

_NOT_ASKED, _NO_ANSWER = 0, 255
ONE = np.uint8(1)
NO_SCORE, NOT_ASKED = 0, 1
"""Places of a response without a score, among the places of the codes that begin at 2."""

type Codes = NDArray[np.uint8]
type Flags = NDArray[np.bool_]
type Sums = NDArray[np.float32]


def steps_of(by_position: Codes, score: ScoreColumn) -> tuple[Codes, Flags, Flags]:
    """Each of shape (rows, responses): steps above the lowest answer after turning round (0 where there is none);
    whether the row was answered; whether it was asked."""
    raw = by_position[[position for position, _ in score.rows]]
    steps = raw - ONE  # a byte wraps round: not asked becomes 255, no answer 254
    answered = steps < _NO_ANSWER - 1
    for row, (_, turned) in enumerate(score.rows):
        if turned:
            np.subtract(np.uint8(score.span), steps[row], out=steps[row])
    steps *= answered
    return steps, answered, raw != _NOT_ASKED


def score_places(steps: Codes, answered: Flags, asked: Flags, score: ScoreColumn) -> NDArray[np.uint16]:
    """By response: NO_SCORE, NOT_ASKED or 2 + the place of its score among the codes."""
    rows = np.add.reduce(answered, axis=0, dtype=np.uint8)
    starts = np.zeros(len(score.rows) + 1, np.uint16)
    starts[score.minimum :] = np.array(score.starts, np.uint16) + np.uint16(2)
    # The smallest type that holds the largest sum: this is done for every response.
    sums = np.add.reduce(steps, axis=0, dtype=np.min_scalar_type(len(score.rows) * score.span))
    places: NDArray[np.uint16] = starts[rows] + sums
    short = np.flatnonzero(rows < score.minimum)
    enough = asked[:, short].sum(axis=0, dtype=np.uint8) >= score.minimum
    places[short] = np.where(enough, np.uint16(NO_SCORE), np.uint16(NOT_ASKED))
    return places


def complete_rows(steps: Codes, answered: Flags) -> Sums:
    """1 and each row of those who answered every row, 0 for everybody else. Shape (rows + 1, responses)."""
    whole = np.add.reduce(answered, axis=0, dtype=np.uint8) == len(answered)
    rows = np.empty((len(steps) + 1, len(whole)), np.float32)
    rows[0] = whole
    np.multiply(steps, whole, out=rows[1:])
    return rows


def cross_products(rows: Sums) -> NDArray[np.int64]:
    """Sums of the products of all `complete_rows`, shape (rows + 1, rows + 1).

    A chunk of 32,768 rows of at most 15 steps has sums below 2**24, which 32-bit floats hold exactly.
    """
    return (rows @ rows.T).astype(np.int64)


def grouped_products(rows: Sums, places: NDArray[np.unsignedinteger], size: int) -> NDArray[np.int64]:
    """The cross products of each group, shape (size, rows + 1, rows + 1). `places`: by response, its group."""
    if np.any(places[1:] < places[:-1]):
        order = np.argsort(places, kind="stable")
        rows = rows[:, order]
    ends = np.cumsum(np.bincount(places, minlength=size))
    return np.stack([cross_products(rows[:, first:last]) for first, last in pairwise([0, *ends])])
