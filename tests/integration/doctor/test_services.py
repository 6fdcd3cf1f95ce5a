"""The doctor on a real Redis, on storage, and on the way in."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from django.core.cache import cache
from pytest_django import Settings

from config.doctor import examine, services
from config.doctor.findings import Check, Level
from config.selftest.cache import address
from config.tasks import BEAT_SEEN
from tests import services as servers


@pytest.fixture
def client() -> Iterator[redis.Redis]:
    servers.redis_server()
    with redis.Redis.from_url(address(0)) as client:
        yield client


def said(check: Check) -> list[str]:
    return [finding.what for finding in check()]


def test_somebody_who_watches_redis_is_noticed(client: redis.Redis) -> None:
    assert said(services.redis_keeps_to_itself) == []
    with client.monitor():
        assert said(services.redis_keeps_to_itself) == ["Somebody watches every command of Redis (MONITOR)."]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("aof-timestamp-enabled", "yes", "Redis writes the time beside its commands."),
        ("maxmemory-policy", "allkeys-lru", "Redis may throw messages away when it is full."),
    ],
)
def test_settings_of_redis_are_read_live(client: redis.Redis, name: str, value: str, words: str) -> None:
    before = client.config_get(name)[name]
    client.config_set(name, value)
    try:
        assert said(services.redis_keeps_to_itself) == [words]
    finally:
        client.config_set(name, before)


def test_a_queue_that_nobody_empties_is_noticed(client: redis.Redis) -> None:
    client.delete("reports")  # other tests leave nudges there that no worker takes
    client.rpush("reports", *range(101))
    try:
        assert said(services.queues_are_short) == ["101 messages wait in the queue reports."]
    finally:
        client.delete("reports")


def test_the_scheduler_is_missed_until_it_is_seen(client: redis.Redis) -> None:
    cache.delete(BEAT_SEEN)
    assert len(said(services.the_scheduler_is_seen)) == 1
    cache.set(BEAT_SEEN, True, timeout=5)
    assert said(services.the_scheduler_is_seen) == []


def test_storage_that_takes_no_file_is_noticed(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "file").touch()
    settings.STORAGE_URL = (tmp_path / "file").as_uri()

    assert len(said(services.storage_can_be_written)) == 1


@contextmanager
def front_door(**headers: str) -> Iterator[str]:
    class Door(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            for name, value in headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_cookie_from_the_proxy_is_noticed(settings: Settings) -> None:
    with front_door() as settings.PUBLIC_URL:
        assert said(services.the_way_in_sets_no_cookie) == []
    with front_door(Set_Cookie="lb=1") as settings.PUBLIC_URL:
        assert said(services.the_way_in_sets_no_cookie) == [
            "Something in front of the service sets a cookie on the first page."
        ]
    settings.PUBLIC_URL = "http://127.0.0.1:1"
    assert "does not answer from here" in said(services.the_way_in_sets_no_cookie)[0]


def test_a_server_that_is_down_is_a_finding_and_not_an_end(own_database: str, settings: Settings) -> None:
    settings.REDIS_URL = "redis+socket:///nowhere/redis.sock?virtual_host=0"
    found = [(subject, finding.what) for subject, finding in examine() if finding.level is Level.WRONG]

    assert ("broker", "Redis keeps to itself: no answer (ConnectionError).") in found
    assert [subject for subject, what in found if "could not be examined" in what] == []
