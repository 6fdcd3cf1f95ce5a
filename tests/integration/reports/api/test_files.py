"""Single files and the bundle: the bytes that were reviewed, and nothing else."""

import hashlib
import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from accounts.models import AuditEntry
from reports import queries
from reports.models import Release
from reports.storage import PIECE
from tests.integration.reports.api.callers import Caller, received, refused, researcher

BUNDLE = "releases/mris-1/bundle/"
FILES = "releases/mris-1/files/"


def test_every_file_of_the_manifest_can_be_had_with_the_hash_it_names(release: Release) -> None:
    who = researcher()
    for one in json.loads(received(who.get(f"{FILES}manifest.json")))["files"][::7]:
        response = who.get(FILES + one["path"])
        assert (response.streaming, response["Content-Length"]) == (True, str(one["bytes"]))
        assert hashlib.sha256(received(response)).hexdigest() == one["sha256"]


def test_the_bundle_holds_the_files_of_the_manifest(release: Release) -> None:
    response = researcher().get(BUNDLE, accept="application/zip")
    assert response["Content-Type"] == "application/zip"
    assert response["Content-Disposition"] == 'attachment; filename="mris-1.zip"'
    with zipfile.ZipFile(BytesIO(received(response))) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert {one["path"] for one in manifest["files"]} == set(archive.namelist()) - {"manifest.json"}
        assert hashlib.sha256(archive.read("manifest.json")).hexdigest() == release.manifest_sha256


def test_its_tag_is_its_hash_and_spares_a_second_download(release: Release) -> None:
    who = researcher()
    first = who.get(BUNDLE)
    assert first["ETag"] == f'"{hashlib.sha256(received(first)).hexdigest()}"'
    again = who.get(BUNDLE, if_none_match=f'"other", {first["ETag"]}')
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert who.get(BUNDLE, if_none_match='"other"')["ETag"] == first["ETag"]


def test_a_download_is_sent_in_pieces_and_its_head_alone_opens_nothing(release: Release) -> None:
    who, stored = researcher(), queries.artifact(release.report, "bundle.zip")
    pieces = list(who.get(BUNDLE).streaming_content)  # type: ignore[attr-defined]
    assert {len(piece) for piece in pieces[:-1]} == {PIECE}
    assert sum(map(len, pieces)) == stored.size
    head = who.call("HEAD", BUNDLE)
    assert (head.streaming, head.content, head["Content-Length"]) == (False, b"", str(stored.size))
    assert head["ETag"] == f'"{stored.sha256}"'
    assert AuditEntry.objects.filter(action="file.downloaded").count() == 1


def test_who_took_a_file_is_on_record(release: Release) -> None:
    who = researcher()
    content = received(who.get(f"{FILES}cells.csv"))
    who.get(f"{FILES}cells.csv", if_none_match=f'"{hashlib.sha256(content).hexdigest()}"')

    entry = AuditEntry.objects.get(action="file.downloaded", detail__path="cells.csv")
    assert (entry.actor_kind, entry.detail["sha256"]) == ("user", hashlib.sha256(content).hexdigest())


def test_a_tag_does_not_replace_a_token(release: Release) -> None:
    tag = researcher().get(BUNDLE)["ETag"]
    assert refused(Caller().get(BUNDLE, if_none_match=tag))[0] == 401


def test_a_store_between_asks_again_each_time(release: Release) -> None:
    assert researcher().get(BUNDLE)["Cache-Control"] == "private, no-cache"


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("report.json", "application/json"),
        ("cells.csv", "text/csv; charset=utf-8"),
        ("README.md", "text/markdown; charset=utf-8"),
        ("figures/en/t2_age.svg", "image/svg+xml"),
        ("bundle.zip", "application/zip"),
    ],
)
def test_a_file_is_sent_as_what_it_is_to_be_saved(release: Release, path: str, media_type: str) -> None:
    response = researcher().get(FILES + path, accept="application/json")
    assert response["Content-Type"] == media_type
    assert response["Content-Disposition"] == f'attachment; filename="mris-1-{path.replace("/", "-")}"'
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "nothing.csv",
        "tables",
        "tables/../report.json",
        "../../settings.py",
        "%2e%2e/x",
        "report.json/",
        "a%00b",
        "report.json%0a",
        "a//b",
    ],
)
def test_no_path_leads_out_of_the_release(release: Release, path: str) -> None:
    response = researcher().get(FILES + path)
    assert response.status_code in (301, 404)
    if response.status_code == 301:
        assert researcher().get(response["Location"]).status_code == 404


@pytest.mark.parametrize("change", ["write", "unlink"])
def test_what_is_not_what_was_reviewed_is_not_sent(release: Release, own_storage: Path, change: str) -> None:
    sha256 = queries.artifact(release.report, "bundle.zip").sha256
    stored = own_storage / sha256[:2] / sha256
    if change == "unlink":
        stored.unlink()
    else:
        stored.write_bytes(b"PK something else")
    assert refused(researcher().get(BUNDLE)) == (409, "files_differ")
