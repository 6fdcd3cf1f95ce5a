import csv
import io
import json

import pytest

from reports.render.csvfile import write
from reports.render.tables import CELLS
from tests.unit.reports.small import BOOK


def read(content):
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_tidy_file_has_exactly_these_columns(files):
    header = "table_id,var1,cat1,var2,cat2,measure,value,lower,upper,obs_status,conf_status"
    assert files["cells.csv"].decode("utf-8-sig").splitlines()[0] == header == ",".join(CELLS)


def test_every_count_of_the_tidy_file_is_the_protected_cubes(files, cube):
    counts = [row for row in read(files["cells.csv"]) if row["measure"] == "count"]
    shown = {(row["table_id"], row["cat1"]): row["value"] for row in counts}
    expected = {
        (table.id, " ".join(map(str, codes))): ":" if count is None else str(count)
        for table in cube.tables
        for codes, count in zip(table.categories[0], table.counts, strict=True)
    }
    assert shown == expected
    assert len(shown) == len(counts)


def test_hidden_numbers_are_marked_and_never_blank_or_zero(files, cube):
    rows = read(files["cells.csv"])
    withheld = {table.id for table in cube.tables if not table.visible}
    hidden = [row for row in rows if row["table_id"] in withheld]
    assert withheld == {row["table_id"] for row in hidden}
    assert {(row["value"], row["obs_status"], row["conf_status"]) for row in hidden} == {(":", "Q", "C")}
    assert all(row["value"] not in ("", "0") for row in rows)


def test_percentages_have_intervals_and_a_status(files):
    rows = {(row["table_id"], row["cat1"], row["measure"]): row for row in read(files["cells.csv"])}
    status = {key: (row["value"], row["lower"], row["upper"], row["obs_status"]) for key, row in rows.items()}
    assert status["t1_age", "4 5", "percent"] == ("25", "20", "30", "A")
    assert status["t2_role_02", "1", "percent"][0::3] == ("43", "U")
    assert status["t2_role_01", "1", "percent"] == (":", "", "", "Q")
    assert rows["t2_role_01", "1", "percent"]["conf_status"] == "F"


def test_who_stands_outside_a_table_is_given_beside_it(files):
    rows = {(row["table_id"], row["measure"]): row["value"] for row in read(files["cells.csv"])}
    assert rows["t1_gen", "base"] == "320"
    assert rows["t1_gen", "no_answer"] == "80"
    assert rows["t1_gen", "not_asked"] == ":"


def test_a_table_of_its_own_has_labels_in_its_language_and_the_same_numbers(files):
    english, chinese = (read(files[f"tables/{language}/t1_age.csv"]) for language in ("en", "zh-Hans"))
    numbers = ["codes", "count", "percent", "lower", "upper", "status"]
    assert [[row[key] for key in numbers] for row in english] == [[row[key] for key in numbers] for row in chinese]
    assert [row["label"] for row in english] == [
        "18-24", "25-34", "35-44", "45-54 or 55+", "Base of percentages", "No answer", "Not asked",
    ]  # fmt: skip
    assert [row["label"] for row in chinese][3:5] == ["中45-54或中55+", "百分比基数"]
    assert [row["status"] for row in english] == ["shown"] * 5 + ["under 10"] * 2


def test_a_withheld_table_has_its_file_too(files):
    rows = read(files["tables/en/t2_role_03.csv"])
    assert [(row["label"], row["count"], row["percent"], row["status"]) for row in rows] == [
        ("not ticked", ":", ":", "hidden"),
        ("ticked", ":", ":", "hidden"),
    ]


def test_the_codebook_has_a_row_per_code_and_a_column_per_language(files):
    rows = read(files["codebook.csv"])
    assert len(rows) == sum(len(variable.codes) for variable in BOOK.variables)
    friend = next(row for row in rows if row["variable"] == "role_02" and row["code"] == "1")
    assert (friend["text_en"], friend["text_zh-Hans"], friend["label_en"]) == ("friend", "中friend", "ticked")


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1", "'  =1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1+1", "'＝1+1"),
        ("a=b", "a=b"),
        ("-5", "-5"),
        ("-5.5", "-5.5"),
        (-5, "-5"),
        (None, ""),
        ("", ""),
    ],
)
def test_a_spreadsheet_never_calculates_a_text(text, stored):
    (row,) = read(write(["field"], [[text]])) or [{"field": ""}]
    assert row["field"] == stored


def test_labels_that_look_like_formulas_are_neutralised_in_every_file(files):
    for path, content in files.items():
        if path.endswith(".csv"):
            fields = [field for row in read(content) for field in row.values()]
            assert not any(field.startswith(("=", "+", "@", "-")) for field in fields), path
    assert "'=tool" in files["tables/en/t2_role_01.csv"].decode()


def test_the_audit_says_what_was_joined_or_withheld_and_why(files):
    audit = json.loads(files["audit.json"])
    assert audit["tables"] == {"planned": 9, "joined": 2, "withheld": 4, "as_asked": 3}
    assert {reason: entry["tables"] for reason, entry in audit["reasons"].items()} == {"small_cells": 4, "full_cell": 4}
    log = {entry["table"]: entry for entry in audit["log"]}
    assert (log["t1_age"]["state"], log["t1_age"]["levels"], log["t1_age"]["coarsest"]) == ("joined", [1], [3])
    assert audit["parameters"]["small_cell_below"] == 10
