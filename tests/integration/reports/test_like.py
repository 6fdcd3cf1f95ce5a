"""`manage.py simulate --like RELEASE`: rows for a script, from what was released and nothing else."""

import csv
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import DjangoAssertNumQueries, Settings

from accounts.enums import Role
from reports import queries
from reports.actions import request_report, retract
from reports.models import Release
from survey.models import Inbox, Response
from tests.cast import SHELL
from tests.integration.reports.cast import colleague, released, requester, sealed_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def release(tmp_path: Path, settings: Settings) -> Release:
    settings.STORAGE_URL = (tmp_path / "storage").as_uri()
    sealed_survey()
    return released()


def simulate(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command("simulate", *arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def found_in(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))


def test_it_writes_rows_like_a_release(release: Release) -> None:
    rows = found_in(simulate("--like", release.slug)[0])
    assert len(rows) == queries.document(release.report)["n"] == 400
    assert {row["simulated"] for row in rows} == {"SIMULATED from mris-1; not answers of people"}
    assert "att_band" in rows[0]


def test_a_file_gets_a_page_beside_it(release: Release, tmp_path: Path) -> None:
    said, _ = simulate("--like", "mris-1", "--n", "20", "--out", str(tmp_path / "rows.csv"))
    assert said.startswith("20 invented rows like mris-1 in ")
    assert len(found_in((tmp_path / "rows.csv").read_text(encoding="utf-8"))) == 20
    assert "not answers of people" in (tmp_path / "rows.csv.README.md").read_text(encoding="utf-8")


def test_the_same_seed_writes_the_same(release: Release) -> None:
    first, again, other = (simulate("--like", "mris-1", "--seed", seed)[0] for seed in ("7", "7", "8"))
    assert first == again != other


def test_no_answer_is_read_and_none_is_sent(
    release: Release, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    before = simulate("--like", "mris-1")[0]
    with django_assert_num_queries(2) as seen:
        simulate("--like", "mris-1")
    assert not [query for query in seen.captured_queries if Response._meta.db_table in query["sql"]]
    assert simulate("--like", "mris-1")[0] == before
    assert Inbox.objects.count() == 0


def test_a_downloaded_bundle_gives_the_same_without_a_database(
    release: Release, tmp_path: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    (tmp_path / "mris-1.zip").write_bytes(queries.file_content(release.report, queries.BUNDLE))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "report.json").write_bytes(queries.file_content(release.report, "report.json"))
    by_name = simulate("--like", "mris-1")
    with django_assert_num_queries(0):
        assert simulate("--like", str(tmp_path / "mris-1.zip")) == by_name
        assert simulate("--like", str(tmp_path / "folder")) == by_name


def test_a_superseded_release_is_good_enough_with_a_warning(release: Release) -> None:
    released(request_report(SHELL, requester(), "mris", "mris", replace=True, purpose="A label was wrong."))
    out, err = simulate("--like", "mris-1")
    assert len(found_in(out)) == 400
    assert "mris-1 was superseded by mris-2" in err


def test_a_retracted_release_is_not_given_out(release: Release) -> None:
    retract(colleague(Role.ADMIN), release.slug, "A wrong label.")
    with pytest.raises(CommandError, match=r"mris-1 was retracted: A wrong label\."):
        simulate("--like", "mris-1")


def damaged(folder: Path) -> None:
    (folder / "text.zip").write_text("not a ZIP")
    (folder / "empty").mkdir()
    (folder / "other").mkdir()
    (folder / "other" / "report.json").write_text('{"format": "another"}')
    (folder / "elsewhere").mkdir()
    about = '{"format": "sunset-report/1", "n": 100, "instrument": {"name": "another"}}'
    (folder / "elsewhere" / "report.json").write_text(about)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--like", "nowhere-1"), "There is no release 'nowhere-1'"),
        (("--like", "./nowhere.zip"), "nowhere.zip cannot be read"),
        (("--like", "./text.zip"), "neither a folder nor a ZIP"),
        (("--like", "./empty"), "holds no report.json"),
        (("--like", "./other"), "no report of the format"),
        (("--like", "./elsewhere"), "There is no instrument 'another'"),
        (("--like", "mris-1", "--n", "0"), "--n"),
        (("--like", "mris-1", "--n", "many"), "--n"),
        (("--like", "mris-1", "mris", "--responses", "3"), "do not go with --like: slug, responses"),
        (("mris", "--responses", "3", "--n", "5"), "do not go without --like: n"),
        ((), "required: slug, --responses"),
    ],
)
def test_what_cannot_be_is_said_clearly(
    arguments: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged(tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CommandError, match=message):
        simulate(*arguments)


def test_a_place_that_cannot_be_written_is_said_clearly(release: Release, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Cannot write"):
        simulate("--like", "mris-1", "--out", str(tmp_path / "nowhere" / "rows.csv"))
