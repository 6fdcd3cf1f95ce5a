"""The codebook of an instrument, one language at a time."""

import csv
import io

import pytest

from survey.queries import codebook
from tests.integration.reports.api.callers import refused, researcher

pytestmark = pytest.mark.django_db


def test_it_has_every_variable_with_its_codes_in_order() -> None:
    book, shown = codebook("mris"), researcher().get("codebooks/mris/").json()
    assert (shown["instrument"], shown["version"], shown["language"]) == ("mris", "1", "en")
    assert [one["name"] for one in shown["variables"]] == [one.name for one in book.variables]
    for variable in shown["variables"]:
        assert [one["code"] for one in variable["codes"]] == list(book[variable["name"]].codes)
        assert len(variable["levels"]) == len(book[variable["name"]].levels)


def test_levels_join_codes_and_name_them() -> None:
    (age,) = (one for one in researcher().get("codebooks/mris/").json()["variables"] if one["name"] == "age")
    finest, *_, coarsest = age["levels"]
    assert [one["codes"] for one in finest] == [[one["code"]] for one in age["codes"]]
    assert len(coarsest) < len(finest)
    assert all(category["label"] for level in age["levels"] for category in level)


def test_another_language_changes_words_only() -> None:
    english, chinese = (researcher().get(f"codebooks/mris/?language={tag}").json() for tag in ("en", "zh-Hans"))
    assert chinese["language"] == "zh-Hans"
    names = [[(one["name"], one["position"]) for one in book["variables"]] for book in (english, chinese)]
    assert names[0] == names[1]
    assert english["variables"][5]["text"] != chinese["variables"][5]["text"]


def test_a_language_without_texts_is_refused_with_those_there_are() -> None:
    response = researcher().get("codebooks/mris/?language=tlh")
    assert refused(response) == (400, "invalid")
    assert "zh-Hans" in response.json()["fields"]["language"]


@pytest.mark.parametrize(
    ("address", "headers"), [("codebooks/mris/?format=csv", {}), ("codebooks/mris/", {"accept": "text/csv"})]
)
def test_as_csv_it_has_a_row_per_code(address: str, headers: dict[str, str]) -> None:
    response = researcher().get(address, **headers)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    expected = [(one.name, str(code)) for one in codebook("mris").variables for code in one.codes]
    assert [(row["variable"], row["code"]) for row in rows] == expected


def test_a_refusal_is_json_also_where_csv_was_asked_for() -> None:
    assert refused(researcher().get("codebooks/nothing/?format=csv")) == (404, "not_found")
