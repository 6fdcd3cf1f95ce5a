"""EMAIL_URL says how mails leave; what it does not say plainly is refused."""

import pytest

from config.env import EnvError
from config.mail import mailer, reaches_people


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://ada:a%40b@mail.example.org", ("mail.example.org", 587, "ada", "a@b", False, True)),
        ("smtps://ada:x@mail.example.org", ("mail.example.org", 465, "ada", "x", True, False)),
        ("smtp://localhost:2525", ("localhost", 2525, "", "", False, False)),
    ],
)
def test_a_server_is_reached_encrypted_unless_it_asks_for_no_user(url: str, expected: tuple[object, ...]) -> None:
    options = mailer(url)["OPTIONS"]
    names = ("host", "port", "username", "password", "use_ssl", "use_tls")
    assert tuple(options[name] for name in names) == expected
    assert reaches_people(url)


def test_mails_may_end_in_a_folder_the_log_or_nowhere() -> None:
    assert mailer("file:///var/mails")["OPTIONS"] == {"file_path": "/var/mails"}
    assert [reaches_people(url) for url in ("file:///var/mails", "console:", "")] == [True, False, False]
    assert {mailer(url)["BACKEND"].split(".")[-2] for url in ("console:", "")} == {"console", "dummy"}


@pytest.mark.parametrize("url", ["mail.example.org", "http://mail.example.org", "smtp:", "smtps://"])
def test_anything_else_is_refused(url: str) -> None:
    with pytest.raises(EnvError, match="EMAIL_URL must begin"):
        mailer(url)
