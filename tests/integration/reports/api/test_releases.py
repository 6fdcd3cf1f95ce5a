"""The list of releases and the page of one."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from reports import queries
from reports.actions import request_report, retract
from reports.models import Release, Report
from tests.cast import SHELL
from tests.integration.reports.api.callers import Caller, received, refused, researcher
from tests.integration.reports.cast import colleague, in_review, released, requester


def corrected(former: Release) -> Release:
    return released(request_report(SHELL, requester(), "mris", "mris", replace=True, purpose="A label was wrong."))


def test_the_list_says_what_it_is_and_whether_it_is_a_rehearsal(release: Release) -> None:
    (shown,) = researcher().get("releases/").json()["results"]
    report = release.report
    assert shown == {
        "slug": "mris-1",
        "url": "http://testserver/api/v1/releases/mris-1/",
        "title": report.title,
        "survey": "mris",
        "rehearsal": True,
        "waves": [1],
        "plan": {"name": "mris", "version": "1", "sha256": report.plan_digest},
        "state": "released",
        "released_on": release.released_on.isoformat(),
        "supersedes": None,
        "correction": None,
        "superseded_by": None,
        "retraction": None,
        "manifest_sha256": release.manifest_sha256,
    }


def test_reports_that_are_not_released_are_not_there(release: Release) -> None:
    report = in_review(waves=[2])
    assert researcher().get("releases/").json()["count"] == 1
    assert refused(researcher().get(f"releases/{report.name}/")) == (404, "not_found")
    assert refused(researcher().get(f"releases/{report.name}/files/cells.csv")) == (404, "not_found")


def test_a_superseded_release_points_to_its_successor_and_is_still_read(release: Release) -> None:
    successor, who = corrected(release), researcher()
    newest, former = who.get("releases/").json()["results"]
    assert (newest["slug"], newest["supersedes"]) == (successor.slug, "mris-1")
    assert (former["state"], former["superseded_by"]) == ("superseded", successor.slug)
    assert who.get("releases/mris-1/").json()["content"] is not None


def test_one_release_lists_its_files_as_the_manifest_does(release: Release) -> None:
    content, who = researcher().get("releases/mris-1/").json()["content"], researcher()
    files = {one["path"]: one for one in content["files"]}
    assert set(files) == {one.path for one in queries.artifacts(release.report)}
    assert files["manifest.json"]["sha256"] == release.manifest_sha256
    for path in ("cells.csv", "manifest.json", "bundle.zip", "tables/en/t2_age.csv"):
        fetched = who.get(files[path]["url"])
        assert len(received(fetched)) == files[path]["bytes"]
        assert fetched["ETag"] == f'"{files[path]["sha256"]}"'


def test_it_says_how_many_answered_what_is_shown_and_how_to_cite_it(release: Release) -> None:
    content = researcher().get("releases/mris-1/").json()["content"]
    document = queries.document(release.report)
    assert (content["n"], content["tier"], content["languages"]) == (400, document["tier"], document["languages"])
    assert content["visible"] + content["withheld"] == len(document["tables"])
    assert content["visible"] == sum(table["visible"] for table in document["tables"])
    for part in (document["title"]["en"], "mris-1", document["made_on"], document["licence"], document["stamp"]["en"]):
        assert part in content["citation"]
    assert Caller().get(content["tables"]).status_code == 401


def test_a_retracted_release_keeps_its_reason_and_loses_its_numbers(release: Release) -> None:
    retract(colleague(Role.ADMIN), "mris-1", "A wrong scale.")
    who = researcher()
    for shown in (who.get("releases/").json()["results"][0], who.get("releases/mris-1/").json()):
        assert shown["state"] == "retracted"
        assert shown["retraction"]["reason"] == "A wrong scale."
    assert who.get("releases/mris-1/").json()["content"] is None


@pytest.mark.parametrize(
    "rest", ["bundle/", "files/report.json", "files/manifest.json", "tables/", "tables/t2_age/", "tables/t2_age.csv"]
)
def test_nothing_of_a_retracted_release_is_given_out(release: Release, rest: str) -> None:
    who = researcher()
    known = who.get(f"releases/mris-1/{rest}").get("ETag", "")
    retract(colleague(Role.ADMIN), "mris-1", "A wrong scale.")
    assert refused(who.get(f"releases/mris-1/{rest}", accept="*/*")) == (409, "wrong_state")
    assert refused(who.get(f"releases/mris-1/{rest}", if_none_match=known)) == (409, "wrong_state")


def test_more_releases_need_no_more_queries(release: Release) -> None:
    who = researcher()
    with CaptureQueriesContext(connection) as few:
        who.get("releases/")
    retract(colleague(Role.ADMIN), corrected(release).slug, "A wrong scale.")
    with CaptureQueriesContext(connection) as many:
        assert who.get("releases/").json()["count"] == 2
    assert len(many) == len(few) <= 3
    assert Report.objects.count() == 2


def test_a_long_list_is_cut_into_pages(release: Release) -> None:
    who, first = researcher(), corrected(release).slug
    page = who.get("releases/?page_size=1").json()
    assert ([one["slug"] for one in page["results"]], page["previous"]) == ([first], None)
    rest = who.get(page["next"]).json()
    assert ([one["slug"] for one in rest["results"]], rest["next"]) == (["mris-1"], None)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("survey=mris&plan=mris", 1),
        ("survey=other", 0),
        ("plan=other", 0),
        ("text=RIS-1", 1),
        ("text=%25", 0),
        ("language=zh-Hans", 1),
        ("language=fr", 0),
    ],
)
def test_releases_are_found_by_text_survey_plan_and_language(release: Release, wanted: str, found: int) -> None:
    assert researcher().get(f"releases/?{wanted}").json()["count"] == found


def test_no_text_holds_nul(release: Release) -> None:
    assert refused(researcher().get("releases/?text=%00")) == (400, "invalid")


@pytest.mark.parametrize("address", ["releases/", "releases/mris-1/", "surveys/", "plans/mris/", "codebooks/mris/"])
def test_who_has_an_answer_already_is_told_so(release: Release, address: str) -> None:
    somebody = researcher()
    first = somebody.get(address, accept="application/json")
    again = somebody.get(address, **{"accept": "application/json", "if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert somebody.get(address, **{"if-none-match": '"other"'}).status_code == 200


def test_a_refusal_is_never_taken_for_known(release: Release) -> None:
    assert "ETag" not in researcher().get("releases/none/")


@pytest.mark.parametrize(
    ("address", "most"),
    [("releases/mris-1/", 9), ("releases/mris-1/tables/", 7), ("releases/mris-1/figures/", 7)],
)
def test_a_release_is_read_with_few_queries(release: Release, address: str, most: int) -> None:
    somebody = researcher()
    somebody.get(address)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert somebody.get(address).status_code == 200
    assert len(asked) <= most, [one["sql"][:120] for one in asked]
