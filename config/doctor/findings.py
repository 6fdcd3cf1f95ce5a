"""What the doctor says: one line a finding, what is wrong and what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    WRONG = "wrong"
    """A promise is not kept, or the service does not work."""
    WARNING = "warning"
    UNSEEN = "unseen"
    """Could not be examined here."""


@dataclass(frozen=True, slots=True)
class Finding:
    level: Level
    what: str
    do: str
    """What helps, as a sentence."""


type Check = Callable[[], Iterator[Finding]]


def wrong(what: str, do: str) -> Finding:
    return Finding(Level.WRONG, what, do)


def warning(what: str, do: str) -> Finding:
    return Finding(Level.WARNING, what, do)


def unseen(what: str, do: str) -> Finding:
    return Finding(Level.UNSEEN, what, do)
