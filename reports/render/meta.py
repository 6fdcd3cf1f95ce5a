"""What a report says about itself beside its numbers."""

from dataclasses import dataclass
from datetime import date


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
    licence: str = "CC-BY-4.0"
