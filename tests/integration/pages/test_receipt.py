"""With the code, and only with it: see the answers, erase them after one question."""

import html
import re

import pytest
from django.test import Client

from survey import actions, receipts
from survey.models import Inbox, Wave
from tests.cast import SHELL, send

PAGE = "/en/receipt/"


@pytest.fixture
def code(wave: Wave) -> str:
    made = receipts.make()
    send(wave, made, mdl="1", elig="1", evt=["4"], role=["7"], clo_ai="10", tst="Some words", tst_use="1", age="-8")
    return made


def ask(respondent: Client, code: str, action: str, path: str = PAGE) -> tuple[int, str]:
    response = respondent.post(path, {"receipt": code, "action": action})
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    return response.status_code, html.unescape(response.content.decode())


def test_the_code_shows_the_answers_in_words(respondent: Client, code: str) -> None:
    status, page = ask(respondent, code, "see")
    assert status == 200
    for words in (
        "What has happened to GPT-4o?",
        "I can no longer use GPT-4o",
        "friend",
        "10 · as close as can be",
        "Some words",
        "prefer not to say",
    ):
        assert words in page


def test_the_answers_are_shown_in_the_language_of_the_page(respondent: Client, code: str) -> None:
    status, page = ask(respondent, code, "see", "/zh-hans/receipt/")
    assert status == 200
    assert '<html lang="zh-Hans"' in page
    assert "What has happened" not in page
    assert "Some words" in page


@pytest.mark.parametrize("write", [str.lower, lambda code: code.replace("-", " "), lambda code: f"  {code} "])
def test_a_code_copied_by_hand_is_understood(respondent: Client, code: str, write: object) -> None:
    assert ask(respondent, write(code), "see")[0] == 200  # type: ignore[operator]


def test_erasing_asks_once_and_then_erases(respondent: Client, code: str) -> None:
    status, page = ask(respondent, code, "erase")
    assert (status, "Erase your answers?" in page) == (200, True)
    assert Inbox.objects.count() == 1

    status, page = ask(respondent, code, "confirm-erase")
    assert (status, "Your answers are erased" in page) == (200, True)
    assert not Inbox.objects.exists()

    assert ask(respondent, code, "confirm-erase")[0] == 200
    assert ask(respondent, code, "see")[0] == 410


def test_the_receipt_can_be_read_in_another_language(respondent: Client, code: str) -> None:
    status, page = ask(respondent, code, "show", "/zh-hans/receipt/")
    assert (status, code in page) == (200, True)


def test_a_mistyped_code_is_told_from_an_unknown_one(respondent: Client, code: str) -> None:
    wrong = ("1" if code[0] != "1" else "2") + code[1:]
    status, page = ask(respondent, wrong, "see")
    assert (status, 'value="' + wrong in page, "wrong or missing" in page) == (422, True, True)
    status, page = ask(respondent, receipts.make(), "see")
    assert (status, "no answers under this code" in page) == (404, True)


@pytest.mark.parametrize("action", ["see", "show", "erase", "confirm-erase"])
def test_after_sealing_nobody_finds_anything(own_database: str, action: str) -> None:
    from tests.cast import open_rehearsal

    wave, code = open_rehearsal(), receipts.make()
    send(wave, code, mdl="1")
    actions.close_wave(SHELL, wave)
    actions.seal_wave(SHELL, wave)
    assert ask(Client(), code, action)[0] == 404


@pytest.mark.parametrize("body", [{}, {"receipt": ""}, {"receipt": "\x00"}, {"receipt": "x" * 10_000}])
def test_no_code_at_all_is_answered_kindly(respondent: Client, body: dict[str, str]) -> None:
    assert respondent.post(PAGE, body).status_code == 422


def test_the_entry_page_offers_to_see_and_to_erase(respondent: Client) -> None:
    page = html.unescape(respondent.get(PAGE).content.decode())
    assert re.findall(r'name="action" value="([^"]*)"', page) == ["see", "erase"]
