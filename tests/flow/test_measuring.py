"""The commands that measure the form, against a running service: what they print holds the bounds."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from survey.models import Inbox
from tests.cast import open_rehearsal
from tests.stack import Stack, running


@pytest.fixture
def stack(own_database: str, tmp_path: Path) -> Iterator[Stack]:
    # Drawing and typesetting a report in all eight languages says no more about the command than in one.
    with running(own_database, tmp_path, "web", REPORT_LANGUAGES="en") as stack:
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
    done = stack.manage("bench", "form", "--rounds", "1", "--seconds", "1")
    assert done.returncode == 0, done.stderr
    measured = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(one["bench"], one["case"], one["unit"]) for one in measured] == [
        ("form", "GET", "1/s"), ("form", "POST", "1/s")
    ]  # fmt: skip
    for one in measured:
        assert one["value"] > 0
        assert one["peak_mib"] > 0
        assert one["ratio"] == pytest.approx(one["value"] / one["floor"])
    assert Inbox.objects.count() == 0


def test_counting_is_measured_beside_one_copy_and_its_table_is_gone(stack: Stack) -> None:
    done = stack.manage("bench", "tabulate", "--rows", "1000,3000", "--rounds", "1")
    assert done.returncode == 0, done.stderr
    measured = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["case"] for one in measured] == ["1000 rows", "3000 rows"]
    assert all(one["value"] > 0 and one["floor"] > 0 and one["peak_mib"] > 0 for one in measured)
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('bench_codes')")
        assert cursor.fetchone() == (None,)


def test_protection_and_reports_are_measured_by_stage(stack: Stack) -> None:
    for what, cases in (("protection", 6), ("report", 5)):
        done = stack.manage("bench", what, "--responses", "150", "--rounds", "1")
        assert done.returncode == 0, done.stderr
        measured = [json.loads(line) for line in done.stdout.splitlines()]
        assert len(measured) == cases
        assert all(one["value"] > 0 and one["floor"] is None for one in measured)
