"""The attack finds what is there to be found, and nothing in releases of ours."""

import json
import subprocess
import sys
import zipfile
from dataclasses import replace
from importlib import import_module
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import call_command

from reports.attack import TESTS, Bundle, UnreadableBundle, attack, read
from reports.disclosure import Reason
from reports.plan import load_plan
from reports.render import bundle as pack
from tests.unit.reports.attack.releases import (
    BOOK,
    OF_HIDDEN_CELLS,
    PLAN,
    bundle,
    edited,
    failed,
    findings,
    one_more,
    ours_of,
    people,
    rounding_only,
    safe,
    threshold_only,
    unprotected,
)


@pytest.fixture(scope="module")
def ours():
    return bundle(ours_of(1000), tags=("en", "zh-Hans"))


@pytest.fixture(scope="module")
def found_in_ours(ours):
    return findings(ours)


@pytest.fixture(scope="module")
def small():
    return bundle(ours_of(100))


@pytest.mark.parametrize(("seed", "responses"), [(1, 100), (2, 150), (3, 300)])
def test_nothing_is_recovered_from_a_release_of_ours(seed, responses):
    is_untouched(findings(bundle(safe(people(seed, responses)))))


def test_nothing_is_recovered_from_a_release_on_1000_people(found_in_ours):
    is_untouched(found_in_ours)


def is_untouched(found):
    assert {name: one.examples for name, one in found.items() if not one.ok} == {}
    assert found["small_counts"].tried > 300
    assert found["inversion"].tried > 100


def test_nothing_is_recovered_from_the_smallest_release_that_invitations_allow():
    invited = replace(PLAN, open_link=False)
    found = findings(bundle(safe(people()[:60], plan=invited), plan=invited))
    assert {name: one.examples for name, one in found.items() if not one.ok} == {}


def test_so_few_responses_that_there_is_no_release():
    assert safe(people()[:60]).refusal is Reason.TOO_FEW_FOR_OPEN_LINK


def test_hidden_cells_were_really_attacked(found_in_ours):
    assert found_in_ours["linear_programs"].tried > 50
    assert found_in_ours["linked_tables"].tried > 0


@pytest.mark.parametrize("responses", [60, 300])
def test_an_unprotected_release_gives_everything_away(responses):
    names = ("small_counts", "exact_counts", "small_groups", "full_cells")
    found = findings(bundle(unprotected(people()[:responses])), names=names)
    assert found["small_counts"].recovered > 100
    assert found["exact_counts"].recovered > 300
    assert not found["small_groups"].ok
    assert not found["full_cells"].ok


def test_somebody_who_knows_the_questionnaire_finds_what_follows_in_numbers_that_are_only_rounded():
    found = findings(bundle(rounding_only(people()[:300])), names=["linked_answers"])["linked_answers"]
    assert found.tried > 30
    assert found.recovered > 2


def test_few_are_found_behind_a_question_that_was_asked_of_all_others(monkeypatch):
    codes = people()[people()[:, BOOK["con_sens"].position] == BOOK["con_sens"].byte(1)]
    happened = np.concatenate([codes[codes[:, BOOK["elig"].position] == BOOK["elig"].byte(code)] for code in (3, 0)])
    lost = codes[codes[:, BOOK["elig"].position] == BOOK["elig"].byte(1)][:3]
    codes = np.concatenate([lost, happened])
    assert findings(bundle(safe(codes)), names=["asked"])["asked"].ok
    for module in ("protect", "scales"):
        monkeypatch.setattr(import_module(f"reports.disclosure.{module}"), "asking_tells", lambda *_: False)
    found = findings(bundle(safe(codes)), names=["asked"])["asked"]
    assert any("elig [1 2]" in line for line in found.examples)


