"""Taking a release back."""

from accounts.enums import Role
from accounts.models import AuditEntry
from reports.models import Release, Retraction
from tests.integration.reports.api.callers import a, refused, researcher

ADDRESS = "releases/mris-1/retract/"


def test_an_admin_retracts_for_a_reason_that_everybody_reads(release: Release) -> None:
    response = a(Role.ADMIN).post(ADDRESS, reason="A wrong scale.")
    assert response.status_code == 200
    assert (response.json()["state"], response.json()["content"]) == ("retracted", None)
    assert researcher().get("releases/mris-1/").json()["retraction"]["reason"] == "A wrong scale."
    assert AuditEntry.objects.filter(action="report.retracted").count() == 1


def test_it_needs_a_reason(release: Release) -> None:
    for body in ({}, {"reason": " "}):
        response = a(Role.ADMIN).post(ADDRESS, **body)
        assert refused(response) == (400, "invalid")
        assert set(response.json()["fields"]) == {"reason"}
    assert not Retraction.objects.exists()


def test_it_happens_once(release: Release) -> None:
    admin = a(Role.ADMIN)
    admin.post(ADDRESS, reason="A wrong scale.")
    assert refused(admin.post(ADDRESS, reason="Again.")) == (409, "wrong_state")


def test_what_is_not_there_is_not_found(release: Release) -> None:
    assert refused(a(Role.ADMIN).post("releases/mris-9/retract/", reason="x")) == (404, "not_found")
