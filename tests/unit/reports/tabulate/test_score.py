"""Scores counted from coded columns, against the rules that score single respondents."""

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.tabulate import Cube, count, score_column
from reports.tabulate.workload import Column, Workload
from survey.instrument.codebook import decode
from survey.instrument.score import Score, scale_rules
from survey.queries import codebook, load

BOOK = codebook("mris")
RULES = scale_rules(load("mris"))


def random_people(seed, n=400):
    """Every byte that each variable can have, all of them often."""
    random = np.random.default_rng(seed)
    codes = np.zeros((n, BOOK.width), np.uint8)
    for variable in BOOK.coded:
        values = np.array([0, 255, *range(1, len(variable.codes) + 1)], np.uint8)
        shares = np.array([0.05, 0.1, *[0.85 / len(variable.codes)] * len(variable.codes)])
        codes[:, variable.position] = random.choice(values, n, p=shares)
    return codes


def work(name, by="lang"):
    variable = BOOK[by]
    column = Column(by, variable.position, len(variable.codes))
    pairs = ((name, by),)
    return Workload(BOOK.width, (column,), scores=(score_column(BOOK, name),), score_pairs=pairs, product_pairs=pairs)


@given(st.sampled_from(sorted(RULES)), st.integers(0, 2**32))
@settings(max_examples=40, deadline=None)
def test_every_score_is_that_of_the_rule(name, seed):
    people = random_people(seed, 120)
    answers = [decode(BOOK, row) for row in people]
    scores = [RULES[name].score(one) for one in answers]
    counted = count([people], work(name)).scores[(name,)]
    low, steps = BOOK.scales[name].low, score_column(BOOK, name).steps
    found = Counter()
    for step, number in zip(steps, counted[1:-1].tolist(), strict=True):
        found[low + step] += number
    expected = Counter(Fraction(one.total, one.rows) for one in scores if isinstance(one, Score))
    assert +found == expected
    assert counted[0] + counted[-1] == sum(not isinstance(one, Score) for one in scores)
    assert counted[-1] == sum(one == -5 for one in scores if not isinstance(one, Score))


def test_scores_by_group_add_up_and_parts_can_be_merged():
    people = random_people(1)
    whole = count([people], work("ATT"))
    parts = count([people[:150]], work("ATT")).merge(count([people[150:]], work("ATT")))
    assert (whole.scores[("ATT", "lang")].sum(axis=1) == whole.scores[("ATT",)]).all()
    for names, counts in whole.scores.items():
        assert (parts.scores[names] == counts).all()
    stored = Cube.from_bytes(parts.to_bytes())
    assert (stored.products["ATT"] == whole.products["ATT"]).all()
    assert (stored.group_products["ATT", "lang"] == whole.group_products["ATT", "lang"]).all()


def test_cross_products_by_group_are_those_of_the_people_in_it():
    people = random_people(3, 1000)
    grouped = count([people], work("INS")).group_products["INS", "lang"]
    assert (grouped.sum(axis=0) == count([people], work("INS")).products["INS"]).all()
    bytes_ = [0, *range(1, len(BOOK["lang"].codes) + 1), 255]
    for byte, sums in zip(bytes_, grouped, strict=True):
        own = people[people[:, BOOK["lang"].position] == byte]
        assert (sums == count([own], work("INS")).products["INS"]).all()


def test_cross_products_by_two_variables_are_those_by_each():
    people, scale = random_people(4, 1000), work("INS")
    both = replace(
        scale,
        columns=(*scale.columns, *work("INS", "age").columns),
        score_pairs=(("INS", "lang"), ("INS", "age")),
        product_pairs=(("INS", "lang"), ("INS", "age")),
    )
    together = count([people], both).group_products
    for by in ("lang", "age"):
        assert (together["INS", by] == count([people], work("INS", by)).group_products["INS", by]).all()


@pytest.mark.parametrize("name", sorted(RULES))
def test_cross_products_are_those_of_the_people_who_answered_every_row(name):
    people = random_people(2, 3000)
    rows = np.array([people[:, BOOK[row].position] for row, _ in BOOK.scales[name].rows], np.int64)
    turned = np.array([reverse for _, reverse in BOOK.scales[name].rows])
    span = BOOK.scales[name].high - BOOK.scales[name].low
    whole = ((rows != 0) & (rows != 255)).all(axis=0)
    steps = np.where(turned[:, None], span - (rows - 1), rows - 1)[:, whole]
    sums = count([people], work(name)).products[name]
    assert sums[0, 0] == whole.sum() > 0
    assert (sums[0, 1:] == steps.sum(axis=1)).all()
    assert (sums[1:, 1:] == steps @ steps.T).all()
