"""The researchers' portal: releases, downloads, requests, tokens."""

import zipfile
from html import unescape
from io import BytesIO
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from accounts.actors import WORKER
from accounts.enums import Role
from accounts.models import ApiToken, User
from reports import queries
from reports.actions import object_to, retract
from reports.actions.moves import move
from reports.enums import State, Verdict
from reports.models import Release, Report
from reports.templatetags.languages import direction
from tests.integration.reports.api.callers import received
from tests.integration.reports.cast import (
    MANIFEST,
    add_sealed_wave,
    approved,
    colleague,
    computed,
    in_review,
    queued,
    released,
    requester,
    sealed_survey,
    vote,
)

pytestmark = pytest.mark.django_db


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def researcher() -> Client:
    return logged_in(colleague(Role.RESEARCHER))


def text(response: HttpResponse) -> str:
    return unescape(response.content.decode())


@pytest.mark.parametrize(
    "address",
    [
        "/portal/",
        "/portal/releases/mris-1/",
        "/portal/releases/mris-1/files/bundle.zip",
        "/portal/releases/mris-1/compare/?with=mris-1",
        "/portal/reports/new/",
        "/portal/tokens/",
    ],
)
def test_it_is_for_people_with_a_role(address: str) -> None:
    assert Client().get(address)["Location"].startswith("/accounts/login/")
    assert logged_in(colleague()).get(address).status_code in (403, 404)


def test_it_lists_releases_and_opens_them() -> None:
    sealed_survey()
    release = released()
    assert release.slug in text(researcher().get("/portal/"))
    page = text(researcher().get(f"/portal/releases/{release.slug}/"))
    document = queries.document(release.report)
    assert document["title"]["en"] in page
    for figure in document["figures"]:
        assert f'id="{figure["id"]}"' in page
        for row in figure["rows"]:
            assert row["label"]["en"] in page


def test_each_visible_count_stands_beside_its_bar() -> None:
    sealed_survey()
    release = released()
    page = text(researcher().get(f"/portal/releases/{release.slug}/"))
    shown = [row for figure in queries.document(release.report)["figures"] for row in figure["rows"] if row["percent"]]
    assert shown
    assert all(f"{row['lower']}–{row['upper']} · n {row['count']}<" in page for row in shown)


def test_the_zip_is_the_reviewed_one() -> None:
    sealed_survey()
    release = released()
    response = researcher().get(f"/portal/releases/{release.slug}/files/bundle.zip")
    assert response["Content-Disposition"] == 'attachment; filename="mris-1.zip"'
    content = received(response)
    assert "datapackage.json" in zipfile.ZipFile(BytesIO(content)).namelist()
    assert content == queries.file_content(release.report, "bundle.zip")


def test_nothing_unreleased_is_given_out_here() -> None:
    sealed_survey()
    computed()
    assert researcher().get("/portal/releases/mris-1/").status_code == 404
    assert researcher().get("/portal/releases/mris-1/files/report.json").status_code == 404


def test_a_retracted_release_keeps_its_page_but_not_its_files() -> None:
    sealed_survey()
    slug = released().slug
    retract(colleague(Role.ADMIN), slug, "A wrong label.")
    page = text(researcher().get(f"/portal/releases/{slug}/"))
    assert "A wrong label." in page
    assert "bundle.zip" not in page
    assert researcher().get(f"/portal/releases/{slug}/files/bundle.zip").status_code == 409


def test_a_report_is_asked_for_and_followed() -> None:
    survey = sealed_survey()
    add_sealed_wave(survey, 100)
    client = researcher()
    form = text(client.get("/portal/reports/new/"))
    assert "about 400 responses" in form
    response = client.post("/portal/reports/new/", {"survey": "mris", "plan": "mris", "wave": ["1", "2"]})
    report = Report.objects.get()
    assert response["Location"] == f"/portal/reports/{report.pk}/"
    assert report.waves == [1, 2]
    assert client.get(f"/portal/reports/{report.pk}/progress/").json() == {
        "state": "In the queue", "stage": "Waiting for a worker", "parts_done": 0, "parts_total": 0, "moving": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"survey": "mris", "plan": "mris"}, "Choose at least one wave."),
        ({"survey": "mris", "plan": "mris", "wave": "9"}, "wave 9 of mris is not sealed"),
        ({"survey": "other", "plan": "mris", "wave": "1"}, "There is no survey"),
        ({"survey": "mris", "plan": "mris", "wave": "one"}, "Choose at least one wave."),
    ],
)
def test_a_refused_request_says_why(sent: dict[str, str], said: str) -> None:
    sealed_survey()
    response = researcher().post("/portal/reports/new/", sent)
    assert response.status_code == 400
    assert said in text(response)


def test_what_is_too_long_is_refused_and_not_cut() -> None:
    sealed_survey()
    wish = {"survey": "mris", "plan": "mris", "wave": "1"}
    for longer in ({"title": "x" * 201}, {"purpose": "x" * 5_001}):
        refused = researcher().post("/portal/reports/new/", {**wish, **longer})
        assert refused.status_code == 400
        assert "may have 200 characters" in text(refused)
    assert not Report.objects.exists()


