"""Settings are read strictly, secrets also from files, and .env.example names exactly what the settings read."""

import re
from pathlib import Path

import pytest

from config import embedded
from config.env import Env, EnvError


def test_it_reads_what_is_set() -> None:
    env = Env({"A": "x", "B": "true", "C": "12", "D": "one, two"})

    assert (env.text("A"), env.flag("B", False), env.number("C", 0), env.words("D")) == ("x", True, 12, ["one", "two"])


@pytest.mark.parametrize("value", ["yes", "1", "True", "on"])
def test_a_flag_is_true_or_false_and_nothing_else(value: str) -> None:
    with pytest.raises(EnvError, match="DEBUG must be true or false"):
        Env({"DEBUG": value}).flag("DEBUG", False)


@pytest.mark.parametrize("value", ["-1", "1.5", "ten", "١٢"])
def test_a_number_is_whole_and_plain(value: str) -> None:
    with pytest.raises(EnvError, match="LEASE must be a whole number"):
        Env({"LEASE": value}).number("LEASE", 1)


def test_what_is_needed_and_missing_is_named() -> None:
    with pytest.raises(EnvError, match="SECRET_KEY must be set"):
        Env({}).secret("SECRET_KEY")


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")

    assert Env({"KEY": "not this", "KEY_FILE": str(tmp_path / "key")}).secret("KEY") == "from a file"
    with pytest.raises(EnvError, match="KEY_FILE cannot be read"):
        Env({"KEY_FILE": str(tmp_path / "missing")}).secret("KEY")


def test_the_example_names_every_variable_that_the_settings_read() -> None:
    settings = (embedded.ROOT / "config" / "settings.py").read_text()
    example = (embedded.ROOT / ".env.example").read_text()

    read = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings))
    assert len(read) > 8
    assert read == set(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))
