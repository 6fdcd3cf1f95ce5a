"""Correcting with the code: the same form, filled in; one look at what is replaced; the same code as before."""

from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from survey import actions, receipts
from survey.models import Inbox, Wave
from survey.pages import documents, posted
from tests.cast import CONSENT, SHELL, open_rehearsal, send
from tests.integration.pages.reading import buttons, hidden_fields, kind_of, text_of, title_of
from tests.readers import sent_texts

FORM, RECEIPT = "/en/s/rehearsal/", "/en/receipt/"
ANSWERS = {"mdl": "1", "elig": "1", "role": ["6", "7"], "role_main": "7", "evt": ["4"], "att_s1": "5", "clo_ai": "10"}
WORDS = {"tst": "Some words,\nin two lines.", "tst_use": "2"}


@pytest.fixture
def code(wave: Wave) -> str:
    made = receipts.make()
    send(wave, made, **ANSWERS, **WORDS)
    return made


def post(respondent: Client, path: str, **fields: str | list[str]) -> HttpResponse:
    return respondent.post(path, fields)


def correct(respondent: Client, code: str, path: str = FORM, **fields: str | list[str]) -> HttpResponse:
    """As a program sends it, or the script of the page."""
    return post(respondent, path, **{**CONSENT, "wave": "1", "receipt": code, "correct": "1", **fields})


def stored(code: str) -> dict[str, object]:
    row = Inbox.objects.get(pk=receipts.digest("rehearsal", code))
    return {**row.document["answers"], **sent_texts(code), "language": row.language}


def test_the_form_comes_back_filled_in_with_what_is_stored(respondent: Client, code: str) -> None:
    before = stored(code)
    form = post(respondent, RECEIPT, receipt=code, action="correct")
    fields = hidden_fields(form)
    assert (form.status_code, kind_of(form)) == (200, "form")
    assert (fields["receipt"], fields["correct"], fields["wave"]) == ([code], ["1"], ["1"])
    for name, sent in {**ANSWERS, **WORDS}.items():
        assert fields[name] == ([sent] if isinstance(sent, str) else sent), name
    assert "the earlier answers stay as they are" in text_of(form)

    assert kind_of(post(respondent, FORM, **fields)) == "sent"
    assert stored(code) == before


def test_a_correction_is_looked_at_and_then_takes_the_place_of_what_was_stored(respondent: Client, code: str) -> None:
    fields = hidden_fields(post(respondent, RECEIPT, receipt=code, action="correct"))
    assert ("look", "1") in buttons(post(respondent, RECEIPT, receipt=code, action="correct"))
    check = post(respondent, FORM, **{**fields, "mdl": ["2"], "tst": ["Other words"], "look": ["1"]})
    assert (check.status_code, kind_of(check)) == (200, "check")
    assert "replace the ones you sent earlier" in text_of(check)
    assert "Nothing has been sent so far" not in text_of(check)
    assert stored(code)["mdl"] == 1

    sent = post(respondent, FORM, **hidden_fields(check))
    assert (sent.status_code, kind_of(sent), sent["Cache-Control"]) == (200, "sent", "no-store")
    assert code in text_of(sent)
    assert "taken the place of the earlier ones" in text_of(sent)
    assert (stored(code)["mdl"], stored(code)["tst"]) == (2, "Other words")
    assert Inbox.objects.count() == 1


def test_a_program_corrects_with_one_request_and_a_repeat_gives_the_same_page(respondent: Client, code: str) -> None:
    pages = {correct(respondent, code, mdl="9").content for _ in range(5)}
    assert len(pages) == 1
    assert stored(code)["mdl"] == 9


def test_what_the_page_measured_is_left_as_it_was(respondent: Client, code: str) -> None:
    before = {name: stored(code)[name] for name in ("fast", "unproven")}
    correct(respondent, code, mdl="9", fast="yes", stamp="1", website="spam")
    assert {name: stored(code)[name] for name in ("fast", "unproven")} == before


def test_the_language_can_change_on_the_form_and_on_the_last_look(respondent: Client, code: str) -> None:
    fields = hidden_fields(post(respondent, RECEIPT, receipt=code, action="correct"))
    form = post(respondent, "/zh-hans/s/rehearsal/", **{**fields, "mdl": ["8"], "switch": ["1"]})
    assert (kind_of(form), '<html lang="zh-Hans"' in text_of(form)) == ("form", True)
    assert {"receipt": [code], "correct": ["1"], "mdl": ["8"]}.items() <= hidden_fields(form).items()

    check = post(respondent, FORM, **{**hidden_fields(form), "look": ["1"]})
    switched = post(respondent, "/zh-hans/s/rehearsal/", **{**hidden_fields(check), "switch": ["1"]})
    assert (kind_of(switched), '<html lang="zh-Hans"' in text_of(switched)) == ("check", True)
    assert stored(code)["mdl"] == 1

    assert kind_of(post(respondent, "/zh-hans/s/rehearsal/", **hidden_fields(switched))) == "sent"
    assert {"mdl": 8, "language": "zh-Hans", "lang": "zh-Hans"}.items() <= stored(code).items()


