"""Production refuses to start half-configured."""

import os
import subprocess
import sys

import pytest

from config import embedded

GOOD = {
    "PRODUCTION": "true",
    "SECRET_KEY": "0123456789abcdefghij" * 3,
    "ALLOWED_HOSTS": "survey.example.org",
    "DATABASE_URL": "postgresql://app:x@db/sunset",
    "OWNER_DATABASE_URL": "postgresql://owner:x@db/sunset",
    "REDIS_URL": "redis://redis:6379/0",
    "STORAGE_URL": "file:///srv/storage",
}


def check(*arguments: str, **changes: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": os.environ["PATH"], **GOOD, **changes}
    return subprocess.run(
        [sys.executable, "manage.py", *(arguments or ("check", "--tag", "security"))],
        cwd=embedded.ROOT, env={name: value for name, value in environment.items() if value},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_it_starts_when_everything_is_set() -> None:
    assert check().returncode == 0


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"SECRET_KEY": ""}, "SECRET_KEY must be set"),
        ({"DATABASE_URL": ""}, "DATABASE_URL must be set"),
        ({"DEBUG": "true"}, "config.E001"),
        ({"REDIS_URL": embedded.redis_url(embedded.socket_folder())}, "config.E002"),
        ({"SECRET_KEY": "embedded-servers-on-one-machine-only"}, "config.E003"),
        ({"SECRET_KEY": "short"}, "config.E004"),
        ({"ALLOWED_HOSTS": "*"}, "config.E005"),
        ({"OWNER_DATABASE_URL": GOOD["DATABASE_URL"]}, "config.E006"),
    ],
)
def test_it_refuses(changes: dict[str, str], message: str) -> None:
    refused = check(**changes)

    assert refused.returncode != 0
    assert message in refused.stderr


def test_nothing_is_left_to_do_before_it_is_deployed() -> None:
    done = check("check", "--deploy", "--fail-level", "WARNING")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_mail_server_that_is_named_is_one() -> None:
    done = check("check", "--deploy", EMAIL_URL="file:///srv/mails")
    assert "mail.E001" in done.stderr
