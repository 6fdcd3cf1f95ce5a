"""From EMAIL_URL to Django's MAILERS: how mails leave, if they do."""

from typing import Any
from urllib.parse import unquote, urlsplit

from config.env import EnvError

_BACKENDS = "django.core.mail.backends"
_TIMEOUT = 20
"""Seconds that a worker waits for the mail server."""


def reaches_people(url: str) -> bool:
    """Whether a mail can arrive somewhere; if not, an admin hands an invitation over."""
    return urlsplit(url).scheme in ("smtp", "smtps", "file")


def mailer(url: str) -> dict[str, Any]:
    """The entry of MAILERS for `url`; for an empty one, mails end nowhere. Raises EnvError."""
    parts = urlsplit(url)
    match parts.scheme:
        case "" if not url:
            return {"BACKEND": f"{_BACKENDS}.dummy.EmailBackend"}
        case "console":
            return {"BACKEND": f"{_BACKENDS}.console.EmailBackend"}
        case "file":
            return {"BACKEND": f"{_BACKENDS}.filebased.EmailBackend", "OPTIONS": {"file_path": unquote(parts.path)}}
        case "smtp" | "smtps" if parts.hostname:
            return {"BACKEND": f"{_BACKENDS}.smtp.EmailBackend", "OPTIONS": _smtp(url)}
        case _:
            raise EnvError("EMAIL_URL must begin with smtp://, smtps://, file:/// or be console:.")


def _smtp(url: str) -> dict[str, Any]:
    """Without a user, as for a relay on the same machine, nothing is encrypted."""
    parts = urlsplit(url)
    wrapped, user = parts.scheme == "smtps", unquote(parts.username or "")
    return {
        "host": parts.hostname,
        "port": parts.port or (465 if wrapped else 587 if user else 25),
        "username": user,
        "password": unquote(parts.password or ""),
        "use_ssl": wrapped,
        "use_tls": bool(user) and not wrapped,
        "timeout": _TIMEOUT,
    }
