"""What a report says about itself beside its numbers."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Event:
    """When something happened to a model: ISO days, by month where the day is not known; empty if neither is."""

    code: int
    announced: str
    first_day: str
    last_day: str


@dataclass(frozen=True, slots=True)
class Meta:
    """`report` names this report for good; `made_on` is printed in the citation. No time is finer than a day."""

    report: str
    survey: str
    rehearsal: bool
    instrument_digest: str
    made_on: date
    publisher: str = ""
    contact: str = ""
    funder: str = ""
    ethics: str = ""
    """Approval by an ethics committee."""
    sealed: tuple[tuple[str, date], ...] = ()
    """Name of each wave, and the day from which its answers are final."""
    licence: str = "CC-BY-4.0"
    events: tuple[Event, ...] = ()
    """The catalogue of events of the instrument, for a timeline."""
