"""What protecting one report is about: its counts, its plan, and what is public already."""

from collections.abc import Sequence
from dataclasses import dataclass

from reports.disclosure.implied import Shown
from reports.disclosure.model import ProtectedCube
from reports.disclosure.reasons import Tier
from reports.disclosure.told import told_by
from reports.plan import Plan
from reports.tabulate import Cube
from survey.instrument.codebook import Codebook


@dataclass(frozen=True, slots=True)
class Work:
    cube: Cube
    plan: Plan
    codebook: Codebook
    earlier: Sequence[ProtectedCube]
    tier: Tier

    @property
    def shown(self) -> list[Shown]:
        """What is public of the same waves."""
        same = (release for release in self.earlier if set(release.waves) == set(self.cube.waves))
        return [shown for release in same for shown in told_by(release, self.codebook)]
