"""The table of who may ask for what names every address of the service, and the service does what the table says."""

from collections.abc import Iterator

import pytest
from rest_framework.views import APIView

from config import embedded
from config.role_matrix import PEOPLE, ROLE_MATRIX, YES, document
from tests.integration.access.addresses import patterns
from tests.integration.access.company import Company

KNOWN = dict(patterns())
PARTS = sorted({pattern.partition("/")[0] for pattern in KNOWN})


def test_every_address_is_in_the_table_and_no_other() -> None:
    assert {pattern for _, pattern in ROLE_MATRIX} == set(KNOWN), "add rows to config/role_matrix.py"


def test_the_written_page_is_current() -> None:
    page = (embedded.ROOT / "docs" / "role-matrix.md").read_text(encoding="utf-8")
    assert page == document(), "run: manage.py role_matrix"


@pytest.mark.parametrize("part", PARTS)
def test_the_service_answers_as_the_table_says(company: Company, part: str) -> None:
    rows = {row: outcomes for row, outcomes in ROLE_MATRIX.items() if row[1].partition("/")[0] == part}
    found = {row: tuple(company.outcome(who, *row) for who in PEOPLE) for row in rows}
    assert found == rows


@pytest.mark.parametrize("part", PARTS)
def test_a_method_without_a_row_is_refused_to_everybody(company: Company, part: str) -> None:
    taken = [
        (method, pattern, who, company.ask(who, method, pattern).status_code)
        for method, pattern in _unnamed(part)
        for who in ("stranger", "admin")
        if company.outcome(who, method, pattern) == YES
    ]
    assert taken == []


def _unnamed(part: str) -> Iterator[tuple[str, str]]:
    for pattern, found in KNOWN.items():
        is_operation = issubclass(getattr(found.callback, "view_class", type), APIView)
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE") if is_operation else ("GET", "POST"):
            if pattern.partition("/")[0] == part and (method, pattern) not in ROLE_MATRIX:
                yield method, pattern
