"""The self-test on a running stack: it finds nothing, and it finds what is there to be found."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis
from django.core.management import CommandError, call_command

from config.selftest import visitor
from survey import receipts
from survey.enums import WaveState
from survey.models import Wave
from tests import services
from tests.cast import open_rehearsal, send
from tests.stack import Stack, running


@pytest.fixture
def stack(own_database: str, tmp_path: Path) -> Iterator[Stack]:
    with running(own_database, tmp_path, "web", "worker", "beat") as stack:
        yield stack


def selftest(stack: Stack) -> tuple[int, str]:
    done = stack.manage("anonymity_selftest", "--url", stack.url, "--folder", str(stack.logs))
    return done.returncode, done.stdout + done.stderr


def test_no_trace_is_found(stack: Stack) -> None:
    code, said = selftest(stack)

    assert code == 0, said
    assert "No trace of a respondent was found." in said
    assert "1 × 409" in said
    assert "xmin, cmin, ctid order" in said


def test_a_marker_in_a_log_a_cache_or_a_table_is_found(stack: Stack) -> None:
    (stack.logs / "access.log").write_text(f'{visitor.ADDRESS} "GET /en/s/mris/" 200\n')
    redis.Redis.from_url(services.redis_url().replace("redis+socket://", "unix://").partition("?")[0]).set(
        "throttle", visitor.ADDRESS
    )
    with psycopg.connect(services.superuser_url(stack.database), autocommit=True) as session:
        session.execute("INSERT INTO django_session VALUES ('key', %s, now())", [visitor.ADDRESS])
    code, said = selftest(stack)

    assert code == 1
    for place in ("access.log", "b'throttle'", "table django_session"):
        assert any(line.startswith("FOUND") and place in line and visitor.ADDRESS in line for line in said.splitlines())


def test_what_the_database_itself_notes_is_found(stack: Stack) -> None:
    """Planted: a trigger that notes when an answer came, and samples of receipts for the planner."""
    send(open_rehearsal(), receipts.make(), mdl="1")
    with psycopg.connect(services.superuser_url(stack.database), autocommit=True) as session:
        session.execute("CREATE TABLE arrivals (at timestamptz)")
        session.execute("GRANT INSERT, SELECT ON arrivals TO sunset_app")
        session.execute(
            "CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN INSERT INTO arrivals VALUES (now()); RETURN NEW; END $$"
        )
        session.execute("CREATE TRIGGER note AFTER INSERT ON survey_inbox FOR EACH ROW EXECUTE FUNCTION note()")
        session.execute("ALTER TABLE survey_inbox ALTER COLUMN receipt SET STATISTICS 100")
        session.execute("ANALYZE survey_inbox")
    code, said = selftest(stack)

    assert code == 1
    assert "FOUND in table arrivals: changed during the visit" in said
    assert "FOUND in table arrivals: time 20" in said
    assert "FOUND in pg_stats of survey_inbox: samples of receipts" in said


def test_nobody_who_answers_is_said_plainly_and_leaves_no_open_wave(own_database: str) -> None:
    with pytest.raises(CommandError, match="does not answer"):
        call_command("anonymity_selftest", url="http://127.0.0.1:1")

    assert [wave.state for wave in Wave.objects.all()] == [WaveState.CLOSED]
