"""PostgreSQL stops, or everybody sends at once: all that people see is a page that asks to send once more."""

import html
import http.client
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from survey import receipts, stamp
from survey.models import Inbox
from tests.cast import CONSENT, open_rehearsal
from tests.conftest import close_connections
from tests.flow.faults import Cluster, hold, post
from tests.stack import Stack, running, wait_for

FORM = "/en/s/rehearsal/"
EASY, HARD = "4", "8"
CROWD = 24
"""People who send at the same time."""


@pytest.fixture
def cluster(cluster: Cluster) -> Cluster:
    open_rehearsal()
    return cluster


@pytest.fixture
def stack(cluster: Cluster, tmp_path: Path) -> Iterator[Stack]:
    few = {"STAMP_BITS": EASY, "STAMP_BITS_BUSY": HARD, "SENDS_BUSY": "1", "SENDS_OVERLOADED": "3"}
    with running(cluster.database, tmp_path, "web", **cluster.addresses(), **few) as stack:
        yield stack


def get(stack: Stack, path: str) -> tuple[int, bytes, str]:
    line = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=30)
    try:
        line.request("GET", path)
        answer = line.getresponse()
        return answer.status, answer.read(), answer.getheader("Retry-After", "")
    finally:
        line.close()


def button_of(page: bytes) -> dict[str, list[str]]:
    """What the one button of the page sends."""
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.decode()):
        fields.setdefault(name, []).append(html.unescape(value))
    return fields


def test_a_stopped_database_loses_no_answer_and_hides_no_form(stack: Stack, cluster: Cluster) -> None:
    sent = {**CONSENT, "wave": ["1"], "mdl": ["1"], "tst": ["Some words"], "receipt": [receipts.make()]}
    # The kernel chooses a process for each: after so many, every process has written both pages.
    blank = {path: get(stack, path) for path in (FORM, "/en/stop/") for _ in range(40)}
    close_connections()
    cluster.stop(signal.SIGINT)

    assert {path: get(stack, path) for path in blank} == blank
    for path in ("/en/", "/s/nowhere/", "/en/s/nowhere/"):
        status, page, wait = get(stack, path)
        assert (status, wait.isdigit()) == (503, True)
        assert b'data-page="busy"' in page
    status, erasing = post(stack, "/en/receipt/", {"receipt": sent["receipt"], "action": "confirm-erase"})
    assert (status, button_of(erasing)["action"]) == (503, ["confirm-erase"])
    status, page = post(stack, FORM, sent)
    assert (status, button_of(page)) == (503, sent)

    cluster.start()
    assert post(stack, FORM, button_of(page))[0] == 200
    assert bytes(Inbox.objects.values_list("receipt", flat=True).get()) == receipts.digest(
        "rehearsal", *sent["receipt"]
    )


def test_who_waits_too_long_for_a_lock_is_asked_to_send_again(stack: Stack, cluster: Cluster) -> None:
    sent = {**CONSENT, "wave": ["1"], "receipt": [receipts.make()]}
    with hold(cluster.superuser_url, "survey_inbox", "ACCESS EXCLUSIVE"):
        status, page = post(stack, FORM, sent)
    assert (status, button_of(page)) == (503, sent)
    assert post(stack, FORM, button_of(page))[0] == 200


def test_in_a_crowd_everybody_is_taken_in_the_end_and_once(stack: Stack, cluster: Cluster) -> None:
    codes = [receipts.make() for _ in range(CROWD)]
    seen: set[int] = set()

    def send_until_thanked(code: str) -> None:
        fields = {**CONSENT, "wave": ["1"], "mdl": ["1"], "receipt": [code], "stamp": [weak_stamp(code)]}
        status = 0
        while status != 200:
            status, page = post(stack, FORM, fields)
            seen.add(status)
            if status == 429:
                fields["stamp"] = [stamp.find(1, code, int(HARD))]
            elif status == 503:
                assert button_of(page) == fields

    with ThreadPoolExecutor(CROWD) as people, hold(cluster.superuser_url, "survey_wave", "ACCESS EXCLUSIVE") as held:
        sending = [people.submit(send_until_thanked, code) for code in codes]
        held.wait_for_somebody(stack)
        wait_for(lambda: {429, 503} <= seen, "people to be turned away")
        held.session.rollback()
        for one in sending:
            one.result()

    assert seen == {200, 429, 503}
    assert {bytes(receipt) for receipt in Inbox.objects.values_list("receipt", flat=True)} == {
        receipts.digest("rehearsal", code) for code in codes
    }
    assert not Inbox.objects.filter(document__answers__unproven=1).exists()


def weak_stamp(code: str) -> str:
    symbols = receipts.normalise(code)
    return next(str(n) for n in range(10_000) if int(EASY) <= stamp.zero_bits(1, symbols, str(n)) < int(HARD))
