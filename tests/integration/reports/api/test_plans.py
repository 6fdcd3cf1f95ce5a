"""Analysis plans and their hashes."""

import pytest

from reports import queries
from tests.integration.reports.api.callers import researcher

pytestmark = pytest.mark.django_db


def test_the_list_names_each_plan_with_its_hash() -> None:
    listed = researcher().get("plans/").json()["results"]
    assert [one["name"] for one in listed] == queries.plan_names()
    assert listed[0]["sha256"] == queries.plan("mris").digest
    assert "tables" not in listed[0]


def test_a_plan_has_its_tables_in_order() -> None:
    plan, shown = queries.plan("mris"), researcher().get("plans/mris/").json()
    assert [(one["id"], one["section"], tuple(one["variables"])) for one in shown["tables"]] == [
        (one.id, one.section, one.variables) for one in plan.tables
    ]
    assert [one["id"] for one in shown["sections"]] == [one.id for one in plan.sections]
    assert shown["planned_on"] == plan.planned_on.isoformat()
    assert shown["title"] == plan.title
