"""Start-up checks: unsafe production settings are refused, missing embedded servers are named plainly."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


def refuse_unsafe_production(app_configs: Any = None, **kwargs: Any) -> list[CheckMessage]:
    if not settings.PRODUCTION:
        return []
    rules = (
        (settings.DEBUG, "E001", "DEBUG must be off in production."),
        (settings.EMBEDDED, "E002", "Production needs its own PostgreSQL and Redis, not the embedded servers."),
        (settings.USES_DEFAULT_SECRET, "E003", "SECRET_KEY is the default of the embedded servers."),
        (len(settings.SECRET_KEY) < 32, "E004", "SECRET_KEY is shorter than 32 characters."),
        (not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS, "E005", "ALLOWED_HOSTS must name the hosts."),
        (
            settings.DATABASE_URL == settings.OWNER_DATABASE_URL,
            "E006",
            "DATABASE_URL must use a role that owns no table; OWNER_DATABASE_URL the role that owns them.",
        ),
    )
    return [Error(message, id=f"config.{code}") for broken, code, message in rules if broken]


def register_all() -> None:
    register(Tags.security)(refuse_unsafe_production)
