"""What is written can be read by others, and cannot be mistaken for answers."""

import csv
import io

from frictionless import Resource

from reports.like import draw, readme, rows
from tests.unit.reports.like.documents import one, report
from tests.unit.reports.small import BOOK

DOCUMENT = report(
    one("age", 400, None, 300, groups=[[1, 2], [3], [4, 5]], no_answer=100),
    one("lang", 600, 400, groups=[["en"], ["zh-Hans", "ja"]]),
)
STAMP = "SIMULATED from small-1; not answers of people"


def drawn():
    return draw(DOCUMENT, BOOK, seed=2, n=50)


def test_it_is_csv_with_a_header_a_bom_and_a_row_for_every_person():
    content = rows(DOCUMENT, drawn())
    assert content.startswith(b"\xef\xbb\xbfsimulated,age,lang\r\n")
    found = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert len(found) == 50
    assert [int(row["age"]) for row in found] == drawn().columns["age"]
    assert {row["lang"] for row in found} == {"en", "zh-Hans", "ja"}


def test_every_row_is_stamped():
    found = csv.DictReader(io.StringIO(rows(DOCUMENT, drawn()).decode("utf-8-sig")))
    assert {row["simulated"] for row in found} == {STAMP}


def test_another_program_reads_numbers_as_numbers():
    with Resource(rows(DOCUMENT, drawn()), format="csv") as resource:
        found = resource.read_rows()
        assert {field.name: field.type for field in resource.schema.fields} == {
            "simulated": "string",
            "age": "integer",
            "lang": "string",
        }
    assert [row["age"] for row in found] == drawn().columns["age"]


def test_the_same_rows_are_the_same_bytes():
    assert rows(DOCUMENT, drawn()) == rows(DOCUMENT, drawn())


def test_the_page_beside_says_what_the_rows_are_and_how_they_came_about():
    text = readme(DOCUMENT, drawn(), "rows.csv").decode()
    assert text.startswith("# rows.csv: invented rows\n")
    assert STAMP in text
    assert "50 invented people" in text
    assert "evenly: `age`, `lang`." in text
    assert "never zero: `age`." in text
    assert "rehearsal" not in text


def test_the_page_says_that_a_release_was_a_rehearsal():
    assert "is of a rehearsal" in readme({**DOCUMENT, "rehearsal": True}, drawn(), "rows.csv").decode()