def test_few_who_left_a_row_out_are_found_behind_item_means_of_two_decimals(monkeypatch):
    rows = [BOOK[row].position for row, _ in BOOK.scales["TRU"].rows]
    codes = people()[~np.isin(people()[:, rows], (0, 255)).any(axis=1)][:300].copy()
    codes[:10, rows[0]] = 255
    assert findings(bundle(safe(codes)), names=["means"])["means"].ok
    monkeypatch.setattr("reports.disclosure.scales.is_open", lambda *_: True)
    found = findings(bundle(safe(codes)), names=["means"])["means"]
    assert any("those who left a row out" in line for line in found.examples)


def by_language(everybody, *groups):
    """A release that says of one scale how many people's moments it shows: of everybody, and by language."""
    document = {
        "tables": [{"id": "t", "variables": [{"name": "a"}], "categories": [[]], "cells": []}],
        "waves": ["mris/1"],
        "scales": [{"scale": "INS", "n": everybody, "means": [3.05]}],
        "scales_by_group": [{"scale": "INS", "by": "lang", "codes": [code], "n": n} for code, n in groups],
    }
    return Bundle(f"of {everybody}", {"report.json": json.dumps(document).encode()})


@pytest.mark.parametrize(
    ("everybody", "groups", "told"),
    [
        (700, [("en", 400), ("ja", 300)], False),
        (900, [("en", 400), ("ja", 300)], False),
        (720, [("en", 400), ("ja", 300)], True),  # 20 people speak neither
        (590, [("en", 400)], True),
        (700, [("en", 545), ("ja", 155)], True),  # the Japanese speakers are few themselves
    ],
)
def test_moments_of_few_people_who_are_left_when_languages_are_subtracted(everybody, groups, told):
    found = findings(by_language(everybody, *groups), names=["means"])["means"]
    assert found.ok is not told, found.examples


def with_waves(released, *waves):
    document = json.loads(released.files["report.json"]) | {"waves": list(waves)}
    return Bundle(f"{released.name} in {len(waves)}", {"report.json": json.dumps(document).encode()})


@pytest.mark.parametrize(
    ("everybody", "groups", "told"),
    [
        (1200, [("en", 700), ("ja", 500)], False),
        (1000, [("en", 700), ("ja", 300)], True),  # the same Japanese speakers, or nearly
        (1250, [("en", 700), ("ja", 500)], True),  # 50 more who speak neither
    ],
)
def test_moments_of_few_people_whom_only_one_of_two_releases_has_in_a_group(everybody, groups, told):
    earlier = by_language(700, ("en", 400), ("ja", 300))
    later = with_waves(by_language(everybody, *groups), "mris/1", "mris/2")
    found = findings(earlier, later, names=["means"])["means"]
    assert found.ok is not told, found.examples


def test_a_second_release_of_the_same_wave_that_shows_another_language():
    one, other = by_language(1100, ("en", 400)), by_language(1100, ("ja", 300))
    assert not findings(one, other, names=["means"])["means"].ok


def test_hiding_small_cells_alone_is_undone_by_arithmetic():
    found = findings(bundle(threshold_only(people())), names=OF_HIDDEN_CELLS[:3])
    assert found["subtraction"].recovered > 50
    assert found["linear_programs"].recovered >= found["subtraction"].recovered
    assert found["integer_programs"].recovered >= found["linear_programs"].recovered


def test_rounding_alone_shows_small_cells():
    found = findings(bundle(rounding_only(people())), names=("small_counts", "exact_counts"))
    assert found["small_counts"].recovered > 100
    assert found["exact_counts"].recovered == 0


def test_one_more_respondent_in_a_second_release_of_the_same_wave():
    codes = people()[:300]
    one, other = bundle(unprotected(codes)), bundle(unprotected(one_more(codes)), "two", "mris-2")
    assert findings(one, other, names=["same_waves"])["same_waves"].recovered > 100


def test_waves_that_a_few_were_added_to():
    codes = people()[:300]
    one = bundle(unprotected(codes))
    other = bundle(unprotected(one_more(codes, 25), ("mris/1", "mris/2")), "two", "mris-2")
    assert findings(one, other, names=["overlapping_waves"])["overlapping_waves"].recovered > 100


