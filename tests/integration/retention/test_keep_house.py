"""What is forgotten when its time is over, and what is not."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django import Settings

from accounts.actions import create_token, revoke_token
from accounts.actors import WORKER
from accounts.models import ApiToken, AuditEntry
from config import backup
from config.doctor import copies as doctor
from config.doctor import surveys
from config.retention import keep_house
from config.selftest.run import SLUG
from reports.actions.moves import move
from reports.enums import State
from reports.models import Artifact, Part
from reports.storage import store
from survey.enums import WaveState
from survey.models import Inbox, Tombstone, Wave
from tests.cast import SHELL, open_rehearsal, send
from tests.integration.reports.cast import colleague, queued

LONG_AGO = timezone.now() - timedelta(days=40)


@pytest.fixture(autouse=True)
def places(db: None, tmp_path: Path, settings: Settings) -> None:
    settings.STORAGE_URL = (tmp_path / "storage").as_uri()
    settings.BACKUP_FOLDER = str(tmp_path / "copies")


def done() -> list[str]:
    actions = AuditEntry.objects.filter(actor_kind="service").order_by("id").values_list("action", flat=True)
    return [action for action in actions if not action.startswith(("report.", "user."))]


def test_nothing_to_do_leaves_no_entry() -> None:
    keep_house(WORKER)

    assert done() == []


def test_nothing_is_done_beside_a_self_test_unless_it_was_killed_long_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    open_rehearsal(SLUG)
    Session.objects.create(session_key="over", session_data="", expire_date=LONG_AGO)
    keep_house(WORKER)
    assert (Session.objects.count(), done()) == (1, [])

    monkeypatch.setattr("config.retention.LONGEST_SELF_TEST", timedelta(0))
    keep_house(WORKER)

    assert Session.objects.count() == 0


def test_sessions_that_are_over_go() -> None:
    over = Session.objects.create(session_key="over", session_data="", expire_date=LONG_AGO)
    Session.objects.create(session_key="now", session_data="", expire_date=timezone.now() + timedelta(hours=1))

    keep_house(WORKER)

    assert list(Session.objects.values_list("pk", flat=True)) == ["now"]
    assert (done(), over.pk) == (["retention.ways_in"], "over")


def test_tokens_go_a_month_after_their_end() -> None:
    who = colleague()
    for name in ("good", "revoked today", "revoked long ago", "ran out long ago"):
        create_token(SHELL, who, name)
    for name in ("revoked today", "revoked long ago"):
        revoke_token(SHELL, ApiToken.objects.get(name=name))
    ApiToken.objects.filter(name="revoked long ago").update(revoked_at=LONG_AGO)
    ApiToken.objects.filter(name="ran out long ago").update(expires_at=LONG_AGO)

    keep_house(WORKER)

    assert set(ApiToken.objects.values_list("name", flat=True)) == {"good", "revoked today"}


def test_counts_of_rounds_that_are_over_go() -> None:
    report = queued()
    move(WORKER, report, State.COMPUTING)
    kept = Part.objects.create(report=report, round=report.round, first=0, size=1, cube=b"exact")
    Part.objects.create(report=report, round=report.round + 1, first=0, size=1, cube=b"exact")
    keep_house(WORKER)
    assert list(Part.objects.all()) == [kept]

    move(WORKER, report, State.FAILED, "It broke.")
    keep_house(WORKER)

    assert not Part.objects.exists()
    assert done() == ["retention.parts", "retention.parts"]


def aged(path: Path) -> Path:
    os.utime(path, (LONG_AGO.timestamp(),) * 2)
    return path


def test_old_files_go_that_no_report_names(tmp_path: Path) -> None:
    named, old, new, again = (store().put(name) for name in (b"named", b"old", b"new", b"again"))
    report = queued()
    move(WORKER, report, State.COMPUTING)
    Artifact.objects.create(report=report, round=1, path="x", sha256=named, size=5, media_type="text/plain")
    paths = {sha256: tmp_path / "storage" / sha256[:2] / sha256 for sha256 in (named, old, new, again)}
    for sha256 in (named, old, again):
        aged(paths[sha256])
    unfinished = paths[old].with_name(".new-killed")
    unfinished.touch()
    aged(unfinished)
    store().put(b"again")  # a report that is being made names it soon

    keep_house(WORKER)

    assert {sha256 for sha256, path in paths.items() if path.exists()} == {named, new, again}
    assert not unfinished.exists()
    assert done() == ["retention.files"]


def test_erasures_of_sealed_waves_go_and_others_stay() -> None:
    wave = open_rehearsal()
    sealed = Wave.objects.create(
        survey=wave.survey, number=9, languages=["en"], seal_on=wave.seal_on, state=WaveState.SEALED
    )
    Tombstone.objects.create(receipt=b"a" * 32, wave=wave)
    Tombstone.objects.create(receipt=b"b" * 32, wave=sealed)

    keep_house(WORKER)

    assert Tombstone.objects.get().wave == wave
    assert AuditEntry.objects.get(action="retention.erasures").detail == {}


def test_an_answer_left_in_a_sealed_wave_is_named_and_not_touched() -> None:
    wave = open_rehearsal()
    send(wave)
    assert list(surveys.sealed_waves_have_no_inbox()) == []
    for state in (WaveState.CLOSED, WaveState.SEALED):
        Wave.objects.filter(pk=wave.pk).update(state=state)

    keep_house(WORKER)

    (finding,) = surveys.sealed_waves_have_no_inbox()
    assert "has answers in its inbox" in finding.what
    assert Inbox.objects.count() == 1


def test_copies_whose_time_is_over_go(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backup, "purge", lambda: ["old.sunset-copy"])

    keep_house(WORKER)

    assert AuditEntry.objects.get(action="backup.expired").subject == "old.sunset-copy"


def test_the_doctor_asks_for_a_key_and_for_copies(settings: Settings) -> None:
    def said() -> list[str]:
        return [finding.what for check in (doctor.copies_have_a_key, doctor.copies_are_made) for finding in check()]

    assert said() == []
    settings.PRODUCTION = True
    no_key, no_copy = said()
    assert no_key.startswith("There is no BACKUP_KEY")
    assert "younger than 7 days" in no_copy
    settings.BACKUP_KEY = "short"
    assert said()[0] == "BACKUP_KEY is too short to make copies with."
