"""The first page and the way out."""

import html
import shutil
from pathlib import Path

import pytest
from django.test import Client

from survey import actions
from survey.enums import Mode
from survey.models import Wave
from survey.queries import files
from tests.cast import SHELL


def read(respondent: Client, path: str) -> str:
    response = respondent.get(path)
    assert response.status_code == 200
    assert not response.cookies
    assert response["Cache-Control"] == "no-store"
    return html.unescape(response.content.decode())


@pytest.mark.parametrize(
    ("accepted", "path"), [("zh-CN", "/zh-hans/"), ("zh-SG;q=0.8, fr;q=0.9", "/zh-hans/"), ("", "/en/"), ("xx", "/en/")]
)
def test_the_root_leads_to_the_language_of_the_browser(respondent: Client, accepted: str, path: str) -> None:
    response = respondent.get("/", headers={"Accept-Language": accepted})
    assert (response.status_code, response["Location"]) == (302, path)
    assert "Accept-Language" in response["Vary"]
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/en/s/rehearsal", "/en/s/rehearsal/"),
        ("/s/rehearsal", "/s/rehearsal/"),
        ("/zh-Hans/s/rehearsal/", "/zh-hans/s/rehearsal/"),
        ("/ZH-HANS", "/zh-hans/"),
        ("/en/receipt", "/en/receipt/"),
    ],
)
def test_an_address_that_is_nearly_right_is_put_right(respondent: Client, typed: str, meant: str) -> None:
    response = respondent.get(typed)
    assert (response.status_code, response["Location"]) == (302, meant)
    assert response["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/zh-hans/nothing/", "这里没有内容"),
        ("/en/nothing", "There is nothing here"),
        ("/fr/s/rehearsal/", "这里没有内容"),
        ("/s/", "这里没有内容"),
        ("/en//evil.example", "There is nothing here"),
        ("/en/s/rehearsal%00", "There is nothing here"),
    ],
)
def test_where_nothing_is_a_page_says_so_in_a_language_they_read(respondent: Client, path: str, said: str) -> None:
    response = respondent.get(path, headers={"Accept-Language": "zh-CN"})
    page = html.unescape(response.content.decode())
    assert response.status_code == 404
    assert said in page
    assert 'id="help"' in page
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert not response.cookies


def test_what_a_browser_asks_for_by_itself_gets_a_bare_answer(respondent: Client) -> None:
    assert len(respondent.get("/favicon.ico").content) < 1000
    assert respondent.post("/en/receipt").status_code == 404


def test_the_landing_page_lists_open_surveys_and_what_happens_with_answers(respondent: Client, wave: Wave) -> None:
    page = read(respondent, "/en/")
    assert 'href="/en/s/rehearsal/"' in page
    assert "What happens with your answers" in page
    actions.close_wave(SHELL, wave)
    assert "/en/s/rehearsal/" not in read(respondent, "/en/")


def test_whoever_stops_is_told_that_nothing_was_stored_and_the_browser_forgets(respondent: Client) -> None:
    response = respondent.get("/en/stop/")
    assert "You have stopped" in response.content.decode()
    assert response["Clear-Site-Data"] == '"cache", "storage"'


@pytest.mark.parametrize("path", ["/en/", "/en/s/rehearsal/", "/en/receipt/", "/en/stop/"])
def test_help_stop_exit_and_the_other_language_are_on_every_page(respondent: Client, path: str) -> None:
    page = html.unescape(respondent.get(path).content.decode())
    for needed in ('href="#help"', 'href="/en/stop/"', 'rel="noreferrer">Leave now', "简体中文", "tel:116123"):
        assert needed in page
    assert "<title>Survey</title>" in page


def test_a_survey_without_a_language_leaves_the_pages_of_that_language_standing(
    respondent: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its address sorts first, so its help lines would be the first choice; it has none of their words."""
    shutil.copytree(files.FOLDER / "mris", tmp_path / "plain", ignore=shutil.ignore_patterns("*.po"))
    (tmp_path / "mris").symlink_to(files.FOLDER / "mris")
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    actions.create_survey(SHELL, "a-first-one", "plain", Mode.REHEARSAL)
    for path in ("/zh-hans/", "/zh-hans/receipt/", "/zh-hans/s/a-first-one/"):
        assert "这里的一些问题可能会勾起强烈的情绪" in html.unescape(respondent.get(path).content.decode())