def test_releases_of_ours_over_one_wave_and_two_say_no_more_together_than_apart():
    first, both = ("mris/1",), ("mris/1", "mris/2")
    earlier = safe(people()[:400], first)
    later = safe(people(), both, earlier=(earlier,))
    found = findings(bundle(earlier), bundle(later, "two", "mris-2"))
    assert found["overlapping_waves"].tried > 300
    assert {name: one.examples for name, one in found.items() if not one.ok} == {}


def test_releases_over_two_waves_would_say_more_if_they_did_not_know_of_each_other():
    earlier = bundle(safe(people()[:400], ("mris/1",)))
    later = bundle(safe(people()[:460], ("mris/1", "mris/2")), "two", "mris-2")
    assert "overlapping_waves" in failed(earlier, later)


def test_a_second_plan_on_the_same_wave_says_no_more_than_the_first(tmp_path):
    path = tmp_path / "second.yaml"
    source = Path("reports/plans/mris.yaml").read_text(encoding="utf-8").replace("plan: mris\n", "plan: second\n", 1)
    path.write_text(source + SECOND, encoding="utf-8")
    second = load_plan(path, BOOK)
    assert len(second.tables) > len(PLAN.tables)
    earlier = ours_of(300)
    later = safe(people()[:300], plan=second, earlier=(earlier,))
    found = findings(bundle(earlier), bundle(later, "two", "mris-2", second))
    assert found["same_waves"].tried > 1000
    assert {name: one.examples for name, one in found.items() if not one.ok} == {}


SECOND = """
  T99:
    title: {en: Asked later}
    crosstabs:
      - {rows: att_band gri_band, columns: freq tru_1, added: 2027-01-10}
"""


def test_a_number_hidden_in_one_file_and_shown_in_another(ours):
    before, after = b"role_group,1 4,lang,ar,count,:,,,Q,C", b"role_group,1 4,lang,ar,count,15,,,A,F"
    assert before in ours.files["cells.csv"]
    assert "formats" in failed(edited(ours, "cells.csv", lambda file: file.replace(before, after)))


def test_a_language_with_another_number(ours):
    path = "tables/zh-Hans/t2_gen.csv"
    count = next(table for table in ours.document["tables"] if table["id"] == "t2_gen")["cells"][0]["count"]
    changed = edited(ours, path, lambda file: file.replace(f",{count},".encode(), f",{count + 5},".encode(), 1))
    assert "formats" in failed(changed)


def test_a_percentage_of_exact_counts(ours):
    def finer(file):
        document = json.loads(file)
        cell = next(cell for table in document["tables"] for cell in table["cells"] if cell["percent"])
        cell["percent"] += 0.37
        return json.dumps(document).encode()

    assert "inversion" in failed(edited(ours, "report.json", finer))


def test_a_bar_that_is_longer_than_its_number(ours):
    path = next(path for path in ours.files if path.endswith(".svg"))
    width = ours.files[path].split(b'class="bar"')[1].split(b'width="')[1].split(b'"')[0]
    bar = b'class="bar"' + ours.files[path].split(b'class="bar"')[1].split(b"/>")[0]
    longer = bar.replace(b'width="' + width, b'width="%d' % (int(width) + 1))
    assert failed(edited(ours, path, lambda file: file.replace(bar, longer))) == {"figures"}


@pytest.mark.parametrize(
    "trace",
    ["writer@example.net", "127.91.37.53", "2026-11-24T09:15", "0BADC-0FFEE-0BADC-0FFEE-0BADC",
     "b2f1c7de-6f0c-4c5e-9d2a-0a1b2c3d4e5f", "<!-- row 17 -->"],
)  # fmt: skip
def test_traces_in_a_text(ours, trace):
    assert failed(edited(ours, "README.md", lambda file: file + trace.encode())) == {"traces"}


