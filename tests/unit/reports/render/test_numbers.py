"""Every number in every format is that of the cube; and with protection off, that of a recount by other means."""

import csv
import io
import random
import re
from collections import Counter
from itertools import product

import numpy as np
import pypdf
import pytest
from openpyxl import load_workbook

from reports.disclosure import ProtectedCube, ProtectedTable, Tier, protect
from reports.render import render_files
from reports.tabulate import count, workload
from survey.instrument.codebook import decode
from tests.unit.reports.render.conftest import TEXTS
from tests.unit.reports.small import BOOK, lines

CROSSED = lines(("    tables: role att\n", "    tables: role att\n    crosstabs: [{rows: att_1, columns: gen}]\n"))


@pytest.fixture(scope="module")
def answers():
    """Codes of 600 people, drawn unevenly; now and then nothing."""
    chosen = random.Random(5)
    rows = [[_byte(chosen, len(variable.codes)) for variable in BOOK.coded] for _ in range(600)]
    codes = np.array(rows, np.uint8)
    codes[:, BOOK["role_03"].position] = [2, 2, 2] + [1] * 597  # so few that the table is withheld
    return codes


def _byte(chosen, codes):
    return chosen.choice((0, 255)) if chosen.random() < 0.1 else 1 + min(int(codes * chosen.random() ** 1.5), codes - 1)


@pytest.fixture
def plan(make_plan):
    return make_plan(CROSSED)


@pytest.fixture
def exact(answers, plan):
    return count([answers], workload(plan, BOOK), ("small/1",))


def bare(exact, plan):
    """What would be published without any protection: every count as it is, in every category by itself."""
    return ProtectedCube(
        plan=plan.digest,
        instrument="small",
        version="1",
        waves=exact.waves,
        n=exact.n,
        tier=Tier.WHOLE,
        tables=tuple(_bare_table(spec, exact) for spec in plan.tables),
    )


def _bare_table(spec, exact):
    counts = exact.two[spec.variables] if spec.crossed else exact.one[spec.variables[0]]
    inner = counts[tuple(slice(1, -1) for _ in spec.variables)]
    categories = tuple(tuple((code,) for code in BOOK[name].codes) for name in spec.variables)
    return ProtectedTable(spec.id, spec.variables, (0,) * inner.ndim, categories, tuple(inner.ravel().tolist()), 50, 50)


def in_cells(files):
    """(table, first code, second code) -> count."""
    rows = csv.DictReader(io.StringIO(files["cells.csv"].decode("utf-8-sig")))
    return {(row["table_id"], row["cat1"], row["cat2"]): row["value"] for row in rows if row["measure"] == "count"}


def test_without_protection_the_counts_are_those_of_a_recount(answers, exact, plan, meta):
    people = [decode(BOOK, row.tolist()) for row in answers]
    files = render_files(bare(exact, plan), plan, BOOK, TEXTS, meta)
    shown = in_cells(files)
    for spec in plan.tables:
        counted = Counter(tuple(person[name] for name in spec.variables) for person in people)
        for codes in product(*(BOOK[name].codes for name in spec.variables)):
            first, second = str(codes[0]), str(codes[1]) if spec.crossed else ""
            assert int(shown[spec.id, first, second]) == counted[codes], (spec.id, codes)


def numbers(table):
    return [":" if count is None else str(count) for count in table.counts]


@pytest.mark.parametrize("protection", ["on", "off"])
def test_every_format_holds_the_numbers_of_the_cube(exact, plan, meta, protection):
    cube = protect(exact, plan, BOOK) if protection == "on" else bare(exact, plan)
    files = render_files(cube, plan, BOOK, TEXTS, meta)
    cells, sheets = in_cells(files), load_workbook(io.BytesIO(files["report.xlsx"]))
    page = files["report.html"].decode()
    pdf = " ".join(part.extract_text() for part in pypdf.PdfReader(io.BytesIO(files["report.pdf"])).pages)
    pdf = re.sub(r"\s+", " ", pdf)
    assert any(not table.visible for table in cube.tables) or protection == "off"
    for table in cube.tables:
        assert [value for (name, *_), value in cells.items() if name == table.id] == numbers(table)
        alone = csv.DictReader(io.StringIO(files[f"tables/en/{table.id}.csv"].decode("utf-8-sig")))
        assert [row["count"] for row in alone if row["row"] == "category"] == numbers(table)
        if table.visible and not files_of_options(table):
            assert in_sheet(sheets, table) == numbers(table)
            assert in_page(page, table) == numbers(table)
            assert all(f"n {number}" in pdf for number in numbers(table) if shown_with_percent(table, number))


def files_of_options(table):
    """The options of a multiple choice share one block, which shows who ticked them."""
    return BOOK[table.variables[0]].kind == "M"


def titles(table):
    return " × ".join(BOOK[name].text.source for name in table.variables)


def in_sheet(book, table):
    """Counts below the title of the table: every third column of its rows."""
    (section,) = (sheet for sheet in book if sheet.title == table.id.split("_")[0].upper())
    rows = [[cell.value for cell in row] for row in section.iter_rows()]
    begin = next(at for at, row in enumerate(rows) if row[0] == titles(table)) + 2
    width = len(table.categories[1]) if len(table.variables) == 2 else 1
    lines = rows[begin : begin + len(table.categories[0])]
    return [str(line[1 + 3 * column]) for line in lines for column in range(width)]


def in_page(page, table):
    """Counts of the cells, which stand behind "n", or as a number of people where there is no percentage."""
    part = page.partition(f'id="{table.id}"')[2].partition("</table>")[0]
    cells = re.findall(r'<td class="number">(.*?)</td>', part)
    return [":" if cell == "not shown" else _count_in(cell) for cell in cells]


def _count_in(cell):
    behind, alone = re.search(r"n (\d+)|^(\d+) people", cell).groups()
    return behind or alone


def shown_with_percent(table, number):
    return number != ":" and len(table.variables) == 1 and table.has_percentages
