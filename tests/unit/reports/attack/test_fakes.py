"""Fakes on an open link: somebody who sent nearly a whole wave, and takes it away from the release.

They know their own answers, the rules, and how people answer on the whole. They choose how many fakes stand in each
category, so that rounding says as much as it can, and then guess an answer of one honest person from the release.
"""

import os
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy.stats import binom

from reports.disclosure import Reason
from reports.disclosure.rules import rounded
from survey.instrument.links import NOT_TICKED, TICKED
from tests.unit.reports.attack.releases import BOOK, PLAN, people, safe

Z95 = 1.645
"""One-sided."""

MADE_FROM = replace(PLAN, scales=(), moments=(), measures=())
"""Guesses are made from tables of single questions, which are chosen before anything is done about scales."""

TRIALS, MOST = (120, 0.05) if os.environ.get("FULL") else (60, 0.06)
"""Of everybody, and of the gain: with FULL=1 those that docs/anonymity.md reports."""


def fakes(number, remainder):
    """Everybody spread over all categories of every question, so many in each that five divides all but `remainder`."""
    codes = np.full((number, BOOK.width), 255, np.uint8)
    for variable in BOOK.coded:
        each = number // len(variable.codes)
        each -= (each - remainder) % 5
        column = np.resize(np.arange(1, len(variable.codes) + 1), each * len(variable.codes))
        if variable.name in {cover.variable for cover in BOOK.covers}:
            # "None of these" goes with no other option, and half of those without one tick it.
            half = each // 2 - (each // 2 - remainder) % 5
            column[:] = variable.byte(NOT_TICKED)
            column[: 2 * half : 2] = variable.byte(TICKED)
        codes[: len(column), variable.position] = column
    return codes


def guesses(honest, sent):
    """For each question of the first honest person: did the attack get it, and would the commonest answer have?"""
    cube = safe(np.concatenate([honest, sent]), plan=MADE_FROM)
    for table in cube.tables:
        variable = BOOK[table.variables[0]]
        target = honest[0, variable.position]
        if len(table.variables) > 1 or not table.visible or target in (0, 255):
            continue
        categories = [[variable.byte(code) for code in codes] for codes in table.categories[0]]
        true = next((at for at, category in enumerate(categories) if target in category), None)
        shares = [_share(variable.position, tuple(category)) for category in categories]
        known = [int(np.isin(sent[:, variable.position], category).sum()) for category in categories]
        expected = [_expected(*one, len(honest)) for one in zip(table.counts, known, shares, strict=True)]
        yield int(np.argmax(expected)) == true, int(np.argmax(shares)) == true


@cache
def _share(position, category):
    return float(np.isin(people(1)[:, position], category).mean())


@cache
def _weights(honest, share):
    return binom.pmf(range(honest + 1), honest, share)


def _expected(count, known, share, honest):
    """Honest people in a category, as its rounded count and the shares among everybody let expect."""
    fitting = [number for number in range(honest + 1) if rounded(known + number) == count]
    weights = _weights(honest, share)[fitting]
    return float(np.dot(fitting, weights) / weights.sum()) if weights.sum() else 0.0


def gain(honest, responses, remainder, trials):
    """Mean gain over guessing the commonest answer, its upper 95 % bound, and how many guesses there were."""
    everybody = people(1)
    random = np.random.default_rng(5)
    sent = fakes(responses - honest, remainder)
    gains, tried = [], 0
    for _ in range(trials):
        chosen = everybody[random.choice(len(everybody), honest, replace=False)]
        made = list(guesses(chosen, sent))
        tried += len(made)
        gains.append(np.mean([attacked - guessed for attacked, guessed in made]))
    return np.mean(gains), np.mean(gains) + Z95 * np.std(gains, ddof=1) / np.sqrt(trials), tried


def test_49_fakes_and_one_target_get_no_release():
    assert safe(np.concatenate([people(1)[:1], fakes(49, 0)])).refusal is Reason.TOO_FEW_FOR_OPEN_LINK


@pytest.mark.parametrize("remainder", [0, 2, 4])
def test_beside_ten_honest_people_fakes_learn_little_more_than_the_commonest_answer(remainder):
    _, upper, tried = gain(honest=10, responses=100, remainder=remainder, trials=TRIALS)
    assert tried >= 2000
    assert upper <= MOST


def test_beside_nobody_else_they_learn_everything():
    """What is not promised, and docs/anonymity.md says so: without other honest people nothing protects the target."""
    mean, _, _ = gain(honest=1, responses=100, remainder=2, trials=4)
    assert mean > 0.3
