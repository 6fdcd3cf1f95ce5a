"""Surveys that take no answers: calm pages that say what there is to know, and what comes too late comes back."""

from datetime import date, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from survey import actions, receipts
from survey.enums import Mode, WaveState
from survey.models import Inbox, Wave
from survey.pages import documents
from tests.cast import CONSENT, SHELL, open_rehearsal, send
from tests.integration.pages.reading import hidden_fields, kind_of, text_of, title_of

FORM = "/en/s/rehearsal/"
ANSWERS = {**CONSENT, "wave": "1", "mdl": "9", "tst": "My late words", "tst_use": "1"}


def close(wave: Wave, ago: timedelta) -> None:
    """Closed so long ago; the clock of the database is the one that counts."""
    actions.close_wave(SHELL, wave)
    Wave.objects.filter(pk=wave.pk).update(late_until=timezone.now() - ago + timedelta(hours=48))
    documents.forget()


def seal_without_rewriting(wave: Wave) -> None:
    Wave.objects.filter(pk=wave.pk).update(state=WaveState.SEALED)
    documents.forget()


def get(path: str) -> HttpResponse:
    response = Client().get(path)
    assert response["Cache-Control"] == "no-store"
    return response


@pytest.mark.parametrize(
    ("ago", "status", "kind"),
    [
        (timedelta(0), 200, "sent"),
        (timedelta(hours=47, minutes=59), 200, "sent"),
        (timedelta(hours=48, seconds=1), 410, "returned"),
        (timedelta(days=30), 410, "returned"),
    ],
)
def test_answers_on_their_way_are_taken_for_two_days(
    respondent: Client, wave: Wave, ago: timedelta, status: int, kind: str
) -> None:
    close(wave, ago)
    response = respondent.post(FORM, {**ANSWERS, "receipt": receipts.make()})
    assert (response.status_code, kind_of(response)) == (status, kind)
    assert Inbox.objects.count() == (status == 200)


def test_a_page_that_thought_the_wave_open_is_put_right_by_the_database(respondent: Client, wave: Wave) -> None:
    respondent.get(FORM)  # remembered for a moment
    actions.close_wave(SHELL, wave)
    Wave.objects.filter(pk=wave.pk).update(late_until=timezone.now() - timedelta(hours=1))
    response = respondent.post(FORM, {**ANSWERS, "receipt": receipts.make()})
    assert response.status_code == 410
    assert not Inbox.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [{}, {"mdl": "77"}, {"receipt": "not a code"}, {"receipt": "made"}, {"receipt": "made", "mdl": "77"},
     {"edit": "1"}, {"switch": "1"}, {"switch": "1", "receipt": "made"}],
)  # fmt: skip
def test_what_comes_too_late_comes_back_in_words_whatever_was_pressed(
    respondent: Client, wave: Wave, changed: dict[str, str]
) -> None:
    close(wave, timedelta(days=3))
    made = {"receipt": receipts.make()} if changed.get("receipt") == "made" else {}
    response = respondent.post(FORM, {**ANSWERS, **changed, **made})
    if "switch" in changed and made:
        assert kind_of(response) == "check"
        response = respondent.post(FORM, hidden_fields(response))
    assert (response.status_code, kind_of(response)) == (410, "returned")
    assert "My late words" in text_of(response)
    assert not Inbox.objects.exists()


def test_the_repeat_of_an_answer_that_arrived_in_time_is_no_late_answer(respondent: Client, wave: Wave) -> None:
    fields = {**ANSWERS, "receipt": receipts.make()}
    first = respondent.post(FORM, fields)
    close(wave, timedelta(days=3))
    assert respondent.post(FORM, fields).content == first.content


def test_what_comes_too_late_can_go_to_a_wave_that_has_other_languages(respondent: Client, wave: Wave) -> None:
    close(wave, timedelta(days=3))
    later = open_rehearsal()
    Wave.objects.filter(pk=later.pk).update(languages=["zh-Hans"])
    documents.forget()
    late = respondent.post(FORM, ANSWERS)
    again = respondent.post(FORM, hidden_fields(late))
    assert (again.status_code, kind_of(again)) == (422, "returned")
    form = respondent.post("/zh-hans/s/rehearsal/", {**hidden_fields(again), "switch": "1"})
    assert kind_of(form) == "form"
    assert {"wave": ["2"], "mdl": ["9"], "tst": ["My late words"]}.items() <= hidden_fields(form).items()


