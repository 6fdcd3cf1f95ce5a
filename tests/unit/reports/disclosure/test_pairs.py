"""Covariances of statements do not tell what all who gave one answer gave to another statement."""

from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from reports.disclosure.inversion import Known, of_variance
from reports.disclosure.pairs import Statement, is_mixed
from reports.plan import Plan
from tests.unit.reports.attack.releases import BOOK, PLAN, bundle, findings, people, safe


def statement(table):
    """What is published of the row variable of a table of counts, each category by itself."""
    counts = table.sum(axis=1)
    n, values = int(counts.sum()), np.arange(len(counts)).astype(float)
    mean = float(counts @ values) / n
    variance = float(counts @ (values - mean) ** 2) / (n - 1)
    known = [Known([at], count - 2, count + 2) for at, count in enumerate(counts.tolist())]
    return Statement(of_variance(values.tolist(), n, round(mean, 2), round(variance, 2), 2), known)


def covariance(table):
    n, steps = table.sum(), np.arange(len(table))
    means = table.sum(axis=1) @ steps / n, table.sum(axis=0) @ steps / n
    return round(float((steps - means[0]) @ table @ (steps - means[1])) / (n - 1), 2)


@pytest.mark.parametrize(("others", "mixed"), [(0, False), (4, True)])
@pytest.mark.parametrize("turned", [False, True])
def test_statements_that_are_answered_alike(others, mixed, turned):
    table = np.full((3, 3), others) + np.diag([70, 70, 70])
    table = table[:, ::-1] if turned else table
    assert is_mixed(statement(table), statement(table.T), covariance(table), 0.005) is mixed


def test_what_no_table_shows_is_not_told_by_any_category():
    table = np.diag([70, 70, 70])
    silent = replace(statement(table), known=())
    assert is_mixed(silent, silent, covariance(table), 0.005)


def only(scale: str) -> Plan:
    """The plan with one scale and the tables of its rows."""
    rows = {row for row, _ in BOOK.scales[scale].rows}
    return replace(
        PLAN,
        tables=tuple(spec for spec in PLAN.tables if {*spec.variables} <= rows),
        scales=tuple(spec for spec in PLAN.scales if (spec.scale, spec.by) == (scale, None)),
        moments=(),
        functioning=(),
        measures=(),
        regressions=(),
        summary=(),
    )


def answering_alike(apart):
    """300 people, of whom all but some answer every row of a scale alike."""
    codes, rows = people()[:300].copy(), [BOOK[row].position for row, _ in BOOK.scales["TRU"].rows]
    codes[:, rows] = np.tile(np.arange(300)[:, None] % 5 + 1, len(rows))
    codes[:apart, rows[1]] = np.arange(apart) // 5 % 5 + 1
    codes[:apart, rows[2]] = np.arange(apart) // 25 % 5 + 1
    codes[:, BOOK["tru_band"].position] = 0
    return codes


@pytest.mark.parametrize(("apart", "shown"), [(0, False), (150, True)])
def test_a_release_of_people_who_answer_all_rows_alike_has_no_covariances(apart, shown):
    (one,) = safe(answering_alike(apart), plan=only("TRU")).scales
    assert one.visible
    assert (one.moments is not None) is shown


def test_the_attack_finds_statements_that_are_answered_alike(monkeypatch):
    monkeypatch.setattr(import_module("reports.disclosure.scales"), "is_mixed", lambda *_: True)
    released = bundle(safe(answering_alike(0), plan=only("TRU")), plan=only("TRU"))
    assert any("answered alike" in line for line in findings(released, names=["means"])["means"].examples)
