"""Scores of a scale in a chunk of responses, and the cross products of its rows: all in whole numbers."""

import numpy as np
from numpy.typing import NDArray

from reports.tabulate.workload import ScoreColumn

_NOT_ASKED, _NO_ANSWER = 0, 255
ONE = np.uint8(1)
NO_SCORE, NOT_ASKED = 0, 1
"""Places of a response without a score, among the places of the codes that begin at 2."""

type Codes = NDArray[np.uint8]
type Flags = NDArray[np.bool_]


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


def cross_products(steps: Codes, answered: Flags) -> NDArray[np.int64]:
    """Of those who answered every row: sums of the products of 1 and all rows, shape (rows + 1, rows + 1).

    A chunk of 65,536 rows of at most 15 steps has sums below 2**24, which 32-bit floats hold exactly.
    """
    whole = np.logical_and.reduce(answered, axis=0)
    with_one = np.empty((len(steps) + 1, len(whole)), np.float32)
    with_one[0] = whole
    np.multiply(steps, whole, out=with_one[1:])
    return (with_one @ with_one.T).astype(np.int64)


def grouped_products(
    steps: Codes, answered: Flags, places: NDArray[np.unsignedinteger], size: int
) -> NDArray[np.int64]:
    """The cross products of each group, shape (size, rows + 1, rows + 1). `places`: by response, its group."""
    order = np.argsort(places, kind="stable")
    ends = np.cumsum(np.bincount(places, minlength=size))
    steps, answered = steps[:, order], answered[:, order]
    return np.stack(
        [
            cross_products(steps[:, first:last], answered[:, first:last])
            for first, last in zip([0, *ends[:-1]], ends, strict=True)
        ]
    )
