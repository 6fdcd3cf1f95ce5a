"""The form without script: what is sent comes back with errors in place, goes on to a last look, and is stored once."""

import gzip
import re
from datetime import timedelta

import brotli
import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from survey import actions, receipts
from survey.models import Inbox, Survey, Wave
from survey.pages import documents
from tests.cast import CONSENT, SHELL, open_rehearsal
from tests.integration.pages.reading import buttons, hidden_fields, text_of
from tests.readers import sent_texts

FORM = "/en/s/rehearsal/"


def send(respondent: Client, path: str = FORM, **fields: str | list[str]) -> HttpResponse:
    return respondent.post(path, {**CONSENT, "wave": "1", **fields})  # type: ignore[return-value]


def test_the_blank_form_is_one_document_that_caches_may_keep(respondent: Client) -> None:
    response = respondent.get(FORM)
    assert response.status_code == 200
    assert response["Cache-Control"] == "public, max-age=300"
    assert "Set-Cookie" not in response
    assert (response["X-Robots-Tag"], response["Referrer-Policy"]) == ("noindex", "no-referrer")
    assert "<title>Survey</title>" in text_of(response)
    assert not re.search(r"<link|<img|src=|url\(|@import", response.content.decode())
    policy = response["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "form-action 'self'" in policy


@pytest.mark.parametrize(("language", "country"), [("en", "Example Country"), ("zh-hans", "示例国")])
def test_who_asks_is_told_in_the_language_of_the_page(respondent: Client, language: str, country: str) -> None:
    Survey.objects.update(operator={"country": {"en": "Example Country", "zh-Hans": "示例国"}, "readers": "17"})
    page = text_of(respondent.get(f"/{language}/s/rehearsal/"))
    assert {said for said in ("Example Country", "示例国") if said in page} == {country}
    assert "17" in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_first_view_weighs_little(respondent: Client, language: str) -> None:
    for encoding, unpack in (("br", brotli.decompress), ("gzip", gzip.decompress)):
        response = respondent.get(f"/{language}/s/rehearsal/", headers={"Accept-Encoding": encoding})
        assert response["Content-Encoding"] == encoding
        assert len(response.content) <= (35 if encoding == "br" else 40) * 1024
        assert unpack(response.content) == respondent.get(f"/{language}/s/rehearsal/").content


def test_an_unchanged_document_is_not_sent_again(respondent: Client) -> None:
    first = respondent.get(FORM, headers={"Accept-Encoding": "gzip, br"})
    again = respondent.get(FORM, headers={"Accept-Encoding": "gzip, br", "If-None-Match": f'"x", {first["ETag"]}'})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    other = respondent.get(FORM, headers={"Accept-Encoding": "br;q=0, gzip"})
    assert other["Content-Encoding"] == "gzip"
    assert other["ETag"] != first["ETag"]


def test_asking_again_for_the_form_asks_no_database(respondent: Client, django_assert_num_queries: object) -> None:
    respondent.get(FORM)
    with django_assert_num_queries(0):  # type: ignore[operator]
        respondent.get(FORM)


def test_the_language_is_taken_from_the_browser_and_not_kept(respondent: Client) -> None:
    response = respondent.get("/s/rehearsal/", headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"})
    assert (response.status_code, response["Location"]) == (302, "/zh-hans/s/rehearsal/")
    assert (response["Vary"], response["Cache-Control"]) == ("Accept-Language", "no-store")
    assert respondent.get("/s/rehearsal/", headers={"Accept-Language": "fr, *"})["Location"] == FORM
    assert not response.cookies


def test_missing_consent_is_said_at_its_place_and_nothing_is_lost(respondent: Client) -> None:
    response = respondent.post(FORM, {"wave": "1", "mdl": "8", "tst": "my <own> words", "att_s1": "4"})
    page = text_of(response)
    assert response.status_code == 422
    for name in CONSENT:
        assert f'<a href="#{name}-1">' in page
        assert f'id="{name}-error"' in page
    assert re.search(r'id="mdl-8" name="mdl" value="8" checked', page)
    assert re.search(r'id="att_s1-4" name="att_s1" value="4" checked', page)
    assert "my &lt;own&gt; words</textarea>" in response.content.decode()
    assert response["Cache-Control"] == "no-store"
    assert not Inbox.objects.exists()


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ({"mdl": "77"}, "mdl-1"),
        ({"mdl": ["1", "2"]}, "mdl-1"),
        ({"acc": ["1", "-8"]}, "acc-1"),
        ({"att_b2": "9"}, "att_b2-1"),
        ({"tst": "x" * 2001}, "tst"),
    ],
)
def test_an_error_links_to_its_field(respondent: Client, fields: dict[str, str], target: str) -> None:
    response = send(respondent, **fields)  # type: ignore[arg-type]
    assert response.status_code == 422
    assert f'<a href="#{target}">' in text_of(response)
    assert f'id="{target}"' in text_of(response)


