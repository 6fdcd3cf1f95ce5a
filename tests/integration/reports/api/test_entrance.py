"""Where a program and its author begin."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from tests.integration.reports.api.callers import refused, researcher


@pytest.mark.django_db
def test_every_address_that_is_named_answers() -> None:
    who = researcher()
    addresses = who.get("").json()
    assert set(addresses) == {"surveys", "plans", "releases", "reports", "tokens", "schema", "docs"}
    assert {name: who.get(address).status_code for name, address in addresses.items()} == dict.fromkeys(addresses, 200)


def test_the_documentation_brings_its_own_scripts_and_has_none_in_the_page() -> None:
    page = Client().get("/api/v1/docs/").content.decode()
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\son\w+=|style=", page)
    loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(loaded) >= 4
    for address in loaded:
        assert address.startswith(("/static/", "/api/v1/docs/?script")), address
        if address.startswith("/static/"):
            assert finders.find(address.removeprefix("/static/"))


def test_its_script_names_the_document_of_this_service() -> None:
    response = Client().get("/api/v1/docs/?script")
    assert response["Content-Type"].startswith("application/javascript")
    assert b"/api/v1/schema/" in response.content


@pytest.mark.django_db
def test_an_address_beneath_that_does_not_exist_is_refused_as_all_others_are() -> None:
    assert refused(researcher().get("no/such/thing/")) == (404, "not_found")
    assert refused(Client().get("/api/v1/no/such/thing/")) == (401, "not_authenticated")
