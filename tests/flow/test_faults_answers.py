"""Faults that must lose nothing of an answer: what was acknowledged is stored once, what was not may be sent again."""

import re
import signal
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from survey import receipts
from survey.models import Inbox, Response, Testimony, Tombstone
from tests import services
from tests.cast import CONSENT, open_rehearsal
from tests.flow.faults import hold, post
from tests.stack import Stack, running, wait_for

FORM = "/en/s/rehearsal/"
ANSWERS = {**CONSENT, "wave": "1", "mdl": "1", "elig": "1", "role": ["1", "7"], "tst": "My words", "tst_use": "1"}
WAIT_AT_COMMIT = """
    CREATE FUNCTION wait_for_test() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN LOCK TABLE django_session IN ACCESS SHARE MODE; RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER wait_for_test AFTER INSERT ON survey_inbox DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION wait_for_test();
"""


@pytest.fixture
def stack(own_database: str, tmp_path: Path) -> Iterator[Stack]:
    open_rehearsal()
    with running(own_database, tmp_path, "web") as stack:
        yield stack
        stack.kill("web")


def form(code: str, **changed: str) -> dict[str, str | list[str]]:
    return {**ANSWERS, "receipt": code, **changed}


def title(page: bytes) -> str:
    found = re.search(rb"<h1[^>]*>(.*?)</h1>", page, re.S)
    assert found, page
    return found[1].decode()


def restart_web(stack: Stack) -> None:
    stack.start("web")
    stack.wait_until_ready("/healthz")


def test_a_post_sent_ten_times_five_at_once_is_one_answer_and_one_page(stack: Stack) -> None:
    code = receipts.make()

    with ThreadPoolExecutor(5) as senders:
        answers = list(senders.map(lambda _: post(stack, FORM, form(code)), range(10)))

    ((status, page),) = set(answers)
    assert (status, code in page.decode()) == (200, True)
    assert Inbox.objects.count() == 1


def test_other_answers_under_the_same_code_are_refused_and_leave_the_first(stack: Stack) -> None:
    code = receipts.make()
    first = post(stack, FORM, form(code))
    stored = Inbox.objects.values().get()

    status, page = post(stack, FORM, form(code, mdl="2"))

    assert (status, "other answers" in title(page)) == (409, True)
    assert Inbox.objects.values().get() == stored
    assert post(stack, FORM, form(code)) == first


def test_a_late_repeat_of_an_erased_answer_stores_nothing(stack: Stack) -> None:
    code = receipts.make()
    post(stack, FORM, form(code))
    assert post(stack, "/en/receipt/", {"receipt": code, "action": "confirm-erase"})[0] == 200

    with ThreadPoolExecutor(5) as senders:
        answers = list(senders.map(lambda _: post(stack, FORM, form(code)), range(5)))

    ((status, page),) = set(answers)
    assert (status, "erased" in title(page)) == (410, True)
    assert [table.objects.count() for table in (Inbox, Response, Testimony, Tombstone)] == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("table", "mode", "stored"),
    [
        pytest.param("survey_inbox", "SHARE", 0, id="before the row is stored"),
        pytest.param("django_session", "ACCESS EXCLUSIVE", 1, id="before the answer to the commit"),
    ],
)
def test_after_a_killed_web_server_the_repeat_gives_the_receipt(
    stack: Stack, table: str, mode: str, stored: int
) -> None:
    code = receipts.make()
    with psycopg.connect(services.superuser_url(stack.database)) as session:
        session.execute(WAIT_AT_COMMIT)
    with ThreadPoolExecutor(1) as client, hold(services.superuser_url(stack.database), table, mode) as held:
        sent = client.submit(post, stack, FORM, form(code))
        held.wait_for_somebody(stack)
        stack.kill("web")
        with pytest.raises(ConnectionError):
            sent.result()
    wait_for(lambda: not transactions_under_way(stack), "the transaction to end without its client")
    assert Inbox.objects.count() == stored

    restart_web(stack)

    repeats = {post(stack, FORM, form(code)) for _ in range(2)}
    ((status, page),) = repeats
    assert (status, code in page.decode()) == (200, True)
    assert Inbox.objects.count() == 1


def test_a_form_that_was_open_during_a_deployment_can_still_be_sent_corrected_and_erased(stack: Stack) -> None:
    """The new version has another key, other stamps, and none of the old one's memory."""
    old = fields_of(get(stack, FORM))
    assert {"wave"} <= old.keys()
    code = receipts.make()
    stack.signal("web", signal.SIGTERM)
    stack.processes.pop("web").wait(60)
    stack.extra |= {"SECRET_KEY": "another key, as long as a key must be", "STAMP_BITS": "10"}
    restart_web(stack)

    status, page = post(stack, FORM, {**ANSWERS, **old, "receipt": code})

    assert (status, code in page.decode()) == (200, True)
    assert Inbox.objects.count() == 1
    assert post(stack, "/en/receipt/", {"receipt": code, "action": "confirm-erase"})[0] == 200
    assert Inbox.objects.count() == 0


def get(stack: Stack, path: str) -> str:
    with urllib.request.urlopen(stack.url + path, timeout=60) as answer:
        return str(answer.read().decode())


def fields_of(page: str) -> dict[str, str]:
    """What the form sends without being asked."""
    hidden = re.findall(r"<input[^>]*type=\"?hidden[^>]*>", page)
    named = {name: one for one in hidden if (name := attribute(one, "name"))}
    return {name: attribute(one, "value") for name, one in named.items() if name != "receipt"}


def attribute(tag: str, name: str) -> str:
    found = re.search(rf'{name}="?([^" >]*)', tag)
    return found[1] if found else ""


def transactions_under_way(stack: Stack) -> bool:
    """Of the application: each holds a lock on the inbox until it ends."""
    with psycopg.connect(services.superuser_url(stack.database)) as session:
        found = session.execute("SELECT FROM pg_locks WHERE relation = 'survey_inbox'::regclass")
        return found.fetchone() is not None