def test_a_label_that_a_spreadsheet_would_calculate(ours):
    assert "formulas" in failed(edited(ours, "codebook.csv", lambda file: file + b'"=HYPERLINK(""x"")"\r\n'))


def test_a_release_that_hides_nearly_everything():
    cube = ours_of(1000)
    tables = tuple(
        replace(table, counts=(None,) * len(table.counts), reasons=(Reason.SMALL_CELLS,)) if number % 4 else table
        for number, table in enumerate(cube.tables)
    )
    assert "blanking" in failed(bundle(replace(cube, tables=tables)))


def test_one_report_downloaded_twice(ours):
    again = replace(ours, name="again")
    assert not failed(ours, again)
    assert "rebuilds" in failed(ours, edited(again, "README.md", lambda file: file + b" "))


def test_a_zip_is_read_as_it_is_downloaded(ours, tmp_path):
    (tmp_path / "ours.zip").write_bytes(pack(ours.files))
    assert dict(read(tmp_path / "ours.zip").files) == dict(ours.files)
    assert read(tmp_path / "ours.zip").packed == ()


def test_a_zip_that_tells_when_it_was_packed(ours, tmp_path):
    with zipfile.ZipFile(tmp_path / "told.zip", "w") as archive:
        for path, content in ours.files.items():
            archive.writestr(zipfile.ZipInfo(path, (2026, 11, 24, 9, 15, 2)), content)
    assert failed(read(tmp_path / "told.zip")) == {"traces"}


def test_the_command_prints_what_was_tried_and_exits_1_when_something_was_recovered(small, tmp_path):
    good, leaky = tmp_path / "ours.zip", tmp_path / "leaky.zip"
    good.write_bytes(pack(small.files))
    leaky.write_bytes(pack(bundle(unprotected(people()[:100])).files))
    out = StringIO()
    call_command("attack", str(good), "--json", stdout=out)
    seen = json.loads(out.getvalue())
    assert seen["ok"] is True
    assert seen["bundles"] == [str(good)]
    assert [test["name"] for test in seen["tests"]] == [test.__name__ for test in TESTS]
    assert {"tried", "recovered", "bound", "ok"} <= seen["tests"][0].keys()
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("attack", str(leaky), "--json", stdout=out)
    assert left.value.code == 1
    assert json.loads(out.getvalue())["ok"] is False


def test_it_runs_without_django(small, tmp_path):
    path = tmp_path / "ours.zip"
    path.write_bytes(pack(small.files))
    code = (
        "import sys; from reports.attack.command import main; status = main(sys.argv[1:]); "
        "assert not {'django', 'survey', 'yaml'} & set(sys.modules); sys.exit(status)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Nothing."), done.stderr


@pytest.mark.parametrize("content", [b"no archive", b""])
def test_what_is_no_bundle_is_refused(tmp_path, content):
    path = tmp_path / "x.zip"
    path.write_bytes(content)
    with pytest.raises(SystemExit) as left:
        call_command("attack", str(path), stderr=StringIO())
    assert left.value.code == 2


def test_a_bundle_of_cells_alone_is_attacked_too():
    leaky = bundle(unprotected(people()[:100]))
    only = replace(leaky, files={"cells.csv": leaky.files["cells.csv"]})
    assert findings(only, names=["small_counts"])["small_counts"].recovered > 100


@pytest.mark.parametrize(
    "files",
    [{}, {"report.json": b"[]"}, {"report.json": b"{"}, {"report.json": b'{"tables": [{"id": 1}]}'},
     {"report.json": b'{"tables": 3}'}, {"cells.csv": b"a,b\r\n1,2\r\n"}, {"cells.csv": b"\xff\xfe"}],
)  # fmt: skip
def test_a_bundle_without_readable_tables_is_refused(files):
    with pytest.raises(UnreadableBundle):
        attack([Bundle("broken", files)])
