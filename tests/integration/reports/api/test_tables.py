"""The tables of a release, as JSON and as the CSV that was reviewed."""

import csv
import io
from pathlib import Path

import pytest

from reports import queries
from reports.models import Release
from tests.integration.reports.api.callers import received, refused, researcher

TABLE = "releases/mris-1/tables/t2_age/"
CSV = "releases/mris-1/tables/t2_age.csv"


def released_csv(release: Release, language: str = "en", table: str = "t2_age") -> bytes:
    return queries.file_content(release.report, f"tables/{language}/{table}.csv")


def test_all_tables_of_the_plan_are_listed_those_withheld_too(release: Release) -> None:
    tables = researcher().get("releases/mris-1/tables/?page_size=500").json()["results"]
    document = queries.document(release.report)
    assert [one["id"] for one in tables] == [one["id"] for one in document["tables"]]
    assert {one["visible"] for one in tables} == {one["visible"] for one in document["tables"]}


def test_a_table_says_what_the_report_says(release: Release) -> None:
    table = researcher().get(TABLE, accept="application/json").json()
    (written,) = (one for one in queries.document(release.report)["tables"] if one["id"] == "t2_age")
    common = set(table) & set(written)
    assert {"cells", "categories", "base", "no_answer", "visible", "reasons"} <= common
    assert {key: table[key] for key in common} == {key: written[key] for key in common}
    assert (table["url"], table["csv"]) == (f"http://testserver/api/v1/{TABLE}", f"http://testserver/api/v1/{CSV}")


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        (CSV, {}),
        (CSV, {"accept": "application/json"}),
        (TABLE, {"accept": "text/csv"}),
        (TABLE, {}),
        (f"{TABLE}?format=csv", {"accept": "*/*"}),
    ],
)
def test_as_csv_it_is_the_released_file(release: Release, address: str, headers: dict[str, str]) -> None:
    response = researcher().get(address, **headers)
    assert (content := received(response)) == released_csv(release)
    assert content.startswith(b"\xef\xbb\xbf")
    assert response["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    ("address", "accept"),
    [(TABLE, "*/*"), (TABLE, "application/json"), (TABLE, "text/html,*/*;q=0.8"), (f"{TABLE}?format=json", "*/*")],
)
def test_who_takes_anything_gets_json(release: Release, address: str, accept: str) -> None:
    assert researcher().get(address, accept=accept)["Content-Type"] == "application/json"


def test_a_dataframe_library_needs_only_the_address(release: Release) -> None:
    rows = list(csv.DictReader(io.StringIO(received(researcher().get(TABLE)).decode("utf-8-sig"))))
    (written,) = (one for one in queries.document(release.report)["tables"] if one["id"] == "t2_age")
    counts = [int(row["count"]) for row in rows if row["row"] == "category"]
    assert counts == [cell["count"] for cell in written["cells"]]
    assert counts


def test_a_language_is_chosen(release: Release) -> None:
    response = researcher().get(f"{CSV}?language=zh-Hans")
    assert received(response) == released_csv(release, "zh-Hans") != released_csv(release)


def test_a_language_that_the_report_lacks_is_refused_with_those_it_has(release: Release) -> None:
    response = researcher().get(f"{CSV}?language=tlh")
    assert refused(response) == (400, "invalid")
    assert response.json()["fields"]["language"] == queries.document(release.report)["languages"]


@pytest.mark.parametrize(
    "address",
    [
        "releases/mris-1/tables/t2_nothing/",
        "releases/mris-1/tables/t2_nothing.csv",
        "releases/mris-9/tables/t2_age/",
        "releases/mris-9/tables/",
    ],
)
def test_what_is_not_there_is_not_found(release: Release, address: str) -> None:
    assert refused(researcher().get(address, accept="*/*"))[0] == 404


def test_a_client_that_has_the_table_is_not_sent_it_again(release: Release) -> None:
    first = researcher().get(CSV)
    again = researcher().get(CSV, if_none_match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])


def test_an_unheard_of_format_is_refused(release: Release) -> None:
    assert refused(researcher().get(f"{TABLE}?format=xml"))[0] == 404
    assert refused(researcher().get(TABLE, accept="image/png"))[0] == 406


def test_a_damaged_file_is_never_sent(release: Release, own_storage: Path) -> None:
    sha256 = queries.artifact(release.report, "tables/en/t2_age.csv").sha256
    (own_storage / sha256[:2] / sha256).write_bytes(b"count\n7\n")
    assert refused(researcher().get(CSV)) == (409, "files_differ")
