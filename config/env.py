"""Typed readers for environment variables. A secret may be given as NAME or, in a file, as NAME_FILE."""

import os
from collections.abc import Mapping
from pathlib import Path


class EnvError(Exception):
    """A variable is missing or cannot be read as what it should be; the message names it."""


class Env:
    def __init__(self, values: Mapping[str, str] = os.environ) -> None:
        self._values = values

    def text(self, name: str, default: str | None = None) -> str:
        value = self._values.get(name, "")
        if value:
            return value
        if default is None:
            raise EnvError(f"{name} must be set.")
        return default

    def flag(self, name: str, default: bool) -> bool:
        value = self._values.get(name, "")
        if value not in ("", "true", "false"):
            raise EnvError(f"{name} must be true or false, not {value!r}.")
        return default if value == "" else value == "true"

    def number(self, name: str, default: int) -> int:
        value = self._values.get(name, "") or str(default)
        if not value.isascii() or not value.isdigit():
            raise EnvError(f"{name} must be a whole number, not {value!r}.")
        return int(value)

    def words(self, name: str, default: tuple[str, ...] = ()) -> list[str]:
        value = self._values.get(name, "")
        return [word.strip() for word in value.split(",") if word.strip()] if value else list(default)

    def secret(self, name: str, default: str | None = None) -> str:
        path = self._values.get(f"{name}_FILE", "")
        if not path:
            return self.text(name, default)
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise EnvError(f"{name}_FILE cannot be read: {error.strerror}.") from error