def test_from_the_last_look_one_can_go_back_to_the_form(respondent: Client, code: str) -> None:
    check = correct(respondent, code, mdl="9", look="1")
    form = post(respondent, FORM, **{**hidden_fields(check), "edit": ["1"]})
    assert kind_of(form) == "form"
    assert {"receipt": [code], "correct": ["1"], "mdl": ["9"]}.items() <= hidden_fields(form).items()


def test_a_mistake_keeps_the_code_and_changes_nothing(respondent: Client, code: str) -> None:
    form = correct(respondent, code, mdl="77", tst="x" * 2001)
    assert (form.status_code, kind_of(form)) == (422, "form")
    assert {"receipt": [code], "correct": ["1"]}.items() <= hidden_fields(form).items()
    assert '<a href="#mdl-1">' in text_of(form)
    assert stored(code)["mdl"] == 1


@pytest.mark.parametrize("ending", [{"con_age": "0"}, {"con_read": "0"}, {"con_store": "0"}])
def test_an_ending_answer_changes_nothing_says_so_and_offers_to_erase(
    respondent: Client, code: str, ending: dict[str, str]
) -> None:
    page = correct(respondent, code, mdl="9", **ending)
    assert (page.status_code, title_of(page)) == (200, "Nothing was changed")
    assert "still stored as they were" in text_of(page)
    assert ("action", "erase") in buttons(page)
    assert stored(code)["mdl"] == 1

    back = post(respondent, FORM, **{**hidden_fields(page), "edit": ["1"]})
    assert {"receipt": [code], "correct": ["1"], "mdl": ["9"]}.items() <= hidden_fields(back).items()


def test_what_was_erased_cannot_be_corrected(respondent: Client, code: str) -> None:
    fields = hidden_fields(post(respondent, RECEIPT, receipt=code, action="correct"))
    actions.erase(code)
    page = post(respondent, FORM, **fields)
    assert (page.status_code, "stay erased" in text_of(page)) == (410, True)
    assert not Inbox.objects.exists()


