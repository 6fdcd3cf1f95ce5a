"""/metrics: facts about the service for those who may have them, none that grows with an answer."""

from pathlib import Path

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families
from pytest_django import Settings

from tests.cast import open_rehearsal, send
from tests.integration.reports.cast import queued

TOKEN = "a token of an operator, long enough"


@pytest.fixture(autouse=True)
def storage(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "storage" / "ab").mkdir(parents=True)
    (tmp_path / "storage" / "ab" / "abc").write_bytes(b"x" * 1000)
    settings.STORAGE_URL = (tmp_path / "storage").as_uri()


def samples(client: Client, **headers: str) -> dict[str, float]:
    answer = client.get("/metrics", headers=headers)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    families = text_string_to_metric_families(answer.content.decode())
    return {
        " ".join([sample.name, *sample.labels.values()]): sample.value for one in families for sample in one.samples
    }


@pytest.mark.django_db
def test_it_tells_what_operators_ask_for(client: Client) -> None:
    queued()
    found = samples(client)

    assert (found["sunset_reports queued"], found["sunset_reports released"]) == (1, 0)
    assert found["sunset_storage_bytes"] == 1000
    assert {"sunset_queue_messages reports", "sunset_beat_age_seconds", "sunset_leases"} <= set(found)
    assert found["sunset_database_bytes"] % (64 << 20) == 0
    assert found["sunset_process_memory_bytes"] > 1 << 20
    assert not [name for name in found if name.startswith("sunset_unknown")]


@pytest.mark.django_db
def test_an_answer_changes_nothing_of_it(client: Client) -> None:
    wave = open_rehearsal()
    before = samples(client)
    for _ in range(3):
        send(wave)
    client.get("/en/s/rehearsal/")
    after = samples(client)

    changing = {"sunset_process_memory_bytes", "sunset_storage_free_bytes", "sunset_beat_age_seconds"}
    assert {name for name in before if before[name] != after[name]} <= changing
    assert before.keys() == after.keys()


@pytest.mark.django_db
def test_what_cannot_be_looked_up_is_named_and_the_rest_is_told(client: Client, settings: Settings) -> None:
    settings.STORAGE_URL = "file:///nowhere/at/all"

    found = samples(client)

    assert (found["sunset_unknown storage"], "sunset_reports queued" in found) == (1, True)


@pytest.mark.django_db
def test_with_a_token_only_who_sends_it(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = TOKEN

    assert client.get("/metrics").status_code == 404
    assert client.get("/metrics", headers={"Authorization": "Bearer other"}).status_code == 404
    assert samples(client, authorization=f"Bearer {TOKEN}")


@pytest.mark.django_db
@pytest.mark.parametrize(("production", "sender"), [(True, "127.0.0.1"), (False, "192.0.2.7")])
def test_without_a_token_nobody_but_this_machine_in_a_rehearsal(
    production: bool, sender: str, client: Client, settings: Settings
) -> None:
    settings.PRODUCTION = production

    assert client.get("/metrics", REMOTE_ADDR=sender).status_code == 404
