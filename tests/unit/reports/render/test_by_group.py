"""Reliability, moments and item functioning by language: in every file, and as recounted from the answers."""

import csv
import io
import json
import shutil
import subprocess
from functools import cache

import numpy as np
import pytest

from reports.estimate import Rows, alpha, functioning
from tests.unit.reports.attack.releases import BOOK, bundle, findings
from tests.unit.reports.by_language import complete, offered, protected, spoken

HAS_LAVAAN = (
    bool(shutil.which("Rscript"))
    and not subprocess.run(["Rscript", "-e", "library(lavaan)"], capture_output=True, check=False).returncode
)


@cache
def release(**languages):
    codes = spoken(complete(), **languages)
    return codes, bundle(protected(codes), plan=offered(codes))


def statistic(released, table_id):
    (found,) = (one for one in released.document["statistics"] if one["id"] == table_id)
    return {(row["name"], row["codes"]): row["values"] for row in found["rows"]}, found["notes"]


def file(released, path):
    return list(csv.reader(io.StringIO(released.files[path].decode("utf-8-sig"))))


def answers(codes):
    rows = codes[:, [BOOK[row].position for row, _ in BOOK.scales["INS"].rows]].astype(float)
    rows[:, 2] = 6 - rows[:, 2]
    return rows


def test_alpha_of_a_language_is_that_of_its_people():
    codes, released = release(en=400, ja=300)
    values, _ = statistic(released, "t4_alpha_by_lang")
    for name, own in (("en", codes[:400]), ("ja", codes[400:])):
        found = values["INS", name]
        assert found["n"] == len(own)
        assert found["alpha"] == pytest.approx(alpha(np.cov(answers(own), rowvar=False)), abs=0.02)
        assert found["alpha_lower"] < found["alpha"] < found["alpha_upper"]


def test_each_language_has_a_file_of_means_and_covariances():
    codes, released = release(en=400, ja=300)
    (head, *lines) = file(released, "scales/INS_lang_ja.csv")
    assert head == ["row", "mean", "ins_1", "ins_2", "ins_3_r"]
    numbers = np.array([line[1:] for line in lines], float)
    assert np.allclose(numbers[:, 0], answers(codes[400:]).mean(axis=0), atol=0.006)
    assert np.allclose(numbers[:, 1:], np.cov(answers(codes[400:]), rowvar=False), atol=0.006)
    listed = {one["path"]: one for one in json.loads(released.files["datapackage.json"])["resources"]}
    fields = listed["scales/INS_lang_ja.csv"]["schema"]["fields"]
    assert [(one["name"], one["type"]) for one in fields] == [
        ("row", "string"), *((name, "number") for name in ("mean", "ins_1", "ins_2", "ins_3_r")),
    ]  # fmt: skip


def test_a_line_of_r_names_the_files_and_the_people_of_each_language():
    _, released = release(en=400, ja=300)
    _, notes = statistic(released, "t4_ins_items")
    line = notes[-1]["en"]
    assert 'c("INS_lang_en", "INS_lang_ja")' in line
    assert "sample.nobs = list(400, 300)" in line
    assert all(f"scales/{name}.csv" in released.files for name in ("INS_lang_en", "INS_lang_ja"))


@pytest.mark.skipif(not HAS_LAVAAN, reason="R with lavaan is not installed")
def test_the_lines_of_r_fit_the_factor_in_all_and_in_each_language(tmp_path):
    _, released = release(en=400, ja=300)
    _, notes = statistic(released, "t4_ins_items")
    (tmp_path / "scales").mkdir()
    for path, content in released.files.items():
        if path.startswith("scales/"):
            (tmp_path / path).write_bytes(content)
    lines = [note["en"].strip("\u2066\u2069").removeprefix("R: ") for note in notes if "lavaan" in note["en"]]
    for line, groups in zip(lines, (1, 2), strict=True):
        script = f"fit <- {{{line}}}; cat(lavaan::lavInspect(fit, 'nobs'))"
        done = subprocess.run(["Rscript", "-e", script], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout.split() == (["700"] if groups == 1 else ["400", "300"])


def test_item_functioning_follows_from_what_is_published_and_agrees_with_the_answers():
    codes, released = release(en=400, ja=300)
    values, notes = statistic(released, "t5_ins_functioning_by_lang")
    assert "English" in notes[0]["en"]
    first, second = (answers(own) for own in (codes[:400], codes[400:]))
    rows = [Rows(len(one), one.mean(axis=0), np.cov(one, rowvar=False), 2) for one in (first, second)]
    for at, (name, _) in enumerate(BOOK.scales["INS"].rows):
        ours, exact = values[name, "ja"], functioning(*rows, at)
        assert ours["n"] == 300
        assert ours["shift"] == pytest.approx(exact.shift, abs=0.03)
        assert ours["slope"] == pytest.approx(exact.slope, abs=0.03)
        assert ours["shift_lower"] < ours["shift"] < ours["shift_upper"]


def test_every_format_has_them_and_nothing_is_recovered():
    _, released = release(en=400, ja=300)
    values, _ = statistic(released, "t5_ins_functioning_by_lang")
    number = f"{values['ins_1', 'ja']['slope']:.2f}"
    page = released.files["report.html"].decode()
    assert number in page.partition("Do the rows work alike?")[2]
    assert ["ins_1", "", "lang", "ja", "slope"] in [line[1:6] for line in file(released, "cells.csv")]
    assert any(line[2] == "ins_1" for line in file(released, "tables/en/t5_ins_functioning_by_lang.csv"))
    found = findings(released, names=["means", "statistics", "formats", "figures", "traces", "formulas"])
    assert {name: one.examples for name, one in found.items() if not one.ok} == {}


def test_where_no_two_languages_can_be_shown_one_line_says_so():
    _, released = release(en=400, ja=210, ko=100)
    values, notes = statistic(released, "t5_functioning_by_lang")
    assert ("INS", "") in values
    assert set(values["INS", ""].values()) == {None}
    assert notes[0]["en"].startswith("Not compared")
