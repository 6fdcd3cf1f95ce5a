"""What people wrote, in every file of a report: as its writers allowed, in the language and direction it needs."""

import csv
import io
from datetime import date

import pypdf
import pytest
from openpyxl import load_workbook

from reports.attack import Bundle, attack, read
from reports.attack.release import Release
from reports.attack.testimonies import texts as attacked
from reports.disclosure import protect
from reports.plan import PlanError, load_plan
from reports.render import Meta, bundle, languages, reader, render_files
from reports.render.document import build, canonical
from reports.render.testimonies import counts
from reports.render.webpage import webpage
from survey.instrument.texts import load_catalogue
from tests.unit.reports.attack.releases import BOOK, FOLDER, INSTRUMENT, WAVES, exact, people
from tests.unit.reports.small import BOOK as SMALL_BOOK

PLAN = """\
plan: words
version: "1"
instrument: mris
title: {en: Words}
planned: 2026-11-23
sections:
  T1:
    title: {en: Who answered}
    tables: age lang
  T16:
    title: {en: Testimonies}
    testimonies: true
"""
SPOKEN = ("en", "ar")
ARABIC = "كتبت هنا ما حدث\nفي الأيام الأولى"
NAMED = {
    "use": 3,
    "words": {"ar": {"tst": ARABIC}, "en": {"tst": "What happened in the first days"}},
    "original": {"tst": ARABIC},
    "language": "ar",
    "group": None,
}
UNNAMED = {
    "use": 2,
    "words": {tag: {"tst": f'=HYPERLINK("x") <b>{tag}</b> #eval("1")', "tst_2": f"Then, in {tag}"} for tag in SPOKEN},
    "original": None,
    "language": None,
    "group": 2,
}
STORED = {
    "finished": True,
    "total": 40,
    "by_use": [[[1], 10], [[2, 3], 30]],
    "by_language": [["en", 25], ["ar", None], ["ja", None]],
    "quotes": [UNNAMED, NAMED],
}


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    path = tmp_path_factory.mktemp("plan") / "words.yaml"
    path.write_text(PLAN, encoding="utf-8")
    plan = load_plan(path, BOOK)
    cube = protect(exact(people()[:300], WAVES, plan), plan, BOOK)
    texts = {tag: reader(INSTRUMENT, load_catalogue(INSTRUMENT, FOLDER, tag)) for tag in languages() if tag in SPOKEN}
    meta = Meta("mris-1", "mris", True, INSTRUMENT.digest, date(2026, 11, 24))
    return cube, plan, BOOK, texts, meta


@pytest.fixture(scope="module")
def files(parts):
    return render_files(*parts, {"testimonies": STORED})


@pytest.fixture(scope="module")
def document_of(parts):
    return lambda **changes: build(*parts, {"testimonies": {**STORED, **changes}})


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def pdf_text(content):
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_numbers_of_texts_stand_in_their_own_file_hidden_ones_marked(files):
    counted = {(row["by"], row["codes"]): row["count"] for row in rows(files["testimonies.csv"])}
    assert counted == {
        ("total", ""): "40", ("tst_use", "1"): "10", ("tst_use", "2 3"): "30",
        ("lang", "en"): "25", ("lang", "ar"): ":", ("lang", "ja"): ":",
    }  # fmt: skip


def test_quotes_stand_by_consent_level_and_name_only_what_was_allowed(files):
    quoted = rows(files["testimonies/en.csv"])
    assert [(row["number"], row["consent"], row["language"], bool(row["group"])) for row in quoted] == [
        ("1", "3", "ar", False), ("2", "2", "", True), ("2", "2", "", True),
    ]  # fmt: skip
    assert (quoted[0]["text"], quoted[0]["original"]) == ("What happened in the first days", ARABIC)


def test_an_original_keeps_its_language_and_direction_in_the_page(files):
    page = files["report.html"].decode()
    assert f'<blockquote lang="ar" dir="rtl"><p>{ARABIC}</p>' in page
    assert '<blockquote lang="en" dir="ltr"><p>What happened in the first days</p>' in page
    assert "&lt;b&gt;en&lt;/b&gt;" in page
    arabic = files["report.ar.html"].decode()
    assert arabic.count(ARABIC) == 1
    assert "What happened in the first days" not in arabic


def test_the_pdf_quotes_both_directions_and_can_be_read_out(files):
    for name in ("report.pdf", "report.ar.pdf"):
        assert b"<pdfuaid:part>1</pdfuaid:part>" in files[name]
        assert "\ufffd" not in pdf_text(files[name])
    assert "حدث" in pdf_text(files["report.pdf"])
    assert "What happened in the first days" in pdf_text(files["report.pdf"])


def test_the_spreadsheet_holds_every_quote_as_text(files):
    cells = [cell for row in load_workbook(io.BytesIO(files["report.xlsx"]))["T16"].iter_rows() for cell in row]
    assert ARABIC in {cell.value for cell in cells}
    formulas = [cell for cell in cells if str(cell.value).startswith("=HYPERLINK")]
    assert [cell.data_type for cell in formulas] == ["s"]


def test_the_attack_finds_nothing_in_a_bundle_with_quotes(files, tmp_path):
    (tmp_path / "one.zip").write_bytes(bundle(files))
    found = {one.name: one.examples for one in attack([read(tmp_path / "one.zip")]) if not one.ok}
    assert found == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"by_use": [[[1], 7], [[2, 3], 33]]},
        {"by_language": [["en", 35], ["ar", None]]},
        {"quotes": [{**UNNAMED, "words": {"en": UNNAMED["words"]["en"]}}]},
    ],
)
def test_the_attack_finds_numbers_and_languages_that_are_told(document_of, changes):
    told, safe = (Bundle("one", {"report.json": canonical(one)}) for one in (document_of(**changes), document_of()))
    assert attacked([Release(told)]).recovered > 0
    assert attacked([Release(safe)]).recovered == 0


def test_before_moderation_ends_one_line_says_so(document_of):
    document = document_of(finished=False)
    assert "Moderation is not finished" in webpage(document, "en").decode()
    assert (document["testimonies"]["counts"], document["testimonies"]["quotes"]) == ([], [])
    assert rows(counts(document)) == []


def test_too_few_texts_are_not_counted_in_words_either(document_of):
    document = document_of(total=None, by_use=[[[1], None], [[2, 3], None]], quotes=[])
    page = webpage(document, "en").decode()
    assert "too few did" in page
    assert "No text is quoted" in page


def test_a_plan_asks_for_texts_only_where_the_questionnaire_does(tmp_path):
    path = tmp_path / "words.yaml"
    path.write_text(PLAN.replace("instrument: mris", "instrument: small").replace("age lang", "age"))
    with pytest.raises(PlanError, match="asks for no text"):
        load_plan(path, SMALL_BOOK)
