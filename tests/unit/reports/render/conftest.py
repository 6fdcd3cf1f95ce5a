from datetime import date

import pytest

from reports.render import Meta, render_files
from tests.unit.reports.small import BOOK

TEXTS = {"en": lambda text: text.source, "zh-Hans": lambda text: "中" + text.source}

MIXED = {
    "age": {1: 100, 2: 100, 3: 100, 4: 91, 5: 9},
    "gen": {1: 150, 2: 170, 3: 4, -5: 76},
    "lang": {"en": 391, "ja": 9},
    "role_01": {0: 12, 1: 10, -5: 378},
    "role_02": {0: 40, 1: 30, -7: 330},
    "role_03": {0: 399, 1: 1},
    "att_1": {1: 40, 2: 41, 3: 42, 4: 43, 5: 234},
}
"""400 people: tables as asked, joined, withheld, with a small base and with one too small for percentages."""


@pytest.fixture
def meta():
    return Meta("demo-1", "demo", rehearsal=True, instrument_digest="0" * 64, made_on=date(2026, 11, 23))


@pytest.fixture
def cube(protected):
    return protected(400, MIXED)


@pytest.fixture
def files(cube, make_plan, meta):
    return render_files(cube, make_plan(), BOOK, TEXTS, meta)
