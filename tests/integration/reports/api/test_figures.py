"""Figures of a release: what they show, in words, and where the drawings are."""

from accounts.enums import Role
from reports import queries
from reports.models import Release
from tests.integration.reports.api.callers import Caller, a, refused, researcher


def test_every_figure_of_the_report_is_listed(release: Release) -> None:
    listed = researcher().get("releases/mris-1/figures/?page_size=500").json()
    document = queries.document(release.report)
    assert listed["count"] == len(document["figures"]) + len(document["pictures"])
    assert {one["kind"] for one in listed["results"]} == {"bars", "likert", "forest", "timeline"}


def test_a_figure_has_an_alternative_text_and_a_drawing_in_every_language(release: Release) -> None:
    somebody = researcher()
    (figure,) = (
        one
        for one in somebody.get("releases/mris-1/figures/?page_size=500").json()["results"]
        if one["id"] == "t5_att_likert"
    )
    languages = queries.document(release.report)["languages"]
    assert list(figure["svg"]) == list(figure["alt"]) == languages
    assert figure["tables"][0].startswith("t5_att_")
    drawing = somebody.get(figure["svg"]["zh-Hans"].removeprefix("http://testserver"))
    assert drawing["Content-Type"] == "image/svg+xml"
    assert drawing.getvalue().startswith(b"<?xml")


def test_it_needs_a_role(release: Release) -> None:
    assert refused(Caller().get("releases/mris-1/figures/")) == (401, "not_authenticated")
    assert refused(a().get("releases/mris-1/figures/")) == (403, "permission_denied")
    assert a(Role.REVIEWER).get("releases/mris-1/figures/").status_code == 200