@pytest.mark.parametrize(
    ("ago", "says_still"), [(timedelta(hours=1), True), (timedelta(days=3), False)], ids=["grace", "later"]
)
def test_a_closed_survey_says_what_can_still_be_done(wave: Wave, ago: timedelta, says_still: bool) -> None:
    close(wave, ago)
    page = get(FORM)
    assert (page.status_code, title_of(page)) == (200, "This survey is closed")
    assert "When an AI model is removed or changed" in text_of(page)
    assert "until 10 January 2027" in text_of(page)
    assert ("you can still send it for a short time" in text_of(page)) is says_still
    for way in ('href="/en/receipt/"', 'href="/en/results/"', 'id="help"', "Rehearsal: for trying out"):
        assert way in text_of(page)


def test_a_sealed_survey_offers_no_receipt_any_more(wave: Wave) -> None:
    close(wave, timedelta(days=3))
    seal_without_rewriting(wave)
    page = get(FORM)
    assert (page.status_code, title_of(page)) == (200, "This survey is closed")
    main = text_of(page).partition("<main")[2].partition("</main>")[0]
    assert "answers are sealed" in main
    assert 'href="/en/receipt/"' not in main
    assert 'href="/en/results/"' in main


def test_a_closed_survey_names_those_that_are_open(wave: Wave) -> None:
    open_rehearsal("another")
    close(wave, timedelta(days=3))
    assert 'href="/en/s/another/"' in text_of(get(FORM))


def test_a_survey_that_has_not_begun_says_so(db: None) -> None:
    survey = actions.create_survey(SHELL, "early", "mris", Mode.REHEARSAL)
    path = "/en/s/early/"
    assert title_of(get(path)) == "This survey is not open yet"
    actions.create_wave(SHELL, survey, ["en"], seal_on=date(2027, 1, 10))
    documents.forget()
    assert (get(path).status_code, title_of(get(path))) == (200, "This survey is not open yet")
    response = Client().post(path, ANSWERS)
    assert (response.status_code, title_of(response)) == (409, "This survey is not open yet")


def test_the_next_wave_is_the_form_again(wave: Wave) -> None:
    close(wave, timedelta(days=3))
    open_rehearsal()
    documents.forget()
    assert kind_of(Client().get(FORM)) == "form"


def test_only_what_is_unknown_is_not_found(wave: Wave) -> None:
    assert get("/en/s/unknown/").status_code == 404
    assert Client().post("/en/s/unknown/", ANSWERS).status_code == 404


@pytest.mark.parametrize("state", ["open", "closed", "sealed"])
def test_a_survey_speaks_about_itself_in_languages_that_it_is_not_asked_in(wave: Wave, state: str) -> None:
    Wave.objects.filter(pk=wave.pk).update(languages=["en"])
    if state != "open":
        close(wave, timedelta(days=3))
    if state == "sealed":
        seal_without_rewriting(wave)
    documents.forget()
    page = get("/zh-hans/s/rehearsal/")
    assert page.status_code == 200
    assert '<html lang="zh-Hans"' in text_of(page)
    if state == "open":
        assert '<li><a href="/en/s/rehearsal/" lang="en" hreflang="en" dir="ltr">English</a></li>' in text_of(page)


def test_answers_sent_in_a_language_that_the_wave_does_not_have_are_not_lost(respondent: Client, wave: Wave) -> None:
    Wave.objects.filter(pk=wave.pk).update(languages=["en"])
    documents.forget()
    page = respondent.post("/zh-hans/s/rehearsal/", ANSWERS)
    assert (page.status_code, kind_of(page)) == (422, "returned")
    form = respondent.post(FORM, {**hidden_fields(page), "switch": "1"})
    assert {"mdl": ["9"], "tst": ["My late words"]}.items() <= hidden_fields(form).items()


def test_a_wave_that_speaks_no_language_breaks_nothing(wave: Wave) -> None:
    Wave.objects.filter(pk=wave.pk).update(languages=[])
    send(wave, code := receipts.make(), mdl="1")
    documents.forget()
    for path in ("/", "/en/", FORM, "/s/rehearsal/"):
        assert Client().get(path).status_code in (200, 302), path
    assert Client().post("/en/receipt/", {"receipt": code, "action": "see"}).status_code == 422
    assert Client().post("/en/receipt/", {"receipt": code, "action": "erase"}).status_code == 200
    assert Client().post("/en/receipt/", {"receipt": code, "action": "confirm-erase"}).status_code == 200
