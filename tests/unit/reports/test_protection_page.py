"""What reviewers read about protection."""

import json

import pytest

from reports.pages.protection import STATES, _share, protection
from tests.unit.reports.attack.releases import bundle, people, safe


@pytest.fixture(scope="module")
def document():
    return json.loads(bundle(safe(people()), tags=("en",)).files["report.json"])


def test_every_planned_table_stands_in_one_group(document):
    told = protection(document, "en")
    assert list(told.groups) == [state for state in STATES if state in told.groups]
    assert sum(map(len, told.groups.values())) == told.planned == len(document["tables"])
    assert (told.withheld, told.with_hidden_cells, told.joined, told.as_asked) == tuple(map(told.count, STATES))


def test_what_could_be_told_at_best_is_the_audit_s(document):
    told = protection(document, "en")
    assert told.hidden_cells == sum(
        cell["count"] is None for table in document["tables"] if table["visible"] for cell in table["cells"]
    )
    assert told.narrowest >= 5
    assert told.programs >= 2 * told.hidden_cells


def test_a_joined_table_names_its_categories_and_a_withheld_one_its_reason(document):
    told = protection(document, "en")
    assert all(" | " in entry.detail for entry in told.groups["joined"])
    assert all(entry.detail.endswith(".") for entry in told.groups.get("withheld", ()))


def test_a_release_of_an_earlier_version_has_no_audit(document):
    assert protection({key: value for key, value in document.items() if key != "audit"}, "en").hidden_cells == 0


@pytest.mark.parametrize("flagged", [1, "yes"])
def test_a_flag_is_found_by_either_of_its_codes(flagged):
    cells = [{"percent": 93}, {"percent": 7}]
    table = {"categories": [[{"codes": [0]}, {"codes": [flagged]}]], "cells": cells}
    assert _share(table) == "5 %"
    assert _share({**table, "cells": [cells[0], {"percent": None}]}) == "not shown"
