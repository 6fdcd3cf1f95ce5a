"""What the doctor thinks of things that need no server: proxy files, Redis settings, disks, clocks, help lines."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from config.doctor import services
from config.doctor.findings import Finding, Level
from config.doctor.postgres import WANTED
from config.embedded import ROOT
from dev.servers import NO_TRACE
from survey.instrument.helplines import overdue
from survey.instrument.load import HelpLine

SHIPPED = (ROOT / "deploy" / "Caddyfile").read_text()
TODAY = date(2027, 6, 30)


def levels(findings: Iterator[Finding]) -> list[Level]:
    return [finding.level for finding in findings]


def test_the_shipped_proxy_file_is_found_in_order() -> None:
    assert levels(services.caddyfile(SHIPPED)) == []


@pytest.mark.parametrize(
    ("line", "instead", "level"),
    [
        ("exclude http.log.access http.log.error", "exclude http.log.error", Level.WRONG),
        ("	encode zstd gzip", "	log {\n	output stdout\n	}", Level.WRONG),
        ("header_up -X-Forwarded-For", "header_up X-Forwarded-For {remote_host}", Level.WARNING),
        ("header_up -User-Agent", "", Level.WARNING),
        ("header_up -Referer", "# header_up -Referer", Level.WARNING),
    ],
)
def test_a_proxy_file_that_keeps_requests_is_noticed(line: str, instead: str, level: Level) -> None:
    assert line in SHIPPED
    assert level in levels(services.caddyfile(SHIPPED.replace(line, instead)))


@pytest.mark.parametrize(
    ("known", "found"),
    [
        ({"appendonly": "yes", "save": "", "maxmemory-policy": "noeviction"}, []),
        ({"appendonly": "no", "save": "3600 1", "maxmemory-policy": "noeviction"}, []),
        ({"appendonly": "no", "save": ""}, [Level.WARNING]),
        ({"appendonly": "yes", "aof-timestamp-enabled": "yes"}, [Level.WARNING]),
        ({"appendonly": "yes", "maxmemory-policy": "allkeys-lru"}, [Level.WARNING]),
    ],
)
def test_redis_is_judged_by_its_settings(known: dict[str, str], found: list[Level]) -> None:
    assert levels(services.redis_settings(known)) == found


@pytest.mark.parametrize(
    ("judge", "value", "found"),
    [
        (services.room, 5 << 30, []),
        (services.room, 500 << 20, [Level.WARNING]),
        (services.room, 20 << 20, [Level.WRONG]),
        (services.skew, -1.5, []),
        (services.skew, 4.0, [Level.WARNING]),
        (services.skew, -3600.0, [Level.WRONG]),
    ],
)
def test_disks_and_clocks_are_judged_by_their_distance(
    judge: Callable[[str, float], Iterator[Finding]], value: float, found: list[Level]
) -> None:
    assert levels(judge("it", value)) == found


@pytest.mark.parametrize(
    ("checked_on", "is_overdue"),
    [(None, True), (date(2027, 6, 30), False), (date(2027, 1, 1), False), (date(2026, 12, 31), True)],
)
def test_a_help_line_is_good_for_180_days(checked_on: date | None, is_overdue: bool) -> None:
    line = HelpLine("A line", "somebody listens", "1", "", "", (), checked_on)

    assert overdue([line], TODAY) == ((line,) if is_overdue else ())


def in_compose() -> dict[str, str]:
    command = (ROOT / "compose.yaml").read_text().partition("postgres -c ")[2].partition("environment:")[0]
    return dict(re.findall(r"(?:^|-c )(\w+)=(\S*)", command))


@pytest.mark.parametrize("shipped", [dict(NO_TRACE), in_compose()], ids=["embedded", "compose"])
def test_the_settings_that_are_shipped_are_those_that_the_doctor_wants(shipped: dict[str, str]) -> None:
    assert shipped.pop("log_line_prefix") == ""
    assert len(shipped) > 10
    assert {name: value for name, value in shipped.items() if value not in WANTED[name].values} == {}


def test_both_ways_to_run_postgresql_have_the_same_settings() -> None:
    assert in_compose() == dict(NO_TRACE)


def test_what_is_checked_is_said_where_operators_read() -> None:
    manual = Path(ROOT / "docs" / "operators.md").read_text()

    assert "manage.py doctor" in manual
