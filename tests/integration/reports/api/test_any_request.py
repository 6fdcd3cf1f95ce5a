"""Requests that nobody thought of, made from the OpenAPI document: no fault, and answers as the document says."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import content_type_conformance, not_a_server_error, response_schema_conformance
from schemathesis.specs.openapi.checks import status_code_conformance

from accounts.actions import create_token
from accounts.actors import Actor
from accounts.enums import Role
from config.wsgi import application
from tests.integration.reports.cast import colleague, released, sealed_survey

pytestmark = pytest.mark.django_db

CHECKS = [not_a_server_error, response_schema_conformance, content_type_conformance, status_code_conformance]
MOVED = 301
"""An address without its last slash is sent on to the one with it, before it is known whether there is anything."""

EXAMPLES = 8
"""Per operation and role."""


@pytest.fixture(autouse=True)
def one_connection():
    """The test's transaction outlives its requests, as Django's own client sees to it."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


def operations():
    schema = schemathesis.openapi.from_wsgi("/api/v1/schema/?format=json", application)
    return [result.ok() for result in schema.get_all_operations()]


@pytest.mark.parametrize("roles", [(), (Role.RESEARCHER,), (Role.REVIEWER,), (Role.ADMIN,)], ids=str)
def test_no_request_is_a_fault_and_every_answer_is_as_described(roles):
    sealed_survey()
    release = released()
    user = colleague(*roles) if roles else None
    headers = {"Authorization": f"Bearer {create_token(Actor.of(user), user, 'any')}"} if user else {}
    real = {"slug": release.slug, "table_id": "t2_age", "report_id": release.report_id, "name": "mris"}
    real |= {"instrument": "mris", "path": "cells.csv"}
    for operation in operations():
        ask(operation, headers, real)


def ask(operation, headers, real):
    """Half of the requests are for things that exist."""

    @seed(1)
    @settings(max_examples=EXAMPLES, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(), existing=st.booleans())
    def requests(case, existing):
        if existing:
            case.path_parameters |= {name: value for name, value in real.items() if name in case.path_parameters}
        response = case.call(headers=headers)
        if response.status_code != MOVED:
            case.validate_response(response, checks=CHECKS)

    requests()
