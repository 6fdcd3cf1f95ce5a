"""How admins read what is stored."""

from collections.abc import Iterable, Mapping

from survey.enums import Step, WaveState
from survey.pages.languages import language

STATES: Mapping[str, str] = {
    WaveState.PLANNED: "Planned",
    WaveState.OPEN: "Open",
    WaveState.CLOSED: "Closed, not sealed",
    WaveState.SEALED: "Sealed",
}
STEPS: Mapping[str, str] = {Step.OPEN: "Open this wave", Step.SEAL: "Seal this wave"}


def names_of(tags: Iterable[str]) -> list[str]:
    return [language(tag).name for tag in tags]
