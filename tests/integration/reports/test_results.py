"""What everybody may read."""

import re
from html import unescape

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.enums import Role
from reports import queries
from reports.actions import request_report, retract
from reports.pages.results import in_words
from reports.render.commonest import commonest
from tests.cast import SHELL
from tests.integration.reports.cast import add_sealed_wave, colleague, computed, released, requester, sealed_survey

pytestmark = pytest.mark.django_db


def text(response: HttpResponse) -> str:
    return unescape(response.content.decode())


def test_it_shows_the_summary_of_a_release_in_the_language_of_the_address() -> None:
    sealed_survey()
    release = released()
    document = queries.document(release.report)
    assert document["summary"]
    for code, tag in (("en", "en"), ("zh-hans", "zh-Hans")):
        assert document["title"][tag] in text(Client().get(f"/{code}/results/"))
        page = text(Client().get(f"/{code}/results/{release.slug}/"))
        assert f'<html lang="{tag}"' in page
        assert document["plan"]["limits"][tag] in page
        assert all(f'id="{figure}"' in page for figure in document["summary"])


def test_it_counts_what_is_not_shown_and_stamps_a_rehearsal() -> None:
    sealed_survey()
    release = released()
    document = queries.document(release.report)
    tables = document["tables"]
    page = text(Client().get(f"/en/results/{release.slug}/"))
    assert f"{sum(not table['visible'] for table in tables)} of {len(tables)} tables" in page
    assert "Rehearsal: simulated answers." in page
    reasons = {reason for table in tables for reason in table["reasons"]}
    assert reasons
    assert all(f"<li>{document['reasons'][reason]['en']} (" in page for reason in reasons)


def test_a_rehearsal_does_not_speak_of_people_as_if_they_were_real() -> None:
    sealed_survey()
    page = text(Client().get(f"/en/results/{released().slug}/"))
    assert "simulated answers.</p>" in page
    assert "Where this page speaks of people, simulated ones are meant." in page
    assert not re.search("people answered|found the survey themselves|Thank you", page)


def test_a_study_thanks_and_says_who_asks_and_where_help_is(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed_survey()
    release = queries.release(released().slug)
    release.rehearsal = False
    document = {**queries.document(release.report), "publisher": "An institute", "contact": "ask@example.org"}
    monkeypatch.setattr(queries, "release", lambda slug: release)
    monkeypatch.setattr(queries, "document", lambda report: document)
    page = text(Client().get(f"/es/results/{release.slug}/"))
    assert "Respondieron unas" in page
    assert "Gracias a todas las personas que participaron." in page
    assert "<bdi>An institute</bdi>" in page
    assert "<bdi>ask@example.org</bdi>" in page
    assert 'href="/es/#help"' in page
    assert 'id="help"' in text(Client().get("/es/"))
    assert "simulad" not in page


def test_each_figure_names_its_commonest_answer_and_how_many_people_gave_each() -> None:
    sealed_survey()
    release = released()
    page = text(Client().get(f"/en/results/{release.slug}/"))
    figures = {figure["id"]: figure for figure in queries.document(release.report)["figures"]}
    named = [commonest(figures[name], "en") for name in queries.document(release.report)["summary"]]
    assert any(named)
    assert [unescape(in_words(most, "en")) for most in named if most] == re.findall(
        '<span class="found" lang="en" dir="ltr">(.*?)</span>', page
    )
    rows = [row for name in queries.document(release.report)["summary"] for row in figures[name]["rows"]]
    printed = [f"{row['lower']}–{row['upper']}\u00a0% · {row['count']} people<" for row in rows if row["percent"]]
    assert all(said in page for said in printed)


def test_only_bands_of_a_scale_are_explained_as_such() -> None:
    sealed_survey()
    release = released()
    page = text(Client().get(f"/en/results/{release.slug}/"))
    figures = page.split('<div class="figure" id="')[1:]
    explained = {figure.partition('"')[0] for figure in figures if "they are no diagnosis" in figure}
    summary = queries.document(release.report)["summary"]
    assert explained == {name for name in summary if name.endswith("_band")} != set()


def test_results_chosen_later_are_not_said_to_be_chosen_before(monkeypatch: pytest.MonkeyPatch) -> None:
    sealed_survey()
    release = released()
    sentence = "chosen in the plan of the analysis, before any result was known"
    assert sentence in text(Client().get(f"/en/results/{release.slug}/"))
    document = queries.document(release.report)
    tables = [{**table, "added_on": "2027-01-10"} for table in document["tables"]]
    monkeypatch.setattr(queries, "document", lambda report: {**document, "tables": tables})
    assert sentence not in text(Client().get(f"/en/results/{release.slug}/"))


LANGUAGE_NAMES = "|".join(name for _, name in settings.LANGUAGES)


def test_every_sentence_of_the_pages_is_in_chinese() -> None:
    sealed_survey()
    for address in ("/zh-hans/results/", f"/zh-hans/results/{released().slug}/"):
        page = text(Client().get(address)).partition("<body>")[2]
        own = re.sub(rf"<table.*?</table>|<[^>]+>|Sunset Survey|{LANGUAGE_NAMES}", "", page, flags=re.DOTALL)
        assert re.search(r"[\u4e00-\u9fff]", own)
        assert not re.search(r"[A-Za-z]{3,}", own), own


def test_it_leaves_and_reads_no_cookie() -> None:
    sealed_survey()
    release = released()
    client = Client()
    for address in ("/en/results/", f"/en/results/{release.slug}/"):
        response = client.get(address)
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert "default-src 'none'" in response["Content-Security-Policy"]
        assert not re.search(r"<script|\sstyle=|(?:src|href)=\"(?:https?:)?//", text(response))


def test_nothing_is_shown_before_its_release_or_under_an_unknown_name() -> None:
    sealed_survey()
    computed()
    assert Client().get("/en/results/mris-1/").status_code == 404
    assert "mris-1" not in text(Client().get("/en/results/"))
    assert Client().get("/xx/results/").status_code == 404


def test_a_retracted_release_says_why_and_shows_no_number() -> None:
    sealed_survey()
    release = released()
    retract(colleague(Role.ADMIN), release.slug, "A wrong label.")
    page = text(Client().get(f"/en/results/{release.slug}/"))
    assert "A wrong label." in page
    assert "%" not in page
    assert release.slug not in text(Client().get("/en/results/"))


def test_the_list_asks_the_database_the_same_number_of_times_for_any_number_of_releases(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    survey = sealed_survey()
    add_sealed_wave(survey, 120)
    for waves in ([1], [2], [1, 2]):
        released(request_report(SHELL, requester(), "mris", "mris", waves))
    with django_assert_max_num_queries(2):
        assert len(re.findall("/en/results/mris-", text(Client().get("/en/results/")))) == 3
