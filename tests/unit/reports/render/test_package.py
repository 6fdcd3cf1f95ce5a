import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace

import frictionless
import pytest

from reports.render import bundle, manifest, media_type, render_files
from tests.unit.reports.render.build import digest
from tests.unit.reports.render.conftest import TEXTS
from tests.unit.reports.small import BOOK

STAMPS = ("REHEARSAL – simulated answers", "演练——模拟答案")


def test_the_manifest_names_every_file_with_its_hash(files):
    entries = json.loads(manifest(files))["files"]
    assert [entry["path"] for entry in entries] == sorted(files)
    for entry in entries:
        content = files[entry["path"]]
        assert (entry["bytes"], entry["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())


def test_the_bundle_holds_the_files_and_nothing_of_its_making(files):
    with zipfile.ZipFile(io.BytesIO(bundle(files))) as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == files
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_bundle_and_manifest_do_not_depend_on_the_order_of_files(files):
    turned = dict(reversed(files.items()))
    assert bundle(turned) == bundle(files)
    assert manifest(turned) == manifest(files)


@pytest.mark.parametrize("place", ["folder", "zip"])
def test_another_program_accepts_the_folder_and_the_zip(files, tmp_path, place):
    with zipfile.ZipFile(io.BytesIO(bundle(files))) as archive:
        archive.extractall(tmp_path)
    (tmp_path / "bundle.zip").write_bytes(bundle(files))
    whole = tmp_path / ("datapackage.json" if place == "folder" else "bundle.zip")
    report = frictionless.Package(str(whole)).validate()
    assert report.valid, report.flatten(["rowNumber", "fieldNumber", "type", "message"])
    assert report.stats["tasks"] == sum(path.endswith(".csv") for path in files)


def test_a_byte_that_was_changed_is_found_by_another_program(files, tmp_path):
    with zipfile.ZipFile(io.BytesIO(bundle(files))) as archive:
        archive.extractall(tmp_path)
    (tmp_path / "cells.csv").write_bytes(files["cells.csv"].replace(b"\r\n", b"\n", 1))
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert [error for (error,) in report.flatten(["type"])] == ["hash-count", "byte-count"]


def test_columns_are_named_in_the_languages_of_their_file(files):
    resources = {one["path"]: one for one in json.loads(files["datapackage.json"])["resources"]}
    named = {path: {one["name"]: one for one in entry["schema"]["fields"]} for path, entry in resources.items()}
    assert named["tables/zh-Hans/t1_gen.csv"]["count"]["title"] == "人数"
    assert named["cells.csv"]["lower"]["titles"] == {"en": "from", "zh-Hans": "下限"}
    assert [name for name in named["codebook.csv"] if name.startswith("label")] == ["label_en", "label_zh-Hans"]


def test_the_data_package_describes_every_table_with_columns_hash_and_licence(files):
    package = json.loads(files["datapackage.json"])
    assert {one["path"] for one in package["resources"]} == {path for path in files if path.endswith(".csv")}
    cells = next(one for one in package["resources"] if one["path"] == "cells.csv")
    assert cells["hash"] == "sha256:" + hashlib.sha256(files["cells.csv"]).hexdigest()
    assert cells["schema"]["missingValues"] == ["", ":"]
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    titles = {one["path"]: one["title"] for one in package["resources"]}
    assert titles["tables/zh-Hans/t1_gen.csv"].endswith("中gen")
    assert package["titles"] == {"en": "A small plan", "zh-Hans": "A small plan"}


def test_a_rehearsal_is_stamped_wherever_a_stamp_can_stand(files):
    plain = {path: content for path, content in files.items() if not path.endswith((".pdf", ".xlsx"))}
    unstamped = [path for path, content in plain.items() if not any(stamp.encode() in content for stamp in STAMPS)]
    assert unstamped == ["cells.csv", "codebook.csv"]
    for path in ("README.md", "README.zh-Hans.md"):
        assert any(stamp in files[path].decode().splitlines()[-1] for stamp in STAMPS)
    resources = json.loads(files["datapackage.json"])["resources"]
    assert all(resource["title"].startswith(STAMPS) for resource in resources)


def test_a_live_report_bears_no_stamp(cube, make_plan, meta):
    files = render_files(cube, make_plan(), BOOK, TEXTS, replace(meta, rehearsal=False))
    assert not any(stamp.encode() in content for content in files.values() for stamp in STAMPS)
    assert json.loads(files["report.json"])["rehearsal"] is False


@pytest.mark.parametrize(("path", "language"), [("README.md", "en"), ("README.zh-Hans.md", "zh-Hans")])
def test_the_readme_says_how_much_is_shown_and_by_whom(files, path, language):
    text = files[path].decode()
    assert "A small plan" in text
    assert ("the operators of this survey" if language == "en" else "本调查的主办者") in text
    assert (
        "5 of 9 planned tables are shown; 4 are withheld" if language == "en" else "9 张表中显示 5 张；4 张"
    ) in text
    assert "{" not in text


def test_every_file_has_a_media_type(files):
    assert all("/" in media_type(path) for path in files)


def test_another_process_makes_the_same_bundle_whatever_its_hash_seed(make_plan, tmp_path):
    make_plan()
    plan = tmp_path / "small.yaml"
    own = digest(plan)
    for hash_seed in ("1", "2"):
        command = [sys.executable, "-m", "tests.unit.reports.render.build", str(plan)]
        made = subprocess.run(command, env={**os.environ, "PYTHONHASHSEED": hash_seed}, capture_output=True, check=True)
        assert made.stdout.decode().strip() == own
