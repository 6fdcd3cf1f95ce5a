"""What the smoke run of a deployment does in the shell of its containers: its tokens may do what it asks of them."""

import pytest
from django.test import Client

from deploy import smoke
from survey.enums import WaveState
from survey.models import Wave
from tests.integration.reports.cast import in_review


@pytest.fixture
def tokens(db: None, capsys: pytest.CaptureFixture[str]) -> list[str]:
    exec(smoke.SETUP.format(name="smoke-1", password="a-long-enough-password"), {})  # As `manage.py shell` runs it.
    (said,) = capsys.readouterr().out.splitlines()
    word, *found = said.split()
    assert word == "TOKENS"
    return found


def test_it_sets_up_an_open_rehearsal_and_three_people(tokens: list[str]) -> None:
    assert len(set(tokens)) == 3
    assert Wave.objects.get(survey__slug="smoke-1").state == WaveState.OPEN


def test_its_reviewers_may_decide_with_their_tokens(tokens: list[str]) -> None:
    report = in_review()
    decision = {"verdict": "approve", "reason": "smoke", "manifest_sha256": report.manifest_sha256}
    answers = [
        Client().post(
            f"/api/v1/reports/{report.pk}/decisions/",
            decision,
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )
        for token in tokens
    ]
    assert [answer.status_code for answer in answers] == [403, 201, 201]


def test_its_second_token_is_of_who_asks(tokens: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    exec(smoke.TOKEN.format(name="smoke-1"), {})
    _, token = capsys.readouterr().out.split()
    assert Client().get("/api/v1/releases/", headers={"Authorization": f"Bearer {token}"}).status_code == 200
