"""The pages of moderation: a passphrase with every request that opens a text, one text a page, nothing kept."""

import re
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from survey import actions
from survey.models import ModeratedText, Proposal, ReadingKeyShare, Testimony
from tests.cast import SHELL, open_rehearsal, send
from tests.readers import PASSPHRASE, readers, reviewer

pytestmark = pytest.mark.django_db
WORDS = "It held me. Write to moon@example.org <b>or</b> call."
QUEUE, KEYS, PORTAL = "/review/testimonies/", "/review/keys/", "/portal/testimonies/rehearsal/"
FIRST, SECOND = "/review/testimonies/rehearsal/1/first/", "/review/testimonies/rehearsal/1/second/"


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> list[User]:
    monkeypatch.setattr("survey.actions.sealing.rewrite_stores", lambda *_: None)
    people = readers()
    wave = open_rehearsal()
    send(wave, mdl="1", tst=WORDS, tst_use="2", tst_tag="1")
    actions.close_wave(SHELL, wave)
    actions.seal_wave(SHELL, wave)
    return people


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def show(user: User, address: str = FIRST, passphrase: str = PASSPHRASE) -> HttpResponse:
    return client_of(user).post(address, {"do": "show", "passphrase": passphrase})


def decide(user: User, address: str = FIRST, passphrase: str = PASSPHRASE, **sent: str) -> HttpResponse:
    named = {"do": "decide", "testimony": str(Testimony.objects.get().pk), "number": "1", "passphrase": passphrase}
    return client_of(user).post(address, {**named, **sent})


def test_before_a_text_there_is_a_warning_and_help_and_no_text(people: list[User]) -> None:
    page = text(client_of(people[0]).get(FIRST))
    assert "may speak of grief" in page
    assert "tel:" in page
    assert "held me" not in page
    queue = text(client_of(people[0]).get(QUEUE))
    assert "fewer than 10" in queue


def test_a_text_is_shown_marked_once_and_never_kept(people: list[User]) -> None:
    response = show(people[0])
    page = response.content.decode()
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert '<mark title="e-mail address">moon@example.org</mark>' in page
    assert "&lt;b&gt;or&lt;/b&gt;" in page
    field = re.search(r'<textarea id="words-tst"[^>]*>\n(.*?)</textarea>', text(response), re.DOTALL)
    assert field
    assert field[1] == "It held me. Write to […] <b>or</b> call."
    assert PASSPHRASE not in page
    assert page.count('class="told"') == 1


def test_from_the_first_page_to_the_studys_researchers(people: list[User]) -> None:
    sent = {"kind": "rephrased", "words-tst": "It held them.", "translation-es-tst": "Les sostuvo."}
    assert decide(people[0], **sent).status_code == 302
    assert "It held them." in text(show(people[1], SECOND))
    assert decide(people[1], SECOND, verdict="confirm").status_code == 302
    assert ModeratedText.objects.get().words == {"tst": "It held them."}

    researcher = User.objects.create(email="named@example.org", roles=[Role.RESEARCHER])
    assert client_of(researcher).get(PORTAL).status_code == 403
    actions.add_member(SHELL, Testimony.objects.get().wave.survey, researcher)
    page = text(client_of(researcher).get(PORTAL))
    assert "It held them." in page
    assert "Les sostuvo." in page
    assert "moon" not in page
    assert "rehearsal" in text(client_of(researcher).get("/portal/"))


def test_a_wrong_passphrase_keeps_what_was_written_and_shows_no_text(people: list[User]) -> None:
    assert show(people[0], passphrase="wrong").status_code == 403
    sent = {"kind": "rephrased", "words-tst": "My careful words"}
    response = decide(people[0], passphrase="wrong words here", **sent)
    page = text(response)
    assert response.status_code == 403
    assert 'name="words-tst" value="My careful words"' in page
    assert "held me" not in page
    assert "wrong words here" not in page
    assert not Proposal.objects.exists()


def test_what_is_not_valid_comes_back_with_the_text_and_what_was_written(people: list[User]) -> None:
    response = decide(people[0], **{"words-tst": "My careful words"})
    page = text(response)
    assert response.status_code == 400
    assert "Choose what should become of the text." in page
    assert "My careful words" in page
    assert "moon@example.org" in page


def test_a_skipped_text_is_not_shown_again_in_this_sitting(people: list[User]) -> None:
    shown = str(Testimony.objects.get().pk)
    response = client_of(people[0]).post(FIRST, {"do": "show", "passphrase": PASSPHRASE, "skipped": [shown]})
    assert (response.status_code, response["Location"]) == (302, QUEUE)
    assert f'name="skipped" value="{shown}"' in text(show(people[0]))


@pytest.mark.parametrize("address", [QUEUE, KEYS, FIRST, SECOND])
def test_only_reviewers_come_here(people: list[User], address: str) -> None:
    for roles in ([Role.ADMIN], [Role.RESEARCHER], []):
        user = User.objects.create(email=f"{len(roles)}{roles}@example.org", roles=roles)
        assert client_of(user).get(address).status_code == 403
    assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    "sent",
    [
        {"do": "decide", "testimony": "x"},
        {"do": "decide", "testimony": "4d1b5b9e-0000-4000-8000-000000000000", "number": "1", "kind": "withheld"},
        {"do": "show", "skipped": "x"},
    ],
)
def test_hostile_forms_are_refused_plainly(people: list[User], sent: dict[str, str]) -> None:
    assert client_of(people[0]).post(FIRST, {"passphrase": PASSPHRASE, **sent}).status_code == 404
    assert client_of(people[0]).get("/review/testimonies/rehearsal/1/third/").status_code == 404
    assert client_of(people[0]).get("/review/testimonies/nowhere/1/first/").status_code == 404


def test_keys_are_granted_and_taken_away_on_their_page(people: list[User]) -> None:
    third = reviewer("third@example.org")
    assert "has a key, no share" in text(client_of(people[0]).get(KEYS))
    refused = client_of(people[0]).post(KEYS, {"do": "grant", "person": third.pk, "passphrase": "wrong"})
    assert refused.status_code == 403
    for act in ("grant", "revoke"):
        sent = {"do": act, "person": str(third.pk), "passphrase": PASSPHRASE}
        assert client_of(people[0]).post(KEYS, sent).status_code == 302
        assert ReadingKeyShare.objects.filter(holder__user=third).exists() == (act == "grant")
    assert client_of(third).post(KEYS, {"do": "make", "new": "a", "repeated": "b"}).status_code == 400
    assert client_of(third).post(KEYS, {"do": "nothing"}).status_code == 400
    assert client_of(third).post(KEYS, {"do": "grant", "person": "0"}).status_code == 400
