"""The self-test on a running stack: it finds nothing, and it finds each leak that is planted to be found."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import redis
from django.core.management import CommandError, call_command
from pytest_django import DjangoDbBlocker

from accounts.enums import Role
from survey import receipts
from survey.enums import Mode, WaveState
from survey.models import Inbox, Survey, Wave
from tests import services
from tests.cast import open_rehearsal, person, send
from tests.conftest import copy_of
from tests.flow.leaks import plant_in_postgresql
from tests.readers import readers
from tests.stack import Stack, running

LEAKS = (
    # what is planted, where it must be found, as what
    ("the address in a line of a log", r".*/logs/web\.log", "the address"),
    ("the agent in a table", "table django_session", "the agent"),
    ("the receipt code in the cache", r"redis \d+: .*seen-.*", "the code of the erased answers"),
    ("words in the worker's log", r".*/logs/worker\.log", "kept words"),
    ("a cookie on the form", "GET /en/s/anonymity-selftest/", "sets a cookie"),
    ("a picture from elsewhere", "GET /en/receipt/", r"loads from counter\.example"),
    ("answers in a temporary file", r".*/tmp/answers-\w+", "words that may not be kept"),
    ("a column with the time of arrival", "table survey_inbox", "the time 20.* which is within the visit"),
    ("a trigger that copies answers", "table copies", "the hash of the code .*"),
    ("an erasure that keeps", r"table archive\.attic", "the hash of the code .*"),
    ("a counter of answers", r"sequence public\.visits", "counted on during the visit"),
    ("answers as large objects", "large objects", r"\d+, and the service makes none"),
    ("samples of answers for the planner", "pg_stats of survey_inbox", "samples of document"),
    ("sealing in the order of arrival", "table survey_response", "by ctid, it stands in the order of arrival"),
    ("a server that logs statements", r".*/postgres\.log", "the hash of the code .*"),
)

# Sixteen at once are then a crowd.
EASILY_CROWDED = {"SENDS_BUSY": "1", "SENDS_OVERLOADED": "4", "STAMP_BITS": "8", "STAMP_BITS_BUSY": "12"}
ONE_LANGUAGE = {"REPORT_LANGUAGES": "en"}


def selftest(stack: Stack, *more: str) -> "subprocess.CompletedProcess[str]":
    return stack.manage(
        "anonymity_selftest",
        *("--url", stack.url, "--logs", str(stack.logs), "--logs", str(services.server_log())),
        *("--database-files", str(services.database_folder())),
        *more,
    )


def test_no_trace_is_found(own_database: str, tmp_path: Path) -> None:
    person(Role.RESEARCHER, email="researcher@example.org")
    readers()
    extra = {**EASILY_CROWDED, **ONE_LANGUAGE, "TMPDIR": str(tmp_path)}
    with running(own_database, tmp_path, "web", "worker", "beat", **extra) as stack:
        done = selftest(stack, "--report-for", "researcher@example.org")

    assert done.returncode == 0, done.stdout + done.stderr
    assert "No trace of a respondent was found." in done.stdout
    assert not [line for line in done.stdout.splitlines() if line.startswith("FOUND")]
    assert "computed by a worker: in_review" in done.stdout
    unseen = [line for line in done.stdout.splitlines() if line.startswith("not looked at")]
    assert [line.split()[-1] for line in unseen if "answers to the visitor" in line] == []
    assert any("log of the proxy" in line for line in unseen)
    assert not any("order of the testimonies" in line for line in unseen)
    assert "known          journal of the database" in done.stdout


@pytest.fixture(scope="module")
def leaking(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Any]:
    """What the self-test says, with --json, of a stack in which everything leaks."""
    folder = tmp_path_factory.mktemp("leaking")
    (folder / "tmp").mkdir()
    settings = {"DJANGO_SETTINGS_MODULE": "tests.flow.leaky_settings", "TMPDIR": str(folder / "tmp")}
    with django_db_blocker.unblock(), copy_of(services.TEMPLATE) as database:
        readers()
        send(open_rehearsal(), receipts.make(), mdl="1")
        plant_in_postgresql(services.superuser_url(database), database)
        with running(database, folder, "web", "worker", "beat", **settings) as stack:
            done = selftest(stack, "--json")
    forget_codes()
    assert done.returncode == 1, done.stdout + done.stderr
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def forget_codes() -> None:
    url = services.redis_url().replace("redis+socket://", "unix://").partition("?")[0]
    cache = redis.Redis.from_url(url, db=1)
    for key in cache.scan_iter("*seen-*"):
        if b"beat" not in key:
            cache.delete(key)


@pytest.mark.parametrize(("leak", "place", "what"), LEAKS, ids=[leak for leak, _, _ in LEAKS])
def test_a_planted_leak_is_found_and_named(leaking: dict[str, Any], leak: str, place: str, what: str) -> None:
    named = [(one["place"], one["what"]) for one in leaking["found"]]

    assert any(re.fullmatch(place, where) and re.fullmatch(what, found) for where, found in named), named


def test_a_report_quotes_nothing_of_what_it_found(leaking: dict[str, Any]) -> None:
    assert not leaking["ok"]
    assert "Agent-" not in json.dumps(leaking)


def test_a_run_clears_away_what_an_earlier_one_left_and_touches_no_live_survey(own_database: str) -> None:
    wave = open_rehearsal("anonymity-selftest")
    send(wave)
    Inbox.objects.create(receipt=b"broken", wave=wave, language="en", document={})
    with pytest.raises(CommandError, match="does not answer"):
        call_command("anonymity_selftest", url="http://127.0.0.1:1")
    wave.refresh_from_db()

    assert (wave.state, Inbox.objects.count()) == (WaveState.SEALED, 0)
    Survey.objects.update(mode=Mode.LIVE)
    with pytest.raises(CommandError, match="touches rehearsals only"):
        call_command("anonymity_selftest", url="http://127.0.0.1:1")


def test_nobody_who_answers_is_said_plainly_and_leaves_no_open_wave(own_database: str) -> None:
    with pytest.raises(CommandError, match="does not answer"):
        call_command("anonymity_selftest", url="http://127.0.0.1:1")

    assert [wave.state for wave in Wave.objects.all()] == [WaveState.CLOSED]
