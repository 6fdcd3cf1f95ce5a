"""Who acts. Every write of staff and services names one; what respondents do has RESPONDENT and leaves no row."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.enums import ActorKind

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True, slots=True)
class Actor:
    kind: ActorKind
    name: str = ""
    """A user's id, a service's or command's name."""

    @classmethod
    def of(cls, user: "User") -> "Actor":
        return cls(ActorKind.USER, str(user.pk))


RESPONDENT = Actor(ActorKind.RESPONDENT)
WORKER = Actor(ActorKind.SERVICE, "worker")


def command(name: str) -> Actor:
    """The person at the shell of the server, known only by the command."""
    return Actor(ActorKind.COMMAND, name)