def test_a_report_runs_in_the_direction_of_its_language() -> None:
    sealed_survey()
    release = released()
    page = text(researcher().get(f"/portal/releases/{release.slug}/?lang=zh-Hans"))
    assert '<table class="bars" lang="zh-Hans" dir="ltr"' in page
    assert [direction(tag) for tag in ("ar", "zh-Hans", "nothing")] == ["rtl", "ltr", "ltr"]


def test_a_correction_needs_a_reason() -> None:
    sealed_survey()
    first, client = released(), researcher()
    assert first.slug in text(client.get("/portal/reports/new/"))
    wish = {"survey": "mris", "plan": "mris", "wave": "1", "replace": "on"}
    refused = client.post("/portal/reports/new/", {**wish, "purpose": " "})
    assert refused.status_code == 400
    assert "Say what is wrong" in text(refused)
    client.post("/portal/reports/new/", {**wish, "purpose": " Swapped labels. "})
    assert Report.objects.get(supersedes=first).purpose == "Swapped labels."


def test_the_reason_of_a_correction_stands_beside_what_it_corrects() -> None:
    sealed_survey()
    former = released()
    report = approved(supersedes=former, purpose="Swapped labels.")
    first, second = queries.decisions_of_round(report)
    Release.objects.create(
        report=report,
        slug=report.name,
        survey_slug="mris",
        first=first,
        second=second,
        manifest_sha256=MANIFEST,
        supersedes=former,
        rehearsal=True,
        released_on=former.released_on,
    )
    page = text(researcher().get(f"/portal/releases/{former.slug}/"))
    assert f"/portal/releases/{report.name}/" in page
    assert "Swapped labels." in page


def test_an_objection_to_an_approved_report_is_told_to_who_can_answer_it() -> None:
    report = approved()
    client = logged_in(report.requested_by)
    assert client.get(f"/portal/reports/{report.pk}/progress/").json()["moving"]
    object_to(colleague(Role.ADMIN), report.pk, "Swapped labels.")
    told = client.get(f"/portal/reports/{report.pk}/progress/").json()
    assert (told["state"], told["moving"]) == ("Approved, held back by an objection", False)
    page = text(client.get(f"/portal/reports/{report.pk}/"))
    assert "Swapped labels." in page
    assert "Begin a new round" in page


@pytest.mark.parametrize(("state", "said"), [(State.FAILED, "Try again"), (State.BLOCKED, "Ask for another report")])
def test_what_went_wrong_is_told_with_what_would_help(state: State, said: str) -> None:
    report = queued(colleague(Role.RESEARCHER))
    move(WORKER, report, State.COMPUTING)
    move(WORKER, report, state, "t6_att_lang", error="t6_att_lang")
    page = text(logged_in(report.requested_by).get(f"/portal/reports/{report.pk}/"))
    assert "t6_att_lang" in page
    assert said in page
    assert ("<button" in page.partition('id="progress"')[2]) == (state == State.FAILED)


def test_only_researchers_and_admins_may_ask() -> None:
    sealed_survey()
    assert logged_in(colleague(Role.REVIEWER)).get("/portal/reports/new/").status_code == 403


def test_a_stranger_does_not_follow_it() -> None:
    report = queued()
    assert researcher().get(f"/portal/reports/{report.pk}/").status_code == 403
    assert researcher().get(f"/portal/reports/{report.pk}/progress/").status_code == 403


def test_the_requester_reads_what_reviewers_want_changed_and_sends_it_in_again() -> None:
    sealed_survey()
    asked = requester()
    report = in_review(asked)
    vote(report, Verdict.ASK_FOR_CHANGES)
    assert "I looked at every table." not in text(logged_in(asked).get(f"/portal/reports/{report.pk}/"))
    vote(report)
    assert "I looked at every table." in text(logged_in(asked).get(f"/portal/reports/{report.pk}/"))
    logged_in(asked).post(f"/portal/reports/{report.pk}/resubmit/", {"reason": "Changed."})
    report.refresh_from_db()
    assert (report.state, report.round) == (State.QUEUED, 2)