@pytest.mark.parametrize(
    ("fields", "says"),
    [({"con_age": "0"}, "18 or over"), ({"con_read": "0"}, "not taking part"), ({"con_store": "0"}, "not taking part")],
)
def test_an_end_screen_thanks_offers_help_and_stores_nothing(
    respondent: Client, fields: dict[str, str], says: str
) -> None:
    response = send(respondent, **fields, receipt=receipts.make())
    assert response.status_code == 200
    assert says in text_of(response)
    assert "tel:988" in text_of(response)
    assert not Inbox.objects.exists()


def test_a_valid_form_is_shown_once_more_and_then_stored_under_the_code(respondent: Client, wave: Wave) -> None:
    check = send(respondent, mdl="1", elig="1", role=["7", "14"], att_s1="5", tst="Some words", tst_use="1")
    assert check.status_code == 200
    assert not Inbox.objects.exists()
    page = text_of(check)
    assert "When a day went badly, GPT-4o was among the first I turned to." in page
    assert "I can no longer use GPT-4o" in page
    assert "friend" in page
    assert "a part of myself" in page
    assert "Some words" in page

    fields = hidden_fields(check)
    assert fields["role"] == ["7", "14"]
    sent = respondent.post(FORM, fields)
    assert sent.status_code == 200
    assert sent["Cache-Control"] == "no-store"
    assert fields["receipt"][0] in text_of(sent)
    assert "10 January 2027" in text_of(sent)
    stored = Inbox.objects.get(pk=receipts.digest("rehearsal", fields["receipt"][0]))
    assert (stored.wave_id, stored.language) == (wave.pk, "en")
    assert sent_texts(fields["receipt"][0]) == {"tst": "Some words"}


def test_ten_repeats_give_the_same_bytes_and_one_row(respondent: Client) -> None:
    fields = hidden_fields(send(respondent, mdl="9"))
    pages = {respondent.post(FORM, fields).content for _ in range(10)}
    assert len(pages) == 1
    assert Inbox.objects.count() == 1


def test_other_answers_under_the_same_code_store_nothing_and_show_two_ways_on(respondent: Client) -> None:
    fields = hidden_fields(send(respondent, mdl="9"))
    respondent.post(FORM, fields)
    response = respondent.post(FORM, {**fields, "mdl": ["8"]})
    assert response.status_code == 409
    assert '<a href="/en/receipt/">' in text_of(response)
    assert Inbox.objects.get().document["answers"]["mdl"] == 9

    held = hidden_fields(response)
    assert (held["mdl"], held["receipt"]) == (["8"], fields["receipt"])
    [(_, anew)] = [pair for pair in buttons(response) if pair[0] == "anew"]
    for _ in range(2):
        sent = respondent.post(FORM, {**held, "anew": [anew]})
        assert (sent.status_code, anew in text_of(sent)) == (200, True)
    assert Inbox.objects.count() == 2

    corrected = respondent.post(FORM, {**held, "correct": ["1"]})
    assert (corrected.status_code, fields["receipt"][0] in text_of(corrected)) == (200, True)
    assert {row.document["answers"]["mdl"] for row in Inbox.objects.all()} == {8}
    assert Inbox.objects.count() == 2


def test_what_was_erased_stays_erased(respondent: Client) -> None:
    fields = hidden_fields(send(respondent, mdl="9"))
    respondent.post(FORM, fields)
    actions.erase(fields["receipt"][0])
    response = respondent.post(FORM, fields)
    assert response.status_code == 410
    assert "stay erased" in text_of(response)
    assert not Inbox.objects.exists()


def test_a_code_that_is_none_is_replaced_and_nothing_is_stored(respondent: Client) -> None:
    response = send(respondent, mdl="9", receipt="AAAAA-BBBBB")
    assert response.status_code == 422
    assert receipts.is_valid(hidden_fields(response)["receipt"][0])
    assert not Inbox.objects.exists()


def test_answers_can_be_changed_after_the_last_look(respondent: Client) -> None:
    check = send(respondent, mdl="9", tst="Some words")
    fields = hidden_fields(check)
    back = respondent.post(FORM, {**fields, "edit": ["1"]})
    assert back.status_code == 200
    assert 'id="mdl-9" name="mdl" value="9" checked' in text_of(back)
    assert "Some words</textarea>" in text_of(back)
    assert 'id="problems"' not in text_of(back)


def test_a_change_of_language_keeps_the_answers_and_complains_of_nothing(respondent: Client) -> None:
    page = text_of(respondent.get(FORM))
    assert 'form="form" formaction="/zh-hans/s/rehearsal/"' in page
    response = respondent.post("/zh-hans/s/rehearsal/", {"wave": "1", "switch": "1", "mdl": "9", "tst": "my words"})
    page = text_of(response)
    assert response.status_code == 200
    assert '<html lang="zh-Hans"' in page
    assert 'id="mdl-9" name="mdl" value="9" checked' in page
    assert "my words</textarea>" in page
    assert 'id="problems"' not in page


