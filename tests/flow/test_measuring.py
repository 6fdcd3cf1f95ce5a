"""The commands that measure the form, against a running service: what they print holds the bounds."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from survey.models import Inbox
from tests.cast import open_rehearsal
from tests.stack import Stack, running


@pytest.fixture
def stack(own_database: str, tmp_path: Path) -> Iterator[Stack]:
    with running(own_database, tmp_path, "web") as stack:
        yield stack


def test_a_first_view_is_one_light_request_in_every_language(stack: Stack) -> None:
    open_rehearsal("mris")
    done = stack.manage("first_view", "mris", "--url", stack.url, "--json")
    assert done.returncode == 0, done.stderr
    views = json.loads(done.stdout)
    assert len(views) == len(settings.LANGUAGES)
    for view in views.values():
        assert (view["requests"], view["third_parties"], view["cookies"], view["stored"]) == (1, [], 0, 0)
        assert 0 < view["br"] < view["gzip"] < view["identity"]


def test_the_form_is_measured_beside_its_floors_and_nothing_of_it_stays(stack: Stack) -> None:
    """How fast a machine is says nothing here: only that both sides were measured."""
    done = stack.manage("bench", "form", "--rounds", "1", "--seconds", "1", "--json")
    assert done.returncode == 0, done.stderr
    measured = json.loads(done.stdout)
    for one in (measured["GET"], measured["POST"]):
        assert one["per_second"] > 0
        assert one["ratio"] == pytest.approx(one["per_second"] / one["floor_per_second"])
    assert Inbox.objects.count() == 0