def test_a_token_is_seen_once_and_revoked_by_its_owner_only() -> None:
    owner = colleague(Role.RESEARCHER)
    page = text(logged_in(owner).post("/portal/tokens/", {"name": "my notebook", "scope": ["read"]}))
    token = ApiToken.objects.get()
    assert ApiToken.PREFIX in page
    assert ApiToken.PREFIX not in text(logged_in(owner).get("/portal/tokens/"))
    assert researcher().post(f"/portal/tokens/{token.pk}/revoke/").status_code == 404
    logged_in(owner).post(f"/portal/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert not token.is_valid


@pytest.mark.parametrize("sent", [{"name": "x"}, {"scope": ["all"]}, {"name": "x" * 61, "scope": ["read"]}])
def test_a_token_for_nothing_or_under_too_long_a_name_is_not_made(sent: dict[str, Any]) -> None:
    assert researcher().post("/portal/tokens/", sent).status_code == 400
    assert not ApiToken.objects.exists()


def test_a_retraction_from_the_page_needs_an_admin() -> None:
    sealed_survey()
    slug = released().slug
    assert researcher().post(f"/review/releases/{slug}/retract/", {"reason": "x"}).status_code == 403
    admin = logged_in(colleague(Role.ADMIN))
    assert "Retract this release" in text(admin.get(f"/portal/releases/{slug}/"))
    admin.post(f"/review/releases/{slug}/retract/", {"reason": "A wrong label."})
    assert queries.release(slug).report.state == State.RETRACTED


def test_a_form_from_another_site_changes_nothing() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(colleague(Role.RESEARCHER))
    assert client.post("/portal/tokens/", {"name": "x"}).status_code == 403
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/portal/reports/new/", {"survey": "mris\0", "plan": "mris", "wave": "1"}),
        ("/portal/reports/new/", {"survey": "mris", "plan": "mris", "wave": "9" * 5000}),
        ("/portal/tokens/", {"name": "a\0b"}),
        ("/portal/reports/{}/resubmit/", {"reason": "a\0b"}),
        ("/review/{}/", {"verdict": "approve", "reason": "a\0b", "manifest": MANIFEST}),
    ],
)
def test_what_no_text_may_hold_is_refused(address: str, sent: dict[str, str]) -> None:
    sealed_survey()
    answer = logged_in(colleague(*Role)).post(address.format(in_review().pk), sent)
    assert answer.status_code == 400


@pytest.mark.parametrize("address", ["/portal/releases/mris-1/files/a%00b", "/review/{}/files/a%00b"])
def test_so_is_such_an_address(address: str) -> None:
    sealed_survey()
    address = address.format(released().report_id)
    assert logged_in(colleague(*Role)).get(address).status_code == 400


def test_two_releases_stand_side_by_side() -> None:
    sealed_survey()
    first = released()
    page = researcher().get(f"/portal/releases/{first.slug}/compare/", {"with": first.slug})
    assert page.status_code == 200
    shown = [
        table for table in queries.document(first.report)["tables"] if table["visible"] and len(table["variables"]) == 1
    ]
    assert text(page).count("<table") == len(shown) > 50
    assert "+0" in text(page)


def test_a_comparison_with_what_is_not_there_is_refused_in_words() -> None:
    sealed_survey()
    first = released()
    for other, status in (("", 404), ("nothing-1", 404), ("x\0y", 400)):
        page = researcher().get(f"/portal/releases/{first.slug}/compare/", {"with": other})
        assert page.status_code == status, other


def test_a_release_says_how_to_cite_it_and_shows_its_statistics() -> None:
    sealed_survey()
    first = released()
    page = text(researcher().get(f"/portal/releases/{first.slug}/"))
    assert "@misc{" in page
    assert "read.csv(" in page
    for one in queries.document(first.report)["statistics"]:
        assert f'id="{one["id"]}-title"' in page


def test_a_table_of_statistics_is_csv_at_its_address() -> None:
    sealed_survey()
    first = released()
    (scales, *_) = queries.document(first.report)["statistics"]
    listed = researcher().get(f"/api/v1/releases/{first.slug}/statistics/").json()
    assert scales["id"] in [one["id"] for one in listed["results"]]
    answer = researcher().get(f"/api/v1/releases/{first.slug}/tables/{scales['id']}.csv")
    assert answer.status_code == 200
    assert received(answer).decode("utf-8-sig").startswith("table_id,title,name,codes,label,n,mean,sd")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [("", True), ("?survey=mris&language=zh-Hans", True), ("?text=nothing+like+it", False), ("?language=fr", False)],
)
def test_releases_are_found_with_a_plain_form(wanted: str, found: bool) -> None:
    sealed_survey()
    release = released()
    page = text(researcher().get(f"/portal/{wanted}"))
    assert (f"/portal/releases/{release.slug}/" in page) is found
    assert ("No release fits." in page) is not found


def test_a_release_says_first_what_is_withheld_and_why_and_how_to_cite_it() -> None:
    sealed_survey()
    release = released()
    page = text(researcher().get(f"/portal/releases/{release.slug}/"))
    document = queries.document(release.report)
    hidden = [table for table in document["tables"] if not table["visible"]]
    assert f"{len(hidden)} of {len(document['tables'])} planned tables are withheld." in page
    assert page.index("What is not shown") < page.index("Everything as one ZIP")
    assert all(
        form in page for form in ("@misc{", "cff-version: 1.2.0", f"[{document['stamp']['en']}]. {release.slug}.")
    )


def test_figures_stand_in_the_page_as_pictures_with_words() -> None:
    sealed_survey()
    release = released()
    client = researcher()
    page = text(client.get(f"/portal/releases/{release.slug}/?lang=zh-Hans"))
    for picture in queries.document(release.report)["pictures"]:
        address = f"/portal/releases/{release.slug}/files/figures/zh-Hans/{picture['id']}.svg"
        assert f'src="{address}"' in page
    assert client.head(address).status_code == 200
