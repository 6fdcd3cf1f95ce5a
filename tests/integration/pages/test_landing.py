"""The first page and the way out."""

import html

import pytest
from django.test import Client

from survey import actions
from survey.models import Wave
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
