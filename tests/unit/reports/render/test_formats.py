import io
import json
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pypdf
import pytest
import yaml
from openpyxl import load_workbook

from reports.render import render_files
from reports.render.prose import Part, parts
from tests.unit.reports.render.conftest import TEXTS
from tests.unit.reports.small import BOOK


@pytest.fixture
def document(files):
    return json.loads(files["report.json"])


@pytest.fixture
def hostile(cube, make_plan, meta):
    """The same report with labels that try to be formulas, markup, Typst, Markdown and control characters."""
    bad = '=HYPERLINK("x") <script>alert(1)</script> #eval("1") $x$ *b* ]] & \x07 '
    texts = {"en": lambda text: bad + text.source, "zh-Hans": TEXTS["zh-Hans"]}
    return render_files(cube, make_plan(), BOOK, texts, meta)


def _open(content):
    return load_workbook(io.BytesIO(content))


def _pdf_text(content):
    return " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


class Page(HTMLParser):
    """The tables of a page: caption -> rows of cell texts; and every tag."""

    def __init__(self, content):
        super().__init__()
        self.tables, self.tags, self.attributes, self._texts = {}, [], [], []
        self.feed(content.decode())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._rows.append([])
        if tag in ("caption", "th", "td", "small"):
            self._texts.append("")

    def handle_data(self, data):
        if self._texts:
            self._texts[-1] += data

    def handle_endtag(self, tag):
        if tag in ("caption", "th", "td", "small"):
            text = self._texts.pop()
            if tag == "caption":
                self._caption = text
            elif self._rows and tag != "small":
                self._rows[-1].append(text)
        elif tag == "table":
            self.tables[self._caption] = self._rows


def test_every_format_exists_in_every_language(files):
    for name in ("report.html", "report.pdf", "report.xlsx", "README.md"):
        stem, end = name.split(".")
        assert {name, f"{stem}.zh-Hans.{end}"} <= files.keys()


def test_two_builds_are_the_same_bytes(files, cube, make_plan, meta):
    assert render_files(cube, make_plan(), BOOK, TEXTS, meta) == files


def test_the_spreadsheet_holds_every_number_of_the_cells(files):
    sheet = _open(files["report.xlsx"])["cells"]
    header, *rows = sheet.iter_rows(values_only=True)
    written = [dict(zip(header, row, strict=True)) for row in rows]
    lines = files["cells.csv"].decode("utf-8-sig").splitlines()
    assert len(written) == len(lines) - 1
    ages = {row["cat1"]: row["value"] for row in written if (row["table_id"], row["measure"]) == ("t1_age", "count")}
    assert ages == {"1": 100, "2": 100, "3": 100, "4 5": 100}
    assert [row["value"] for row in written if row["table_id"] == "t2_role_03"] == [":", ":"]


def test_a_section_of_the_spreadsheet_shows_counts_percentages_and_hidden_ones(files):
    rows = [row[:4] for row in _open(files["report.xlsx"])["T1"].iter_rows(values_only=True)]
    assert ("45-54 or 55+", 100, 25, "20–30") in rows
    roles = [row[:4] for row in _open(files["report.xlsx"])["T2"].iter_rows(values_only=True)]
    assert ("friend", 30, 43, "31–56") in roles
    assert ("other", ":", ":", ":") in roles
    assert ("=tool", 10, ":", ":") in roles


def test_every_sheet_of_a_rehearsal_is_stamped(files):
    for sheet in _open(files["report.zh-Hans.xlsx"]):
        assert "演练" in sheet.oddHeader.center.text


def test_no_text_of_the_spreadsheet_is_a_formula_or_a_link(hostile):
    book = _open(hostile["report.xlsx"])
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert not any(cell.hyperlink for cell in cells)
    assert any(str(cell.value).startswith("=HYPERLINK") for cell in cells)


def test_the_page_holds_the_numbers_and_needs_nothing_else(files):
    page = Page(files["report.html"])
    row = next(row for row in page.tables["age"] if row[0] == "45-54 or 55+")
    assert row[2].startswith("25 %")
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert not [value for name, value in page.attributes if name in ("src", "href") and not value.startswith("#")]
    assert page.attributes.count(("lang", "en")) == 1


def test_a_hostile_label_stays_text_in_the_page(hostile):
    page = Page(hostile["report.html"])
    assert "script" not in page.tags
    assert any("<script>alert(1)</script>" in caption for caption in page.tables)
    assert "\x07" not in hostile["report.html"].decode()


def test_the_pdf_says_what_the_report_says(files, document):
    text = _pdf_text(files["report.pdf"])
    assert document["stamp"]["en"] in text
    assert "45-54 or 55+" in text
    assert "20–30" in text.replace("\n", " ")
    assert pypdf.PdfReader(io.BytesIO(files["report.pdf"])).metadata.title.endswith("A small plan")
    assert "谁" in _pdf_text(files["report.zh-Hans.pdf"])


def test_every_letter_of_the_pdf_has_a_glyph(files):
    for name in ("report.pdf", "report.zh-Hans.pdf"):
        assert "\ufffd" not in _pdf_text(files[name])


def test_a_hostile_label_stays_text_in_the_pdf(hostile):
    assert '#eval("1")' in _pdf_text(hostile["report.pdf"]).replace("”", '"').replace("“", '"')


def test_a_letter_without_a_glyph_keeps_no_report_back(cube, make_plan, meta):
    files = render_files(cube, make_plan(), BOOK, {"en": lambda text: "\U0001f494 " + text.source}, meta)
    assert "A small plan" in _pdf_text(files["report.pdf"])


def test_the_citation_is_yaml_and_bibtex(files):
    cited = yaml.safe_load(files["CITATION.cff"])
    assert (cited["cff-version"], cited["version"], cited["license"]) == ("1.2.0", "demo-1", "CC-BY-4.0")
    assert cited["title"].startswith("REHEARSAL")
    assert files["citation.bib"].decode().startswith("@misc{demo-1,\n")


def test_figures_parse_and_have_a_title(files):
    for path, content in files.items():
        if path.endswith(".svg"):
            assert ET.fromstring(content).find("{http://www.w3.org/2000/svg}title").text


def test_prose_keeps_headings_apart_from_the_text_below_them():
    assert list(parts("# A\n\nb\nc\n## D\ne `f`\n- g\n  h\n- **i**\n")) == [
        *(Part("title", "A"), Part("paragraph", "b c"), Part("heading", "D"), Part("paragraph", "e f")),
        *(Part("item", "g h"), Part("item", "i")),
    ]


def test_pictures_with_arabic_texts_can_be_read_out_of_the_pdf(protected, make_plan, meta):
    """The dots of these letters are glyphs of their own: set inside a picture, they had no letter to stand for."""
    answers = {"att_1": {1: 100, 3: 100, 5: 200}, "att_2_r": {1: 100, 3: 100, 5: 200}}
    texts = {"ar": lambda text: "هناك بعض " + text.source}
    files = render_files(protected(400, answers), make_plan(), BOOK, texts, meta)
    assert "figures/ar/t2_att_likert.svg" in files
    assert b"<pdfuaid:part>1</pdfuaid:part>" in files["report.pdf"]


def test_the_direction_of_the_page_does_not_turn_the_texts_of_pictures_round(files):
    """They are mirrored already when they are drawn; a second time would lay them over the bars."""
    assert ".picture svg { display: block; direction: ltr;" in files["report.html"].decode()