def test_what_is_erased_between_look_up_and_writing_stays_erased(
    respondent: Client, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = posted.validate

    def judge_while_it_is_erased(*arguments: object) -> object:
        actions.erase(code)
        return judge(*arguments)

    monkeypatch.setattr(posted, "validate", judge_while_it_is_erased)
    page = correct(respondent, code, mdl="9")
    assert (page.status_code, "stay erased" in text_of(page)) == (410, True)
    assert not Inbox.objects.exists()


def test_until_sealing_a_closed_wave_can_be_corrected_though_it_takes_nothing_new(
    respondent: Client, code: str, wave: Wave
) -> None:
    actions.close_wave(SHELL, wave)
    Wave.objects.filter(pk=wave.pk).update(late_until=timezone.now() - timedelta(days=9))
    documents.forget()
    assert kind_of(post(respondent, RECEIPT, receipt=code, action="correct")) == "form"
    assert kind_of(correct(respondent, code, mdl="77")) == "form"
    assert kind_of(correct(respondent, code, mdl="9")) == "sent"
    assert stored(code)["mdl"] == 9


def test_a_wave_that_takes_nothing_new_offers_to_correct_but_not_to_send_anew(
    respondent: Client, code: str, wave: Wave
) -> None:
    actions.close_wave(SHELL, wave)
    Wave.objects.filter(pk=wave.pk).update(late_until=timezone.now() - timedelta(days=9))
    documents.forget()
    changed = post(respondent, FORM, **{**CONSENT, "wave": "1", "receipt": code, "mdl": "8"})
    assert (changed.status_code, buttons(changed)) == (409, [("correct", "1")])
    assert "as a new answer" not in text_of(changed)

    unknown = correct(respondent, receipts.make(), mdl="8")
    assert (unknown.status_code, buttons(unknown)) == (404, [])
    assert "sealed" not in text_of(unknown).partition("<main")[2].partition("</main")[0]


def test_after_sealing_the_words_come_back_and_can_go_to_the_next_wave(own_database: str) -> None:
    wave, code, respondent = open_rehearsal(), receipts.make(), Client()
    send(wave, code, **ANSWERS)
    actions.close_wave(SHELL, wave)
    actions.seal_wave(SHELL, wave)
    documents.forget()
    page = correct(respondent, code, mdl="8", tst="My corrected words", tst_use="1")
    assert (page.status_code, kind_of(page)) == (410, "returned")
    assert "time for corrections is over" in text_of(page)
    assert "My corrected words" in text_of(page)
    assert "<button" not in text_of(page).partition("<main")[2].partition("</main")[0]

    open_rehearsal()
    documents.forget()
    page = correct(respondent, code, mdl="8", tst="My corrected words", tst_use="1")
    fields = hidden_fields(page)
    assert (fields["wave"], fields["mdl"], "receipt" in fields, "correct" in fields) == (["2"], ["8"], False, False)
    assert kind_of(post(respondent, FORM, **fields)) == "check"


def test_a_correction_belongs_to_the_wave_in_which_the_answers_are(respondent: Client, code: str, wave: Wave) -> None:
    """The document of another wave was filled in: its number does not matter, the stored wave judges."""
    actions.close_wave(SHELL, wave)
    open_rehearsal()
    documents.forget()
    changed = post(respondent, FORM, **{**CONSENT, "wave": "2", "receipt": code, "mdl": "8"})
    assert changed.status_code == 409
    assert kind_of(post(respondent, FORM, **{**hidden_fields(changed), "correct": ["1"]})) == "sent"
    assert (stored(code)["mdl"], Inbox.objects.get().wave_id) == (8, wave.pk)


@pytest.mark.parametrize(
    ("sent", "status", "says"),
    [
        ({"receipt": ""}, 422, "wrong or missing"),
        ({"receipt": "0" * 24 + "1"}, 422, "wrong or missing"),
        ({"receipt": "x" * 10_000}, 422, "wrong or missing"),
        ({"receipt": "💔ｆｕｌｌ\x00"}, 422, "wrong or missing"),
        ({"receipt": "another"}, 404, "no answers under this code in this survey"),
        ({"receipt": "unknown"}, 404, "no answers under this code in this survey"),
        ({"receipt": "unknown", "mdl": "77"}, 404, "no answers under this code in this survey"),
        ({"receipt": "unknown", "wave": "9999"}, 404, "no answers under this code in this survey"),
        ({"receipt": "unknown", "con_age": "0"}, 404, "no answers under this code in this survey"),
    ],
)
def test_where_there_is_nothing_to_correct_the_answers_come_back(
    respondent: Client, sent: dict[str, str], status: int, says: str
) -> None:
    made = receipts.make()
    send(open_rehearsal("another"), made, mdl="1")
    code = {"another": made, "unknown": receipts.make()}.get(sent["receipt"], sent["receipt"])
    page = correct(respondent, code, **{"mdl": "9", "tst": "My words", **sent, "receipt": code})
    assert (page.status_code, kind_of(page), title_of(page)) == (status, "returned", "Nothing was changed")
    assert says in text_of(page)
    assert "My words" in text_of(page)
    assert Inbox.objects.get().document["answers"]["mdl"] == 1
    anew = post(respondent, FORM, **hidden_fields(page))
    assert anew.status_code in (200, 422)


def test_words_sent_under_an_unknown_code_can_be_sent_as_new_under_the_same_code(respondent: Client) -> None:
    """Perhaps the first sending never arrived: the code that was written down stays good."""
    code = receipts.make()
    page = correct(respondent, code, mdl="9")
    assert kind_of(post(respondent, FORM, **hidden_fields(page))) == "sent"
    assert stored(code)["mdl"] == 9


def test_a_language_that_the_wave_does_not_have_is_said_and_nothing_is_lost(
    respondent: Client, code: str, wave: Wave
) -> None:
    Wave.objects.filter(pk=wave.pk).update(languages=["en"])
    documents.forget()
    for page in (
        post(respondent, "/zh-hans/receipt/", receipt=code, action="correct"),
        correct(respondent, code, "/zh-hans/s/rehearsal/", mdl="9"),
    ):
        assert (page.status_code, kind_of(page)) == (422, "returned")
        assert 'lang="en">English</button>' in text_of(page)
        assert hidden_fields(page)["receipt"] == [code]
    form = post(respondent, FORM, **{**hidden_fields(page), "switch": ["1"]})
    assert {"receipt": [code], "correct": ["1"], "mdl": ["9"]}.items() <= hidden_fields(form).items()
