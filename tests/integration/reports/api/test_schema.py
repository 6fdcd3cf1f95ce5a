"""The OpenAPI document is valid, and answers are as it says."""

from io import StringIO
from typing import Any

import jsonschema
import pytest
from django.core.management import call_command

from accounts.enums import Role
from accounts.models import AuditEntry
from reports.models import Release
from survey.actions import add_member
from tests.cast import SHELL
from tests.integration.reports.api.callers import Caller, a, caller, refused, researcher
from tests.integration.reports.cast import colleague, in_review, moderated_text, queued, sealed_survey, vote

ADDRESSES = {
    "/": "",
    "/surveys/": "surveys/",
    "/surveys/{slug}/": "surveys/mris/",
    "/codebooks/{instrument}/": "codebooks/mris/",
    "/plans/": "plans/",
    "/plans/{name}/": "plans/mris/",
    "/releases/": "releases/",
    "/releases/{slug}/": "releases/mris-1/",
    "/releases/{slug}/statistics/": "releases/mris-1/statistics/",
    "/releases/{slug}/figures/": "releases/mris-1/figures/",
    "/releases/{slug}/testimonies/": "releases/mris-1/testimonies/",
    "/releases/{slug}/tables/": "releases/mris-1/tables/?page_size=500",
    "/releases/{slug}/tables/{table_id}/": "releases/mris-1/tables/t2_age/?format=json",
    "/reports/": "reports/",
    "/reports/{report_id}/": "reports/{report}/",
    "/tokens/": "tokens/",
}
TEXTS = "surveys/mris/testimonies/"
DOWNLOADS = {"/releases/{slug}/bundle/", "/releases/{slug}/files/{path}", "/releases/{slug}/tables/{table_id}.csv"}


def with_nulls(schema: Any) -> Any:
    """OpenAPI 3.0 says `nullable`, JSON Schema does not know it. No object has fields that are not described."""
    if isinstance(schema, list):
        return [with_nulls(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: with_nulls(value) for key, value in schema.items() if key != "nullable"}
    if "properties" in inner:
        inner.setdefault("additionalProperties", False)
    return {"anyOf": [inner, {"type": "null"}]} if schema.get("nullable") is True else inner


def conforms(openapi: dict[str, Any], path: str, method: str, status: int, answer: Any) -> None:
    """Raises ValidationError."""
    described = openapi["paths"][f"/api/v1{path}"][method]["responses"]
    content = described.get(str(status), described["default"])["content"]["application/json"]
    schema = with_nulls({**content["schema"], "components": openapi["components"]})
    jsonschema.validate(answer, schema, format_checker=jsonschema.FormatChecker())


def test_it_is_valid_and_nothing_in_it_is_guessed() -> None:
    written = StringIO()
    call_command("spectacular", "--validate", "--fail-on-warn", stdout=written)
    assert written.getvalue().startswith("openapi: 3.")


@pytest.mark.parametrize("path", ADDRESSES)
def test_answers_are_as_it_says(release: Release, openapi: dict[str, Any], path: str) -> None:
    report = in_review(waves=[2])
    vote(report)
    response = a(Role.ADMIN).get(ADDRESSES[path].format(report=report.pk), accept="application/json")
    assert response.status_code == 200
    conforms(openapi, path, "get", 200, response.json())


def test_all_that_is_read_as_json_was_compared(openapi: dict[str, Any]) -> None:
    read = {path.removeprefix("/api/v1") for path, operations in openapi["paths"].items() if "get" in operations}
    assert read == {*ADDRESSES, *DOWNLOADS, "/surveys/{slug}/testimonies/"}


def test_moderated_texts_are_for_the_study_s_own_researchers_and_each_reading_is_recorded(
    db: None, openapi: dict[str, Any]
) -> None:
    survey, person = sealed_survey(), colleague(Role.RESEARCHER)
    moderated_text(survey.waves.get())
    who = caller(person)
    assert refused(who.get(TEXTS))[0] == 403
    add_member(SHELL, survey, person)
    answer = who.get(TEXTS)
    conforms(openapi, "/surveys/{slug}/testimonies/", "get", 200, answer.json())
    assert [text["words"] for text in answer.json()["texts"]] == [{"tst": "It held them."}]
    assert AuditEntry.objects.filter(action="testimony.read", actor_name=str(person.pk)).count() == 1
    assert who.get(f"{TEXTS}?page=2").json()["texts"] == []
    assert refused(who.get(f"{TEXTS}?page=x"))[0] == 400


def test_so_are_refusals(release: Release, openapi: dict[str, Any]) -> None:
    conforms(openapi, "/surveys/", "get", 401, Caller().get("surveys/").json())
    report = queued(waves=[2])
    conforms(openapi, "/reports/{report_id}/", "get", 403, researcher().get(f"reports/{report.pk}/").json())
    wrong = researcher().post("reports/", survey="mris", waves=["x"])
    conforms(openapi, "/reports/", "post", 400, wrong.json())


def test_an_answer_of_another_shape_would_be_noticed(openapi: dict[str, Any]) -> None:
    refusal: dict[str, Any] = {"code": "x", "message": "y", "fields": {}}
    for wrong in ({**refusal, "code": None}, {**refusal, "more": 1}, {"code": "x"}):
        with pytest.raises(jsonschema.ValidationError):
            conforms(openapi, "/surveys/", "get", 401, wrong)


def test_every_operation_says_what_it_does_and_how_to_log_in(openapi: dict[str, Any]) -> None:
    operations = [one for operations in openapi["paths"].values() for one in operations.values()]
    assert len(operations) > 20
    assert all(one["description"] and {"token": []} in one["security"] for one in operations)
    assert openapi["components"]["securitySchemes"]["token"]["scheme"] == "bearer"


@pytest.mark.parametrize("accept", ["application/json", "application/vnd.oai.openapi"])
def test_anybody_reads_it_in_both_forms(accept: str) -> None:
    response = Caller("even with a token that is unknown").get("schema/", accept=accept)
    assert response.status_code == 200
    assert b"read_table" in response.content
