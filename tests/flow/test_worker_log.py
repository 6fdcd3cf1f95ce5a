"""A fault in a worker says what broke and where, never what a respondent wrote."""

from datetime import timedelta
from pathlib import Path

import psycopg
from django.utils import timezone

from survey import actions
from survey.enums import Mode, WaveState
from survey.models import Inbox, Wave
from survey.queries import details_of
from tests import services
from tests.cast import SHELL, send
from tests.readers import readers
from tests.stack import running, wait_for

WORDS = "the words that nobody else may read"


def test_a_sealing_that_fails_leaves_no_answer_in_the_log(own_database: str, tmp_path: Path) -> None:
    """PostgreSQL quotes the whole row in the error of a constraint; here one refuses every testimony."""
    survey = actions.create_survey(SHELL, "live", "mris", Mode.LIVE, dict.fromkeys(details_of("mris"), "said"))
    readers()
    wave = actions.create_wave(SHELL, survey, ["en"], timezone.now().date())
    actions.open_wave(SHELL, wave)
    send(wave, tst=WORDS, tst_use="3", tst_tag="1")
    actions.close_wave(SHELL, wave)
    Wave.objects.update(late_until=timezone.now() - timedelta(seconds=1))
    with psycopg.connect(services.superuser_url(own_database), autocommit=True) as session:
        session.execute("ALTER TABLE survey_testimony ADD CONSTRAINT planted CHECK (false)")

    with running(own_database, tmp_path, "worker", "beat") as stack:
        wait_for(lambda: "IntegrityError" in stack.log("worker"), "the fault in the log", 90)
        log = stack.log("worker")

    assert "survey.tasks.sweep" in log
    assert WORDS not in log
    assert (Wave.objects.get().state, Inbox.objects.count()) == (WaveState.CLOSED, 1)