def test_the_last_look_changes_language_with_its_code(respondent: Client) -> None:
    fields = hidden_fields(send(respondent, mdl="9"))
    response = respondent.post("/zh-hans/s/rehearsal/", {**fields, "switch": ["1"]})
    assert hidden_fields(response)["receipt"] == fields["receipt"]
    assert '<html lang="zh-Hans"' in text_of(response)
    assert not Inbox.objects.exists()


@pytest.mark.parametrize("fields", [{}, {"mdl": "77"}, {"mdl": "9"}])
def test_after_the_end_of_a_wave_the_answers_come_back(respondent: Client, wave: Wave, fields: dict[str, str]) -> None:
    actions.close_wave(SHELL, wave)
    assert send(respondent, **fields).status_code in (200, 422)  # still on their way
    Wave.objects.filter(pk=wave.pk).update(late_until=timezone.now() - timedelta(hours=1))
    documents.forget()
    response = send(respondent, **fields)
    assert response.status_code == 410
    assert "18 or older" in text_of(response)
    assert not Inbox.objects.exists()


def test_late_answers_can_be_sent_to_the_next_wave(respondent: Client, wave: Wave) -> None:
    fields = hidden_fields(send(respondent, mdl="9"))
    actions.close_wave(SHELL, wave)
    Wave.objects.filter(pk=wave.pk).update(late_until=timezone.now() - timedelta(hours=1))
    open_rehearsal()
    documents.forget()
    late = respondent.post(FORM, fields)
    assert late.status_code == 410
    anew = hidden_fields(late)
    assert anew["wave"] == ["2"]
    assert "receipt" not in anew
    check = respondent.post(FORM, anew)
    assert respondent.post(FORM, hidden_fields(check)).status_code == 200
    assert Inbox.objects.get().wave.number == 2


def test_the_document_of_the_wave_that_was_filled_in_judges(respondent: Client, wave: Wave) -> None:
    actions.close_wave(SHELL, wave)
    open_rehearsal()
    documents.forget()
    respondent.post(FORM, hidden_fields(send(respondent, mdl="9")))
    assert Inbox.objects.get().wave.number == 1


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b"mdl=" + b"x" * 300_000, "application/x-www-form-urlencoded", 413),
        (b"--", "multipart/form-data; boundary=", 400),
        (b'--x\r\nContent-Disposition: form-data; name="tst"\r\n\r\ncut o', "multipart/form-data; boundary=x", 400),
        (b"{}", "application/json", 415),
        (b"", "", 415),
        (b"&".join(b"a%d=1" % n for n in range(25_000)), "application/x-www-form-urlencoded", 400),
    ],
)
def test_what_is_no_form_gets_a_page_that_says_so(
    respondent: Client, body: bytes, content_type: str, status: int
) -> None:
    response = respondent.generic("POST", FORM, body, content_type=content_type)
    assert response.status_code == status
    assert "<h1>" in text_of(response)
    assert response["Cache-Control"] == "no-store"


def test_a_form_of_unknown_length_is_refused_and_not_read_as_empty(respondent: Client) -> None:
    kind = "application/x-www-form-urlencoded"
    response = respondent.generic("POST", FORM, b"con_age=0", content_type=kind, HTTP_TRANSFER_ENCODING="chunked")
    assert response.status_code == 411
    assert "This could not be read" in text_of(response)


@pytest.mark.parametrize(
    "body",
    [
        b"mdl=%00",
        b"%ff=%fe",
        b"wave=99999999999999999999&mdl=1",
        b"wave=-1",
        b"receipt=%F0%9F%92%94",
        b"tst=%ED%A0%80",
        b"role=1&role=1&role=" + b"9" * 5000,
        b"switch=1&mdl=%3Cscript%3E",
    ],
)
def test_odd_bytes_never_break_it(respondent: Client, body: bytes) -> None:
    response = respondent.generic("POST", FORM, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in (200, 422)
    assert b"<script>" not in response.content


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("PUT", FORM, 405),
        ("DELETE", "/en/receipt/", 405),
        ("POST", "/s/rehearsal/", 405),
        ("GET", "/en/s/nowhere/", 404),
        ("POST", "/en/s/nowhere/", 415),
        ("GET", "/fr/s/rehearsal/", 404),
    ],
)
def test_other_requests_get_what_is_usual(respondent: Client, method: str, path: str, status: int) -> None:
    assert respondent.generic(method, path).status_code == status


def test_no_page_sets_a_cookie_and_every_page_is_stamped_as_a_rehearsal(respondent: Client) -> None:
    fields = hidden_fields(send(respondent, mdl="9"))
    pages = [respondent.get(FORM), send(respondent), send(respondent, con_age="0"), respondent.post(FORM, fields)]
    for response in pages:
        assert not response.cookies
        assert "Rehearsal: for trying out" in text_of(response)
